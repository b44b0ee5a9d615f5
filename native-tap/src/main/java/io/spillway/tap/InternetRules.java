package io.spillway.tap;

import io.spillway.tap.HostPortConfig.TunnelPort;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The nftables rules of an {@link InternetForwarding}, in a table of their own.
 *
 * <pre>
 *   inside  ──forward──&gt; outside    masqueraded; the conversation is marked
 *   inside  ──forward──&gt; elsewhere  dropped
 *   inside  ──input────&gt; machine    dropped, where it is hidden, but questions to its resolver
 *   outside ──forward──&gt; anywhere   answers only; those of a marked conversation go inside
 * </pre>
 *
 * <p>Tunnel datagrams are kept from being tracked, for the reasons that {@link HostPortRules}
 * gives.
 *
 * <p>The mark stays with the conversation, so that an answer is known whatever address it is for:
 * the kernel has no route to what lies behind the data plane.
 */
final class InternetRules {
    static final String TABLE = "spillway-internet";

    /** "SW", and one: of packets and conversations. Others' rules must leave it alone. */
    static final String MARK = "0x53570001";

    /**
     * UDP datagrams leave from these ports, so that none has the port of a tunnel, whose datagrams
     * the kernel does not track.
     */
    private static final String UDP_PORTS = "32768-60999";

    private final String inside;
    private final String outside;
    private final List<TunnelPort> tunnels;
    private final boolean isHostHidden;
    private final String resolver;

    InternetRules(InternetConfig config) {
        inside = '"' + config.inside() + '"';
        outside =
                config.outside().stream()
                        .map(device -> '"' + device + '"')
                        .collect(Collectors.joining(", ", "{ ", " }"));
        tunnels = config.tunnels();
        isHostHidden = config.isHostHidden();
        resolver = config.resolver();
    }

    /** One transaction: what a crashed process left is replaced, whatever it was. */
    String install() {
        return """
        %1$s
        table ip %2$s {
          chain untracked-in {
            type filter hook prerouting priority raw; policy accept;
        %8$s  }
          chain untracked-out {
            type filter hook output priority raw; policy accept;
        %9$s  }
          chain answers {
            type filter hook prerouting priority mangle; policy accept;
            iifname %4$s ct mark %5$s meta mark set %5$s
          }
          chain input {
            type filter hook input priority filter; policy accept;
        %7$s  }
          chain forward {
            type filter hook forward priority filter; policy accept;
            iifname %3$s oifname %4$s ct mark set %5$s
            iifname %3$s oifname != %4$s counter drop
            ct mark %5$s tcp flags syn tcp option maxseg size set rt mtu
            iifname %4$s ct state new,invalid,untracked counter drop
          }
          chain outwards {
            type nat hook postrouting priority srcnat; policy accept;
            ct mark %5$s meta l4proto udp masquerade to :%6$s
            ct mark %5$s masquerade
          }
        }
        """
                .formatted(
                        remove(),
                        TABLE,
                        inside,
                        outside,
                        MARK,
                        UDP_PORTS,
                        input(),
                        HostPortRules.arriving(tunnels),
                        HostPortRules.leaving(tunnels));
    }

    private String input() {
        String asked =
                resolver == null
                        ? ""
                        : "    iifname %s ip daddr %s meta l4proto { tcp, udp } th dport 53 accept\n"
                                .formatted(inside, resolver);
        return isHostHidden ? asked + "    iifname " + inside + " counter drop\n" : "";
    }

    /** Also succeeds when the table is not there. */
    String remove() {
        return "add table ip %1$s\ndelete table ip %1$s".formatted(TABLE);
    }
}
