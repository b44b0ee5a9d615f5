package io.spillway.dataplane.port;

import io.spillway.dataplane.header.ArpHeader;
import io.spillway.dataplane.header.ArpResponder;
import io.spillway.dataplane.header.GatewayAddresses;
import io.spillway.dataplane.header.Icmpv6Header;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.header.MacAddress;
import io.spillway.dataplane.header.NeighbourDiscovery;
import io.spillway.dataplane.header.RouterAdvertisement;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Owned by the lan agent. What one LAN interface (a port and VLAN) says and hears by ARP and
 * neighbour discovery: learns into the {@link NeighbourTable} and writes the answers, whole
 * Ethernet frames of at most {@link #frameLengthMax} bytes.
 *
 * <p>Only addresses of the interface's own networks are learned, and never our own.
 */
public final class LanNeighbours {
    private final int interfaceIndex;
    private final GatewayAddresses gateway;
    private final RouterAdvertisement advertisement;
    private final NeighbourTable table;

    /**
     * @param interfaceIndex under which the neighbours stand in the table
     * @param advertisement null where we do not advertise ourselves as a router
     */
    public LanNeighbours(
            int interfaceIndex,
            GatewayAddresses gateway,
            RouterAdvertisement advertisement,
            NeighbourTable table) {
        this.interfaceIndex = interfaceIndex;
        this.gateway = gateway;
        this.advertisement = advertisement;
        this.table = table;
    }

    public GatewayAddresses gateway() {
        return gateway;
    }

    /** Room that any frame written here needs, in bytes. */
    public int frameLengthMax() {
        int neighbours = Math.max(ArpResponder.LENGTH_MAX, NeighbourDiscovery.LENGTH_MAX);
        return advertisement == null
                ? neighbours
                : Math.max(neighbours, advertisement.frameLength());
    }

    /**
     * Takes an ARP message, {@code offset} behind the Ethernet header.
     *
     * @return length of the answer written, or 0
     */
    public int onArp(
            DirectBuffer buffer,
            int offset,
            int length,
            long nowNs,
            MutableDirectBuffer out,
            int outOffset) {
        if (!ArpHeader.isValid(buffer, offset, length)) {
            return 0;
        }
        int sender = ArpHeader.senderAddress(buffer, offset);
        if (gateway.isOnLink(sender) && !gateway.isOwn(sender)) {
            learnFromArp(buffer, offset, sender, nowNs);
        }
        return ArpResponder.answer(gateway, buffer, offset, length, out, outOffset);
    }

    private void learnFromArp(DirectBuffer buffer, int offset, int sender, long nowNs) {
        long mac = ArpHeader.senderMac(buffer, offset);
        long low = NeighbourTable.ipv4Low(sender);
        boolean isForUs = gateway.isOwn(ArpHeader.targetAddress(buffer, offset));
        boolean isRequest = ArpHeader.operation(buffer, offset) == ArpHeader.REQUEST;
        if (mac == gateway.mac()) {
            return;
        }
        if (isForUs && isRequest) {
            table.onAsked(interfaceIndex, 0, low, mac, nowNs);
        } else {
            table.onAdvertised(interfaceIndex, 0, low, mac, isForUs, true, nowNs);
        }
    }

    /**
     * Takes an IPv6 packet that may be neighbour discovery, {@code offset} at its IPv6 header.
     *
     * @param frameSource source MAC of the frame it came in
     * @return length of the answer written, or 0
     */
    public int onDiscovery(
            DirectBuffer buffer,
            int offset,
            int length,
            long frameSource,
            long nowNs,
            MutableDirectBuffer out,
            int outOffset) {
        switch (NeighbourDiscovery.validType(buffer, offset, length)) {
            case Icmpv6Header.NEIGHBOUR_SOLICITATION -> {
                long high = NeighbourDiscovery.targetHigh(buffer, offset);
                if (gateway.isOwn(high, NeighbourDiscovery.targetLow(buffer, offset))) {
                    learnFromSolicitation(buffer, offset, nowNs);
                }
                return NeighbourDiscovery.answer(
                        gateway, buffer, offset, length, frameSource, out, outOffset);
            }
            case Icmpv6Header.ROUTER_SOLICITATION -> {
                learnFromSolicitation(buffer, offset, nowNs);
                return advertisement == null
                        ? 0
                        : advertisement.answer(buffer, offset, length, frameSource, out, outOffset);
            }
            case Icmpv6Header.NEIGHBOUR_ADVERTISEMENT -> {
                learnFromAdvertisement(buffer, offset, nowNs);
                return 0;
            }
            default -> {
                return 0;
            }
        }
    }

    private void learnFromSolicitation(DirectBuffer buffer, int offset, long nowNs) {
        long mac = NeighbourDiscovery.sourceMac(buffer, offset);
        long high = Ipv6Header.sourceHigh(buffer, offset);
        long low = Ipv6Header.sourceLow(buffer, offset);
        if (mac != MacAddress.NONE && mac != gateway.mac() && isNeighbour(high, low)) {
            table.onAsked(interfaceIndex, high, low, mac, nowNs);
        }
    }

    private void learnFromAdvertisement(DirectBuffer buffer, int offset, long nowNs) {
        long mac = NeighbourDiscovery.targetMac(buffer, offset);
        long high = NeighbourDiscovery.targetHigh(buffer, offset);
        long low = NeighbourDiscovery.targetLow(buffer, offset);
        if (mac != gateway.mac() && isNeighbour(high, low)) {
            boolean isSolicited = NeighbourDiscovery.isSolicited(buffer, offset);
            boolean isOverride = NeighbourDiscovery.isOverride(buffer, offset);
            table.onAdvertised(interfaceIndex, high, low, mac, isSolicited, isOverride, nowNs);
        }
    }

    private boolean isNeighbour(long high, long low) {
        return gateway.isOnLink(high, low) && !gateway.isOwn(high, low);
    }

    /**
     * Writes the request that {@link NeighbourTable.Listener#onRequestDue} wants.
     *
     * @return length of the frame, or 0 when we have no address to ask from
     */
    public int writeRequest(
            long high, long low, long knownMac, MutableDirectBuffer out, int outOffset) {
        if (NeighbourTable.isIpv4(high, low)) {
            return ArpResponder.request(gateway, (int) low, knownMac, out, outOffset);
        }
        return NeighbourDiscovery.solicit(gateway, high, low, knownMac, out, outOffset);
    }
}
