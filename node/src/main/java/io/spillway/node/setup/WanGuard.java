package io.spillway.node.setup;

import io.spillway.node.SiteConfig;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Closes the WAN devices, by a table of its own for nftables, to what is not Spillway's, no answer,
 * no ICMP, no DHCP and none of the ports that the operator named. A table cannot lift what another
 * one drops.
 */
final class WanGuard {
    static final String TABLE = "spillway-wan";

    private final SiteConfig config;
    private final List<String> openPorts;

    /**
     * @param openPorts of TCP, at least one
     */
    WanGuard(SiteConfig config, List<String> openPorts) {
        this.config = config;
        this.openPorts = openPorts;
    }

    void add(SetupPlan plan) throws IOException {
        String before = Machine.nftTable(TABLE);
        String remove = "nft delete table inet " + TABLE;
        if (before == null) {
            plan.step(feed(rules()), remove);
        } else {
            plan.step(
                    feed("delete table inet " + TABLE + "\n" + rules()),
                    remove + "\n" + feed(before));
        }
    }

    private static String feed(String rules) {
        return "nft -f - <<'END'\n" + rules + "END";
    }

    private String rules() {
        return """
        table inet %s {
          chain input {
            type filter hook input priority filter; policy accept;
            iifname { %s } jump wan
          }
          chain wan {
            ct state established,related accept
            meta l4proto { icmp, ipv6-icmp } accept
            udp dport { 68, 546 } accept comment "DHCP"
        %s    tcp dport { %s } accept
            counter drop
          }
        }
        """
                .formatted(TABLE, devices(), tunnels(), String.join(", ", openPorts));
    }

    private String devices() {
        return config.links().stream()
                .map(link -> '"' + link.device() + '"')
                .collect(Collectors.joining(", "));
    }

    private String tunnels() {
        return config.links().stream()
                .map(
                        link ->
                                "    iifname \"%s\" udp dport %d accept comment \"tunnels of %s\"\n"
                                        .formatted(link.device(), link.port(), link.name()))
                .collect(Collectors.joining());
    }
}
