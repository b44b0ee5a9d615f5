package io.spillway.dataplane.firewall;

import io.spillway.dataplane.header.IcmpHeader;
import io.spillway.dataplane.header.Icmpv6Header;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.header.UdpHeader;
import io.spillway.routing.fib.IpAddress;
import java.util.Map;

/**
 * A packet of those that a rule speaks of, as an example for people. Immutable.
 *
 * @param source null: anybody
 * @param destination null: anybody, or who is behind a site
 * @param service as {@link PacketKey#service}; negative: any
 * @param sourcePort negative: any
 * @param mac of the card that sends it; negative: any
 */
public record Witness(
        IpAddress source, IpAddress destination, int service, int sourcePort, long mac) {
    private static final ValueSet IPV4 = ValueSet.range(ValueSet.mapped(0), ValueSet.mapped(-1));
    private static final ValueSet IPV6 = ValueSet.ANY.without(IPV4);
    private static final int ANY = -1;
    private static final int NUMBER_MASK = 0xFFFF;
    private static final int OCTET_BITS = 8;
    private static final int OCTET_MASK = 0xFF;
    private static final Map<Integer, String> NAMES =
            Map.of(
                    TcpHeader.PROTOCOL,
                    "tcp",
                    UdpHeader.PROTOCOL,
                    "udp",
                    IcmpHeader.PROTOCOL,
                    "icmp",
                    Icmpv6Header.PROTOCOL,
                    "icmpv6");

    /** The first in each field that is asked for, over IPv4 where that can be. */
    static Witness of(RuleMatch match) {
        boolean isIpv4 = match.source().meets(IPV4) && match.destination().meets(IPV4);
        return new Witness(
                address(match.source(), isIpv4),
                address(match.destination(), isIpv4),
                (int) first(match.service()),
                (int) first(match.sourcePort()),
                first(match.mac()));
    }

    private static IpAddress address(ValueSet set, boolean isIpv4) {
        if (set.isAny()) {
            return null;
        }
        ValueSet of = set.and(isIpv4 ? IPV4 : IPV6);
        if (of.isEmpty()) {
            return null;
        }
        return isIpv4
                ? IpAddress.ofIpv4((int) of.firstLow(0))
                : IpAddress.ofIpv6(of.firstHigh(0), of.firstLow(0));
    }

    private static long first(ValueSet set) {
        return set.isAny() ? ANY : set.firstLow(0);
    }

    /** In the words of a policy. */
    public String words() {
        StringBuilder words = new StringBuilder();
        words.append(source == null ? "any" : source).append(" to ");
        words.append(destination == null ? "any" : destination);
        if (service >= 0) {
            words.append(", ").append(serviceWords());
        }
        if (sourcePort >= 0) {
            words.append(" from ").append(sourcePort);
        }
        return words.toString();
    }

    private String serviceWords() {
        int protocol = service >>> Short.SIZE;
        int number = service & NUMBER_MASK;
        String name = NAMES.get(protocol);
        if (name == null) {
            return "protocol " + protocol;
        }
        boolean isIcmp = name.startsWith("icmp");
        return isIcmp
                ? name + "/" + (number >>> OCTET_BITS) + "/" + (number & OCTET_MASK)
                : name + "/" + number;
    }
}
