package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** BIRD. IPv4 watched by BFD, IPv6 signed and with TTL security. */
final class BirdRouter extends LanRouter {
    static final long AS = 65_020;
    static final String PASSWORD = "lab6";

    private static final String PROGRAM = "/usr/sbin/bird";
    private static final String SOCKET = "bird.ctl";
    private static final String CONFIG =
            """
            router id %1$s;
            protocol device {}
            protocol direct { ipv4; ipv6; interface "%8$s"; }
            protocol kernel kernel4 { ipv4 { import none; export where source = RTS_BGP; }; }
            protocol kernel kernel6 { ipv6 { import none; export where source = RTS_BGP; }; }
            protocol bfd { interface "%8$s" { min rx interval 100 ms; min tx interval 100 ms; multiplier 3; }; }
            template bgp site {
              connect delay time 1;
              connect retry time 2;
              error wait time 1, 4;
            }
            protocol bgp site4 from site {
              local %1$s as %5$d;
              neighbor %3$s as %6$d;
              bfd on;
              ipv4 { import all; export where source = RTS_STATIC; };
            }
            protocol bgp site6 from site {
              local %2$s as %5$d;
              neighbor %4$s as %6$d;
              password "%7$s";
              ttl security on;
              ipv6 { import all; export where source = RTS_STATIC; };
            }
            """;
    private static final String NETWORK =
            """
            protocol static net4_%1$d { disabled; ipv4; route %2$s blackhole; }
            protocol static net6_%1$d { disabled; ipv6; route %3$s blackhole; }
            """;

    BirdRouter(LabNetwork network, LabSite site, Path directory) throws IOException {
        super(network, site, directory);
        StringBuilder config =
                new StringBuilder(
                        CONFIG.formatted(
                                address4(site),
                                address6(site),
                                site.lan4(1),
                                site.lan6(1),
                                AS,
                                site.as(),
                                PASSWORD,
                                DEVICE));
        for (int number = 1; number <= LanRouters.NETWORKS; number++) {
            config.append(
                    NETWORK.formatted(number, network4(site, number), network6(site, number)));
        }
        Files.writeString(file("bird.conf"), config);
    }

    /** Of a site's configuration. */
    static String neighbours(LabSite site) {
        return """
                - {name: bird4, address: %s, as: %d, families: [ipv4], bfd: {minTx: 100ms, minRx: 100ms}}
                - {name: bird6, address: "%s", as: %d, password: %s, passive: true, ttlSecurity: true, families: [ipv6]}
            """
                .formatted(address4(site), AS, address6(site), AS, PASSWORD);
    }

    @Override
    void start() throws IOException, InterruptedException, LabException {
        String config = file("bird.conf").toString();
        run("bird", List.of(PROGRAM, "-f", "-c", config, "-s", file(SOCKET).toString()), SOCKET);
    }

    @Override
    void tell(int number, boolean isAnnounced) throws IOException {
        String word = isAnnounced ? "enable" : "disable";
        for (String family : List.of("net4_", "net6_")) {
            in("birdc -s %s %s %s%d".formatted(file(SOCKET), word, family, number));
        }
    }
}
