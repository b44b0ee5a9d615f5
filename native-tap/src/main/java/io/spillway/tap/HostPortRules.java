package io.spillway.tap;

import io.spillway.tap.HostPortConfig.TunnelPort;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The nftables rules of a {@link HostPort}: nobody reaches the LAN, or a gateway address, through
 * the kernel by another interface, unless the kernel's own side began the conversation.
 *
 * <pre>
 *   WAN ──forward──> spw-host      established only (Internet Recovery's answers)
 *   WAN ──input────> gateway       established only; addresses belong to the machine, not to a link
 * </pre>
 *
 * <p>What "established" means the kernel knows by tracking every conversation of this namespace. It
 * is kept from tracking what is none of its own: tunnel datagrams and, where bridge netfilter is
 * on, the LAN's frames. Each would cost processor time, and once the table of conversations is full
 * the kernel drops what it cannot enter there. A bridged frame shows the bridge as its device.
 *
 * <p>Each tunnel datagram passes all three hooks: what leaves it alone is said with few tests, the
 * cheap ones first (a name is compared as sixteen bytes).
 */
final class HostPortRules {
    /** Neither established nor related. */
    private static final String DROP_UNASKED = "ct state new,invalid,untracked counter drop";

    private final String device;
    private final List<GatewayAddress> gateways;
    private final List<String> bridges;
    private final List<TunnelPort> tunnels;

    HostPortRules(HostPortConfig config) {
        device = config.device();
        gateways = config.gateways();
        bridges = config.bridges();
        tunnels = config.tunnels();
    }

    String tableName() {
        return "spillway-" + device;
    }

    /** One transaction: what a crashed process left is replaced, whatever it was. */
    String install() {
        return """
        %s
        table inet %s {
          chain untracked-in {
            type filter hook prerouting priority raw; policy accept;
        %s%s  }
          chain untracked-out {
            type filter hook output priority raw; policy accept;
        %s  }
          chain forward {
            type filter hook forward priority filter; policy accept;
            oifname "%s" iifname != "%s" %s
          }
          chain input {
            type filter hook input priority filter; policy accept;
        %s%s  }
        }
        """
                .formatted(
                        remove(),
                        tableName(),
                        arriving(tunnels),
                        bridgeRules(),
                        leaving(tunnels),
                        device,
                        device,
                        DROP_UNASKED,
                        guard("ip", true),
                        guard("ip6", false));
    }

    /** Also succeeds when the table is not there. */
    String remove() {
        return "add table inet %1$s\ndelete table inet %1$s".formatted(tableName());
    }

    private String bridgeRules() {
        return bridges.stream()
                .map("    iifname \"%s\" notrack\n"::formatted)
                .collect(Collectors.joining());
    }

    /** For a chain that sees what comes in. */
    static String arriving(List<TunnelPort> tunnels) {
        return rules(tunnels, "udp dport %2$d iifname \"%1$s\" notrack");
    }

    /** For a chain that sees what leaves. */
    static String leaving(List<TunnelPort> tunnels) {
        return rules(tunnels, "udp sport %2$d oifname \"%1$s\" notrack");
    }

    private static String rules(List<TunnelPort> tunnels, String rule) {
        return tunnels.stream()
                .map(tunnel -> "    " + rule.formatted(tunnel.device(), tunnel.port()) + "\n")
                .collect(Collectors.joining());
    }

    private String guard(String family, boolean isIpv4) {
        String addresses =
                gateways.stream()
                        .filter(gateway -> gateway.isIpv4() == isIpv4)
                        .map(GatewayAddress::host)
                        .distinct()
                        .collect(Collectors.joining(", "));
        return addresses.isEmpty()
                ? ""
                : "    %s daddr { %s } iifname != { \"lo\", \"%s\" } %s\n"
                        .formatted(family, addresses, device, DROP_UNASKED);
    }
}
