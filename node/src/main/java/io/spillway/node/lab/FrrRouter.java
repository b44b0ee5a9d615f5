package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** FRR: zebra, bfdd and bgpd. An AS of four octets, IPv4 signed and watched by BFD. */
final class FrrRouter extends LanRouter {
    static final long AS = 4_200_000_077L;
    static final String PASSWORD = "lab4";

    /** The only one that the daemons take whose user is root. */
    private static final String GROUP = "frrvty";

    private static final Path GROUPS = Path.of("/proc/self/gid_map");
    private static final String ALL_GROUPS = " 4294967295";
    private static final Path DAEMONS = Path.of("/usr/lib/frr");
    private static final String BFDD =
            """
            bfd
             profile lab
              receive-interval 100
              transmit-interval 100
            """;
    private static final String BGPD =
            """
            router bgp %1$d
             bgp router-id %2$s
             no bgp ebgp-requires-policy
             no bgp network import-check
             no bgp default ipv4-unicast
             neighbor %3$s remote-as %5$d
             neighbor %3$s password %6$s
             neighbor %3$s timers connect 1
             neighbor %3$s bfd profile lab
             neighbor %4$s remote-as %5$d
             neighbor %4$s timers connect 1
             address-family ipv4 unicast
              neighbor %3$s activate
             exit-address-family
             address-family ipv6 unicast
              neighbor %4$s activate
             exit-address-family
            """;

    FrrRouter(LabNetwork network, LabSite site, Path directory) throws IOException {
        super(network, site, directory);
        Files.createFile(file("zebra.conf"));
        Files.writeString(file("bfdd.conf"), BFDD);
        Files.writeString(
                file("bgpd.conf"),
                BGPD.formatted(
                        AS, address4(site), site.lan4(1), site.lan6(1), site.as(), PASSWORD));
    }

    /** In a user namespace there is none but root. */
    static void requireGroup() throws IOException, LabException {
        String groups = Files.readString(GROUPS);
        if (!groups.strip().endsWith(ALL_GROUPS)) {
            throw new LabException(
                    "FRR takes the group " + GROUP + ", which needs root: run the lab with sudo");
        }
    }

    /** Of a site's configuration. */
    static String neighbours(LabSite site) {
        return """
                - {name: frr4, address: %s, as: %d, password: %s, families: [ipv4], bfd: {minTx: 100ms, minRx: 100ms}}
                - {name: frr6, address: "%s", as: %d, families: [ipv6]}
            """
                .formatted(address4(site), AS, PASSWORD, address6(site), AS);
    }

    @Override
    void start() throws IOException, InterruptedException, LabException {
        run("zebra", daemon("zebra", List.of()), "zserv.api");
        List<String> control = List.of("--bfdctl", file("bfdd.sock").toString());
        run("bfdd", daemon("bfdd", control), "bfdd.vty");
        run("bgpd", daemon("bgpd", List.of()), "bgpd.vty");
    }

    private List<String> daemon(String name, List<String> more) {
        List<String> command = new ArrayList<>();
        command.add(DAEMONS.resolve(name).toString());
        command.addAll(List.of("-u", "root", "-g", GROUP));
        command.addAll(List.of("-f", file(name + ".conf").toString()));
        command.addAll(List.of("-i", file(name + ".pid").toString()));
        command.addAll(List.of("-z", file("zserv.api").toString()));
        command.addAll(List.of("--vty_socket", file("").toString()));
        command.addAll(more);
        return command;
    }

    @Override
    void tell(int number, boolean isAnnounced) throws IOException {
        String word = isAnnounced ? "network" : "no network";
        List<String> command = new ArrayList<>();
        command.addAll(List.of("vtysh", "--vty_socket", file("").toString(), "-d", "bgpd"));
        List<String> lines =
                List.of(
                        "configure terminal",
                        "router bgp " + AS,
                        "address-family ipv4 unicast",
                        word + " " + network4(site(), number),
                        "exit-address-family",
                        "address-family ipv6 unicast",
                        word + " " + network6(site(), number));
        lines.forEach(line -> command.addAll(List.of("-c", line)));
        in(command);
    }
}
