package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A router with one public address, in a namespace of its own. */
final class NatBox {
    static final String INSIDE_DEVICE = "lan0";
    static final String OUTSIDE_DEVICE = "wan0";

    /** Of {@link NatKind#STATIC_FORWARD}. */
    static final int STATIC_PORT = 4435;

    private static final String RULES =
            """
            table ip nat {
              %s
              chain translate {
                type nat hook postrouting priority srcnat;
                %s
                oifname "wan0" %s
              }
              chain lead {
                type nat hook prerouting priority dstnat;
                %s
              }
              chain own {
                type filter hook input priority filter;
                %s
              }
              chain pass {
                type filter hook forward priority filter;
                iifname "wan0" ct status dnat accept
                %s
              }
            }
            """;

    private static final String OPEN_MAP =
            "map users { type inet_service : ipv4_addr . inet_service; flags dynamic,timeout;"
                    + " timeout 5m; }";

    private static final String NOTE_USER =
            "oifname \"wan0\" meta l4proto udp update @users { udp sport : ip saddr . udp sport }";

    private static final String LEAD_TO_USER = "iifname \"wan0\" dnat ip to udp dport map @users";

    private static final String DROP_OWN = "iifname \"wan0\" drop";
    private static final String DROP_NEW = "iifname \"wan0\" ct state new drop";

    private final LabNetwork network;
    private final String name;

    NatBox(LabNetwork network, String name) {
        this.network = network;
        this.name = name;
    }

    /**
     * Once it has both its devices.
     *
     * @param forwarded who gets {@link #STATIC_PORT}; null: nobody
     */
    void configure(NatKind kind, String forwarded) throws IOException {
        network.in(name, "sysctl -qw net.ipv4.ip_forward=1");
        String lead = kind.isOpen() ? LEAD_TO_USER : "";
        if (forwarded != null) {
            lead = "iifname \"wan0\" udp dport " + STATIC_PORT + " dnat to " + forwarded;
        }
        String rules =
                RULES.formatted(
                        kind.isOpen() ? OPEN_MAP : "",
                        kind.isOpen() ? NOTE_USER : "",
                        kind.statement(),
                        lead,
                        kind.isDropping() ? DROP_OWN : "",
                        kind.isDropping() ? DROP_NEW : "");
        Path file = Files.writeString(Files.createTempFile("spillway-nat", ".nft"), rules);
        try {
            network.in(name, "nft -f " + file);
        } finally {
            Files.delete(file);
        }
    }
}
