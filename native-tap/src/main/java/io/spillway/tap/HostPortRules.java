package io.spillway.tap;

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
 */
final class HostPortRules {
    private final String device;
    private final List<GatewayAddress> gateways;

    HostPortRules(HostPortConfig config) {
        device = config.device();
        gateways = config.gateways();
    }

    String tableName() {
        return "spillway-" + device;
    }

    /** One transaction: what a crashed process left is replaced, whatever it was. */
    String install() {
        return """
        %s
        table inet %s {
          chain forward {
            type filter hook forward priority filter; policy accept;
            oifname "%s" iifname != "%s" ct state established,related accept
            oifname "%s" iifname != "%s" counter drop
          }
          chain input {
            type filter hook input priority filter; policy accept;
            iifname { "lo", "%s" } accept
            ct state established,related accept
        %s%s  }
        }
        """
                .formatted(
                        remove(),
                        tableName(),
                        device,
                        device,
                        device,
                        device,
                        device,
                        drop("ip", true),
                        drop("ip6", false));
    }

    /** Also succeeds when the table is not there. */
    String remove() {
        return "add table inet %1$s\ndelete table inet %1$s".formatted(tableName());
    }

    private String drop(String family, boolean isIpv4) {
        String addresses =
                gateways.stream()
                        .filter(gateway -> gateway.isIpv4() == isIpv4)
                        .map(GatewayAddress::host)
                        .distinct()
                        .collect(Collectors.joining(", "));
        return addresses.isEmpty()
                ? ""
                : "    %s daddr { %s } counter drop\n".formatted(family, addresses);
    }
}
