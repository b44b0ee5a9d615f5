package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The router advertisement of one LAN network (RFC 4861 §4.2, §6.2; DNS servers RFC 8106 §5.1).
 * Immutable. Writes whole Ethernet frames, for which {@link #frameLength()} bytes must be free.
 *
 * <pre>
 *  +---------------+---------------+-------------------------------+
 *  |      134      |       0       |           Checksum            |
 *  +---------------+-+-+-----------+-------------------------------+
 *  | Cur hop limit |M|O| reserved  |    Router lifetime, seconds   |
 *  +---------------+-+-+-----------+-------------------------------+
 *  |              Reachable time, ms (0 = unspecified)             |
 *  +---------------------------------------------------------------+
 *  |              Retrans timer, ms (0 = unspecified)              |
 *  +---------------------------------------------------------------+
 *  | Options: source link-layer address, MTU, prefixes, DNS        |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class RouterAdvertisement {
    /**
     * What is advertised beside the gateway's own prefixes. Times in seconds; 0 to 0xFFFFFFFF, the
     * latter as -1, except for the router's lifetime, 0..9000.
     *
     * @param mtu of the LAN, 1280..9000, advertised as an option
     * @param managed addresses come by DHCPv6
     * @param other other things come by DHCPv6
     * @param dnsServers may be empty; at most 8
     */
    public record Settings(
            int routerLifetimeS,
            int mtu,
            boolean managed,
            boolean other,
            int validLifetimeS,
            int preferredLifetimeS,
            List<Inet6Address> dnsServers) {

        public static final int DNS_SERVERS_MAX = 8;
        private static final int ROUTER_LIFETIME_MAX_S = 9000; // RFC 4861 §6.2.1
        private static final int MTU_MAX = 9000;

        public Settings {
            check(routerLifetimeS, 0, ROUTER_LIFETIME_MAX_S, "router lifetime");
            check(mtu, Ipv6Header.MTU_MIN, MTU_MAX, "MTU");
            check(dnsServers.size(), 0, DNS_SERVERS_MAX, "number of DNS servers");
            dnsServers = List.copyOf(dnsServers);
        }

        /** Lifetimes as RFC 4861 §6.2.1 recommends for advertisements every 600 s at most. */
        public static Settings ofMtu(int mtu, List<Inet6Address> dnsServers) {
            return new Settings(1800, mtu, false, false, 2_592_000, 604_800, dnsServers);
        }

        private static void check(int value, int min, int max, String what) {
            if (value < min || value > max) {
                String range = " is not " + min + ".." + max;
                throw new IllegalArgumentException(what + " " + value + range);
            }
        }
    }

    private static final int HEAD_LENGTH = 16;
    private static final int CURRENT_HOP_LIMIT = 64;
    private static final int MANAGED = 0x80;
    private static final int OTHER = 0x40;

    private final GatewayAddresses gateway;
    private final Settings settings;
    private final long[] dnsServers; // high, low, high, low, ...
    private final int payloadLength;

    public RouterAdvertisement(GatewayAddresses gateway, Settings settings) {
        this.gateway = gateway;
        this.settings = settings;
        this.dnsServers = halves(settings.dnsServers());
        int dnsLength = dnsServers.length == 0 ? 0 : 8 + dnsServers.length * 8;
        this.payloadLength =
                HEAD_LENGTH
                        + NdpOptions.LINK_LAYER_LENGTH
                        + NdpOptions.MTU_LENGTH
                        + gateway.ipv6Count() * NdpOptions.PREFIX_INFORMATION_LENGTH
                        + dnsLength;
    }

    private static long[] halves(List<Inet6Address> addresses) {
        long[] halves = new long[addresses.size() * 2];
        for (int i = 0; i < addresses.size(); i++) {
            ByteBuffer.wrap(addresses.get(i).getAddress()).asLongBuffer().get(halves, i * 2, 2);
        }
        return halves;
    }

    /** Bytes of the whole frame. */
    public int frameLength() {
        return EthernetHeader.length(gateway.vlanId()) + Ipv6Header.LENGTH + payloadLength;
    }

    /**
     * Answers a router solicitation: to the asker, or to all nodes when it has no address yet.
     *
     * @param frameSource source of the frame it came in, used where the message names no MAC
     * @return length of the frame written, or 0 when there is nothing to answer
     */
    public int answer(
            DirectBuffer buffer,
            int offset,
            int length,
            long frameSource,
            MutableDirectBuffer out,
            int outOffset) {
        int type = NeighbourDiscovery.validType(buffer, offset, length);
        if (type != Icmpv6Header.ROUTER_SOLICITATION) {
            return 0;
        }
        long mac = NeighbourDiscovery.sourceMac(buffer, offset);
        mac = mac == MacAddress.NONE ? frameSource : mac;
        boolean toAll = NeighbourDiscovery.isSourceUnspecified(buffer, offset);
        if (toAll || !MacAddress.isStation(mac)) {
            return advertise(out, outOffset);
        }
        long high = Ipv6Header.sourceHigh(buffer, offset);
        long low = Ipv6Header.sourceLow(buffer, offset);
        write(out, outOffset, settings.routerLifetimeS());
        int frame = frameLength();
        return NeighbourDiscovery.addressTo(gateway, mac, high, low, frame, out, outOffset);
    }

    /** Advertises to all nodes. Returns the length of the frame written. */
    public int advertise(MutableDirectBuffer out, int outOffset) {
        write(out, outOffset, settings.routerLifetimeS());
        return NeighbourDiscovery.addressToAllNodes(gateway, frameLength(), out, outOffset);
    }

    /** As {@link #advertise} with lifetime 0: we cease to be a router here (RFC 4861 §6.2.5). */
    public int withdraw(MutableDirectBuffer out, int outOffset) {
        write(out, outOffset, 0);
        return NeighbourDiscovery.addressToAllNodes(gateway, frameLength(), out, outOffset);
    }

    private void write(MutableDirectBuffer out, int outOffset, int routerLifetimeS) {
        int ip = outOffset + EthernetHeader.length(gateway.vlanId());
        int hopLimit = NeighbourDiscovery.HOP_LIMIT;
        Ipv6Header.write(out, ip, payloadLength, Icmpv6Header.PROTOCOL, hopLimit);
        Ipv6Header.writeSource(out, ip, gateway.linkLocalHigh(), gateway.linkLocalLow());
        int flags = (settings.managed() ? MANAGED : 0) | (settings.other() ? OTHER : 0);
        int rest = CURRENT_HOP_LIMIT << 24 | flags << 16 | routerLifetimeS;
        int icmp = ip + Ipv6Header.LENGTH;
        Icmpv6Header.write(out, icmp, Icmpv6Header.ROUTER_ADVERTISEMENT, 0, rest);
        out.putLong(icmp + Icmpv6Header.LENGTH, 0, BIG_ENDIAN);
        writeOptions(out, icmp + HEAD_LENGTH);
    }

    private void writeOptions(MutableDirectBuffer out, int offset) {
        int index = offset;
        int type = NdpOptions.SOURCE_LINK_LAYER;
        index += NdpOptions.writeLinkLayer(out, index, type, gateway.mac());
        index += NdpOptions.writeMtu(out, index, settings.mtu());
        int valid = settings.validLifetimeS();
        int preferred = settings.preferredLifetimeS();
        for (int i = 0; i < gateway.ipv6Count(); i++) {
            index += NdpOptions.writePrefix(out, index, gateway, i, valid, preferred);
        }
        if (dnsServers.length > 0) {
            int servers = dnsServers.length / 2;
            index += NdpOptions.writeDnsHead(out, index, servers, settings.routerLifetimeS());
            for (long half : dnsServers) {
                out.putLong(index, half, BIG_ENDIAN);
                index += 8;
            }
        }
    }
}
