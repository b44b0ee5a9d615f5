package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Neighbour discovery as a gateway speaks it (RFC 4861 §4.3, §4.4, §7). Messages are checked as a
 * whole once, by {@link #validType}; the accessors rely on it. What is written are whole Ethernet
 * frames, tagged as the network is, for which {@link #LENGTH_MAX} bytes must be free. Pure
 * functions. Router solicitations are answered by {@link RouterAdvertisement}.
 *
 * <pre>
 *  IPv6 header, hop limit 255 (40)
 *  +---------------+---------------+-------------------------------+
 *  |   135 / 136   |       0       |           Checksum            |
 *  +-+-+-+---------+---------------+-------------------------------+
 *  |R|S|O|      reserved (flags in advertisements only)            |
 *  +-+-+-+---------------------------------------------------------+
 *  |                   Target address (16 bytes)                   |
 *  +---------------------------------------------------------------+
 *  |  Options: source (135) or target (136) link-layer address (8) |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class NeighbourDiscovery {
    public static final int LENGTH_MAX =
            EthernetHeader.LENGTH_MAX + Ipv6Header.LENGTH + 24 + NdpOptions.LINK_LAYER_LENGTH;

    /** {@link #validType} when the packet is none we may act on. */
    public static final int NOT_VALID = 0;

    /** Proves that the packet came from this link (RFC 4861 §3.1). */
    static final int HOP_LIMIT = 255;

    private static final int ICMP_OFFSET = Ipv6Header.LENGTH;
    private static final int TARGET_OFFSET = ICMP_OFFSET + 8;
    private static final int OPTIONS_OFFSET = TARGET_OFFSET + 16;
    private static final int SOLICITATION_LENGTH_MIN = 24;
    private static final int ROUTER_SOLICITATION_LENGTH_MIN = 8;

    private static final int ROUTER = 0x8000_0000;
    private static final int SOLICITED = 0x4000_0000;
    private static final int OVERRIDE = 0x2000_0000;

    private static final long ALL_NODES_LOW = 1; // ff02::1
    private static final long SOLICITED_NODE_LOW = 0x0000_0001_FF00_0000L; // RFC 4291 §2.7.1
    private static final long SOLICITED_NODE_MASK = 0xFF_FFFFL;

    private NeighbourDiscovery() {}

    /**
     * Checks an IPv6 packet as RFC 4861 §6.1.1, §7.1.1 and §7.1.2 demand. Extension headers in
     * front are not accepted: no host sends them, and fragments are forbidden (RFC 6980).
     *
     * @param offset where the IPv6 header begins
     * @return ROUTER_SOLICITATION, NEIGHBOUR_SOLICITATION or NEIGHBOUR_ADVERTISEMENT of {@link
     *     Icmpv6Header}, or {@link #NOT_VALID}
     */
    public static int validType(DirectBuffer buffer, int offset, int length) {
        if (!Ipv6Header.isValid(buffer, offset, length)
                || Ipv6Header.nextHeader(buffer, offset) != Icmpv6Header.PROTOCOL
                || Ipv6Header.hopLimit(buffer, offset) != HOP_LIMIT) {
            return NOT_VALID;
        }
        int icmp = offset + ICMP_OFFSET;
        int icmpLength = Ipv6Header.payloadLength(buffer, offset);
        if (icmpLength < Icmpv6Header.LENGTH
                || Icmpv6Header.code(buffer, icmp) != 0
                || isBodyBad(buffer, offset, icmpLength)
                || !TransportChecksum.isValidIpv6(
                        buffer, offset, icmp, icmpLength, Icmpv6Header.PROTOCOL)) {
            return NOT_VALID;
        }
        return Icmpv6Header.type(buffer, icmp);
    }

    private static boolean isBodyBad(DirectBuffer buffer, int offset, int icmpLength) {
        if (Ipv6Header.isMulticast(Ipv6Header.sourceHigh(buffer, offset))) {
            return true;
        }
        return switch (Icmpv6Header.type(buffer, offset + ICMP_OFFSET)) {
            case Icmpv6Header.ROUTER_SOLICITATION -> isRouterSolicitationBad(buffer, offset);
            case Icmpv6Header.NEIGHBOUR_SOLICITATION ->
                    icmpLength < SOLICITATION_LENGTH_MIN || isSolicitationBad(buffer, offset);
            case Icmpv6Header.NEIGHBOUR_ADVERTISEMENT ->
                    icmpLength < SOLICITATION_LENGTH_MIN || isAdvertisementBad(buffer, offset);
            default -> true;
        };
    }

    private static boolean isRouterSolicitationBad(DirectBuffer buffer, int offset) {
        int options = offset + ICMP_OFFSET + ROUTER_SOLICITATION_LENGTH_MIN;
        int length = Ipv6Header.payloadLength(buffer, offset) - ROUTER_SOLICITATION_LENGTH_MIN;
        if (!NdpOptions.areValid(buffer, options, length)) {
            return true;
        }
        return isSourceUnspecified(buffer, offset)
                && NdpOptions.contains(buffer, options, length, NdpOptions.SOURCE_LINK_LAYER);
    }

    private static boolean isSolicitationBad(DirectBuffer buffer, int offset) {
        if (isTargetOrOptionsBad(buffer, offset)) {
            return true;
        }
        if (!isSourceUnspecified(buffer, offset)) {
            return false;
        }
        return !isSolicitedNode(buffer, offset)
                || NdpOptions.contains(
                        buffer,
                        offset + OPTIONS_OFFSET,
                        optionsLength(buffer, offset),
                        NdpOptions.SOURCE_LINK_LAYER);
    }

    private static boolean isAdvertisementBad(DirectBuffer buffer, int offset) {
        boolean toGroup = Ipv6Header.isMulticast(Ipv6Header.destinationHigh(buffer, offset));
        return isTargetOrOptionsBad(buffer, offset) || toGroup && isSolicited(buffer, offset);
    }

    private static boolean isTargetOrOptionsBad(DirectBuffer buffer, int offset) {
        return Ipv6Header.isMulticast(targetHigh(buffer, offset))
                || !NdpOptions.areValid(
                        buffer, offset + OPTIONS_OFFSET, optionsLength(buffer, offset));
    }

    private static boolean isSolicitedNode(DirectBuffer buffer, int offset) {
        long low = Ipv6Header.destinationLow(buffer, offset);
        return Ipv6Header.destinationHigh(buffer, offset) == Ipv6Header.LINK_GROUP_HIGH
                && (low & ~SOLICITED_NODE_MASK) == SOLICITED_NODE_LOW;
    }

    /** True for duplicate address detection: the asker has no address yet. */
    public static boolean isSourceUnspecified(DirectBuffer buffer, int offset) {
        return Ipv6Header.sourceHigh(buffer, offset) == 0
                && Ipv6Header.sourceLow(buffer, offset) == 0;
    }

    /** Of a solicitation or advertisement; {@code offset} is the IPv6 header's, here and below. */
    public static long targetHigh(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + TARGET_OFFSET, BIG_ENDIAN);
    }

    public static long targetLow(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + TARGET_OFFSET + 8, BIG_ENDIAN);
    }

    /** True when the advertisement answers a solicitation of ours. */
    public static boolean isSolicited(DirectBuffer buffer, int offset) {
        return (flags(buffer, offset) & SOLICITED) != 0;
    }

    /** True when the advertisement replaces what was known. */
    public static boolean isOverride(DirectBuffer buffer, int offset) {
        return (flags(buffer, offset) & OVERRIDE) != 0;
    }

    /** Link-layer address of an advertisement's target, or {@link MacAddress#NONE}. */
    public static long targetMac(DirectBuffer buffer, int offset) {
        return NdpOptions.linkLayerAddress(
                buffer,
                offset + OPTIONS_OFFSET,
                optionsLength(buffer, offset),
                NdpOptions.TARGET_LINK_LAYER);
    }

    /** Link-layer address of a solicitation's sender, or {@link MacAddress#NONE}. */
    public static long sourceMac(DirectBuffer buffer, int offset) {
        int type = Icmpv6Header.type(buffer, offset + ICMP_OFFSET);
        int head =
                type == Icmpv6Header.ROUTER_SOLICITATION
                        ? ROUTER_SOLICITATION_LENGTH_MIN
                        : SOLICITATION_LENGTH_MIN;
        return NdpOptions.linkLayerAddress(
                buffer,
                offset + ICMP_OFFSET + head,
                Ipv6Header.payloadLength(buffer, offset) - head,
                NdpOptions.SOURCE_LINK_LAYER);
    }

    /**
     * Answers a neighbour solicitation for one of our addresses (RFC 4861 §7.2.4); duplicate
     * address detection is answered to all nodes.
     *
     * @param frameSource source of the frame it came in, used where the message names no MAC
     * @return length of the frame written, or 0 when there is nothing to answer
     */
    public static int answer(
            GatewayAddresses gateway,
            DirectBuffer buffer,
            int offset,
            int length,
            long frameSource,
            MutableDirectBuffer out,
            int outOffset) {
        if (validType(buffer, offset, length) != Icmpv6Header.NEIGHBOUR_SOLICITATION) {
            return 0;
        }
        long high = targetHigh(buffer, offset);
        long low = targetLow(buffer, offset);
        if (!gateway.isOwn(high, low)) {
            return 0;
        }
        if (isSourceUnspecified(buffer, offset)) {
            return writeAdvertisement(gateway, high, low, OVERRIDE, out, outOffset);
        }
        long mac = sourceMac(buffer, offset);
        mac = mac == MacAddress.NONE ? frameSource : mac;
        long askerHigh = Ipv6Header.sourceHigh(buffer, offset);
        long askerLow = Ipv6Header.sourceLow(buffer, offset);
        if (!MacAddress.isStation(mac) || gateway.isOwn(askerHigh, askerLow)) {
            return 0;
        }
        int frame = writeAdvertisement(gateway, high, low, SOLICITED | OVERRIDE, out, outOffset);
        return addressTo(gateway, mac, askerHigh, askerLow, frame, out, outOffset);
    }

    /**
     * Unsolicited advertisement of one of our addresses to all nodes (RFC 4861 §7.2.6).
     *
     * @return length of the frame written
     */
    public static int advertise(
            GatewayAddresses gateway, long high, long low, MutableDirectBuffer out, int outOffset) {
        return writeAdvertisement(gateway, high, low, OVERRIDE, out, outOffset);
    }

    /**
     * Asks for a neighbour (RFC 4861 §7.2.2), from our link-local address.
     *
     * @param knownMac whom to ask when only making sure, or {@link MacAddress#NONE} to ask the
     *     target's solicited-node group
     * @return length of the frame written
     */
    public static int solicit(
            GatewayAddresses gateway,
            long high,
            long low,
            long knownMac,
            MutableDirectBuffer out,
            int outOffset) {
        int header = EthernetHeader.length(gateway.vlanId());
        int type = Icmpv6Header.NEIGHBOUR_SOLICITATION;
        writeMessage(type, 0, high, low, out, outOffset + header);
        NdpOptions.writeLinkLayer(
                out,
                outOffset + header + OPTIONS_OFFSET,
                NdpOptions.SOURCE_LINK_LAYER,
                gateway.mac());
        int ip = outOffset + header;
        Ipv6Header.writeSource(out, ip, gateway.linkLocalHigh(), gateway.linkLocalLow());
        int frame = header + OPTIONS_OFFSET + NdpOptions.LINK_LAYER_LENGTH;
        if (knownMac != MacAddress.NONE) {
            return addressTo(gateway, knownMac, high, low, frame, out, outOffset);
        }
        long group = SOLICITED_NODE_LOW | low & SOLICITED_NODE_MASK;
        return addressToGroup(gateway, group, frame, out, outOffset);
    }

    private static int writeAdvertisement(
            GatewayAddresses gateway,
            long high,
            long low,
            int flags,
            MutableDirectBuffer out,
            int outOffset) {
        int ip = outOffset + EthernetHeader.length(gateway.vlanId());
        int type = Icmpv6Header.NEIGHBOUR_ADVERTISEMENT;
        writeMessage(type, ROUTER | flags, high, low, out, ip);
        NdpOptions.writeLinkLayer(
                out, ip + OPTIONS_OFFSET, NdpOptions.TARGET_LINK_LAYER, gateway.mac());
        Ipv6Header.writeSource(out, ip, high, low);
        int frame = ip - outOffset + OPTIONS_OFFSET + NdpOptions.LINK_LAYER_LENGTH;
        return addressToGroup(gateway, ALL_NODES_LOW, frame, out, outOffset);
    }

    private static void writeMessage(
            int type, int flags, long high, long low, MutableDirectBuffer out, int ip) {
        int length = SOLICITATION_LENGTH_MIN + NdpOptions.LINK_LAYER_LENGTH;
        Ipv6Header.write(out, ip, length, Icmpv6Header.PROTOCOL, HOP_LIMIT);
        Icmpv6Header.write(out, ip + ICMP_OFFSET, type, 0, flags);
        out.putLong(ip + TARGET_OFFSET, high, BIG_ENDIAN);
        out.putLong(ip + TARGET_OFFSET + 8, low, BIG_ENDIAN);
    }

    static int addressToAllNodes(
            GatewayAddresses gateway, int frame, MutableDirectBuffer out, int outOffset) {
        return addressToGroup(gateway, ALL_NODES_LOW, frame, out, outOffset);
    }

    private static int addressToGroup(
            GatewayAddresses gateway, long low, int frame, MutableDirectBuffer out, int outOffset) {
        long mac = MacAddress.ofIpv6Group(low);
        return addressTo(gateway, mac, Ipv6Header.LINK_GROUP_HIGH, low, frame, out, outOffset);
    }

    /** Writes both destinations and, last of all, the checksum. Returns {@code frame}. */
    static int addressTo(
            GatewayAddresses gateway,
            long mac,
            long high,
            long low,
            int frame,
            MutableDirectBuffer out,
            int outOffset) {
        int type = EthernetHeader.ETHER_TYPE_IPV6;
        int header =
                EthernetHeader.write(out, outOffset, mac, gateway.mac(), gateway.vlanId(), type);
        Ipv6Header.writeDestination(out, outOffset + header, high, low);
        Icmpv6Header.writeChecksum(out, outOffset + header);
        return frame;
    }

    private static int flags(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + ICMP_OFFSET + 4, BIG_ENDIAN);
    }

    private static int optionsLength(DirectBuffer buffer, int offset) {
        return Ipv6Header.payloadLength(buffer, offset) - SOLICITATION_LENGTH_MIN;
    }
}
