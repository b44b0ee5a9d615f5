package io.spillway.bench.bgp;

import io.spillway.crypto.CertifiedName;
import io.spillway.node.lab.LabAccount;
import io.spillway.node.lab.NamespaceProcess;
import io.spillway.node.lab.NodeCommand;
import io.spillway.node.lab.NodeProcess;
import io.spillway.node.lab.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A speaker to be measured, as it is installed. */
public enum BgpDaemon {
    /**
     * The site's daemon with both wires on its LAN: its TCP is the kernel's behind the host port.
     */
    SPILLWAY("spillway", Path.of("/proc/self/exe")) {
        private static final String ACCOUNT = "bench";
        private static final long SITE_ID = 1001;
        private static final String CONFIG =
                """
                site: {id: 1001, name: appliance, account: bench}
                identity: %s
                state: %s
                commandSocket: %s
                pops: [{name: none, address: 198.51.100.1, tunnelPort: 443, channelPort: 443}]
                links: [{name: wan, device: wan, address: 198.51.100.2, port: 20060}]
                lan:
                  - {port: spw-feed, bridge: br-feed, networks: [{name: feed, vlan: 0, gateways: [10.97.1.1/24]}]}
                  - {port: spw-sink, bridge: br-sink, networks: [{name: sink, vlan: 0, gateways: [10.97.2.1/24]}]}
                hostPort: {enabled: true, device: spw-host}
                bgp:
                  as: 65000
                  neighbours:
                    - {name: feeder, address: 10.97.1.2, as: 65001, passive: true, routeLimit: {count: 1000000}}
                    - {name: sink, address: 10.97.2.2, as: 65002, passive: true}
                """;

        @Override
        List<NamespaceProcess> processes(Path place) throws IOException {
            Path identity = place.resolve("identity");
            CertifiedName name = CertifiedName.site(ACCOUNT, SITE_ID, "appliance");
            LabAccount.create(place.resolve("authority"), ACCOUNT).identify(identity, name);
            Path state = Files.createDirectories(place.resolve("state"));
            Path socket = place.resolve("command.sock");
            Path config =
                    Files.writeString(
                            place.resolve("site.yaml"), CONFIG.formatted(identity, state, socket));
            List<String> program =
                    NodeCommand.product().line("site", "--config", config.toString());
            return List.of(
                    new NodeProcess("site", NAMESPACE, program, socket, place.resolve("log")));
        }

        /** A WAN on which nobody is. */
        @Override
        void prepare() throws IOException {
            in("ip link add wan type bridge");
            in("ip address add 198.51.100.2/24 dev wan");
            in("ip link set wan up");
        }

        /** Our gateways are the data plane's, and the wires lead into the bridges. */
        @Override
        void connect(String device, String address) throws IOException {
            String bridge = "br-" + device;
            in("ip link add " + bridge + " type bridge mcast_snooping 0");
            in("ip link set " + bridge + " up");
            in("ip link set " + device + " master " + bridge + " up");
        }
    },

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
    public String key() {
        return key;
    }

    public static List<BgpDaemon> installed() {
        return Stream.of(values()).filter(BgpDaemon::isInstalled).toList();
    }

    boolean isInstalled() {
        return Files.isExecutable(program);
    }

    /** Makes what the namespace needs besides the wires. */
    void prepare() throws IOException {}

    /** Takes the wire's end over, whose address there is the speaker's. */
    void connect(String device, String address) throws IOException {
        in("ip address add " + address + "/24 dev " + device);
        in("ip link set " + device + " up");
    }

    static void in(String commandLine) throws IOException {
        Programs.run("ip netns exec " + NAMESPACE + " " + commandLine);
    }

    /**
     * Its processes, not yet started; the first is the speaker itself.
     *
     * @param place a fresh directory for its files
     */
    abstract List<NamespaceProcess> processes(Path place) throws IOException;
}
