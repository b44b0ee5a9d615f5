package io.spillway.dataplane.firewall;

import io.spillway.routing.fib.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A policy as a table of nftables: a chain for each network rule, at whose end all is dropped, as
 * what no network rule takes is: there is no PoP.
 */
final class NftRules {
    private static final String HEAD =
            """
            table inet twin {
              chain forward {
                type filter hook forward priority filter; policy drop;
                ct state established,related accept
                ct state invalid drop
            """;

    private NftRules() {}

    static String of(List<PlainRules.Network> networks) {
        StringBuilder chains = new StringBuilder();
        StringBuilder forward = new StringBuilder(HEAD);
        for (PlainRules.Network network : networks) {
            chains.append("  chain ").append(network.name()).append(" {\n");
            for (PlainRules.Rule rule : network.rules()) {
                add(chains, rule.scope(), rule.isAllowed() ? "accept" : "drop");
            }
            chains.append("    drop\n  }\n");
            add(forward, network.scope(), "jump " + network.name());
        }
        int body = HEAD.indexOf("  chain forward");
        return HEAD.substring(0, body) + chains + forward.substring(body) + "  }\n}\n";
    }

    private static void add(StringBuilder text, PlainRules.Scope scope, String verdict) {
        List<String> ends = new ArrayList<>(ends(scope.from(), scope.to()));
        if (scope.isBothWays()) {
            ends.addAll(ends(scope.to(), scope.from()));
        }
        for (String end : ends) {
            for (PlainRules.Kind kind : scope.kinds()) {
                String asked = end + kind(kind);
                if (!isOfTwoFamilies(asked)) {
                    text.append("    ").append(asked).append(verdict).append('\n');
                }
            }
        }
    }

    /** Nothing can be so, and nft does not take it. */
    private static boolean isOfTwoFamilies(String asked) {
        boolean isIpv4 = asked.contains("ip saddr") || asked.contains("ip daddr");
        boolean isIpv6 = asked.contains("ip6 saddr") || asked.contains("ip6 daddr");
        return (isIpv4 || asked.contains("icmp type")) && (isIpv6 || asked.contains("icmpv6 type"));
    }

    private static List<String> ends(List<PlainRules.Side> from, List<PlainRules.Side> to) {
        List<String> ends = new ArrayList<>();
        for (PlainRules.Side source : from) {
            for (PlainRules.Side destination : to) {
                for (String there : destinations(destination)) {
                    ends.add(source(source) + there);
                }
            }
        }
        return ends;
    }

    private static String source(PlainRules.Side side) {
        return switch (side) {
            case PlainRules.Anybody _ -> "";
            case PlainRules.Here here ->
                    "iifname \"" + KernelForwarder.device(here.number()) + "\" ";
            case PlainRules.Between between -> between("saddr", between);
            case PlainRules.Card _ -> throw new IllegalArgumentException("no frames here");
        };
    }

    private static List<String> destinations(PlainRules.Side side) {
        return switch (side) {
            case PlainRules.Anybody _ -> List.of("");
            case PlainRules.Here here ->
                    here.prefixes().stream()
                            .map(it -> family(it.address()) + " daddr " + it + " ")
                            .toList();
            case PlainRules.Between between -> List.of(between("daddr", between));
            case PlainRules.Card _ -> throw new IllegalArgumentException("no frames here");
        };
    }

    private static String between(String field, PlainRules.Between range) {
        String family = family(range.first());
        String last = range.first().equals(range.last()) ? "" : "-" + range.last();
        return family + " " + field + " " + range.first() + last + " ";
    }

    private static String family(IpAddress address) {
        return address.isIpv4() ? "ip" : "ip6";
    }

    private static String kind(PlainRules.Kind kind) {
        boolean isWhole = kind.first() == 0 && kind.last() == PlainRules.Kind.PORT_MAX;
        return switch (kind.protocol()) {
            case -1 -> "";
            case PlainPacket.TCP -> ports("tcp", kind);
            case PlainPacket.UDP -> ports("udp", kind);
            case PlainPacket.ICMP ->
                    isWhole ? "meta l4proto 1 " : "icmp type " + (kind.first() >> 8) + " ";
            case PlainPacket.ICMPV6 -> "icmpv6 type " + (kind.first() >> 8) + " ";
            default -> "meta l4proto " + kind.protocol() + " ";
        };
    }

    private static String ports(String protocol, PlainRules.Kind kind) {
        String source =
                kind.asksForSource()
                        ? "%s sport %d-%d "
                                .formatted(protocol, kind.firstSource(), kind.lastSource())
                        : "";
        return "%s dport %d-%d %s".formatted(protocol, kind.first(), kind.last(), source);
    }
}
