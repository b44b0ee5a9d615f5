package io.spillway.bench.bgp;

import io.spillway.node.lab.NamespaceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A speaker to be measured, as it is installed. */
enum BgpDaemon {
    /** With zebra, which resolves its next hops. */
    FRR("frr", Path.of("/usr/lib/frr/bgpd")) {
        private static final String CONFIG =
                """
                frr defaults traditional
                router bgp 65000
                 bgp router-id 10.97.1.1
                 no bgp ebgp-requires-policy
                 neighbor 10.97.1.2 remote-as 65001
                 neighbor 10.97.1.2 passive
                 neighbor 10.97.2.2 remote-as 65002
                 neighbor 10.97.2.2 passive
                """;

        @Override
        List<NamespaceProcess> processes(Path place) throws IOException {
            Path config = Files.writeString(place.resolve("bgpd.conf"), CONFIG);
            Path none = Files.writeString(place.resolve("zebra.conf"), "");
            return List.of(
                    process(place, "bgpd", config),
                    process(place, "zebra", none)); // the first is measured
        }

        private static NamespaceProcess process(Path place, String name, Path config) {
            return new NamespaceProcess(
                    name,
                    NAMESPACE,
                    List.of(
                            "/usr/lib/frr/" + name,
                            "--skip_runas",
                            "--config_file",
                            config.toString(),
                            "--pid_file",
                            place.resolve(name + ".pid").toString(),
                            "--vty_socket",
                            place.toString(),
                            "--socket",
                            place.resolve("zserv").toString()),
                    place.resolve(name + ".log"));
        }
    },

    BIRD("bird", Path.of("/usr/sbin/bird")) {
        private static final String CONFIG =
                """
                router id 10.97.1.1;
                protocol device {}
                protocol direct { ipv4; }
                protocol bgp feed {
                  local 10.97.1.1 as 65000; neighbor 10.97.1.2 as 65001; passive on;
                  ipv4 { import all; export none; };
                }
                protocol bgp sink {
                  local 10.97.2.1 as 65000; neighbor 10.97.2.2 as 65002; passive on;
                  ipv4 { import none; export all; };
                }
                """;

        @Override
        List<NamespaceProcess> processes(Path place) throws IOException {
            Path config = Files.writeString(place.resolve("bird.conf"), CONFIG);
            List<String> program =
                    List.of(
                            "/usr/sbin/bird",
                            "-f",
                            "-c",
                            config.toString(),
                            "-s",
                            place.resolve("bird.ctl").toString());
            return List.of(
                    new NamespaceProcess("bird", NAMESPACE, program, place.resolve("bird.log")));
        }
    };

    static final String NAMESPACE = "bgp";

    private final String key;
    private final Path program;

    BgpDaemon(String key, Path program) {
        this.key = key;
        this.program = program;
    }

    /** As the command line names it. */
    String key() {
        return key;
    }

    boolean isInstalled() {
        return Files.isExecutable(program);
    }

    /**
     * Its processes, not yet started; the first is the speaker itself.
     *
     * @param place a fresh directory for its files
     */
    abstract List<NamespaceProcess> processes(Path place) throws IOException;
}
