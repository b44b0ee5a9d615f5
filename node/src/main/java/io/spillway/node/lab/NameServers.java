package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Who knows names in the lab, all of them dnsmasq: an internal zone's server on the second site's
 * LAN, which also gives leases to the first site's; a resolver of the Internet; and the PoP's,
 * which asks the first about its zone. That one stands behind the third site, since a PoP node has
 * no kernel of its own; it is to die and to come with the PoP. The third site's LAN has leases from
 * a server of the appliance itself.
 *
 * <pre>
 *   host of site 1 ── site 1 ══ PoP ══ site 3 ── PoP's resolver   10.254.254.1
 *                         ║
 *                         ╚════ site 2 ── server of corp.example  10.2.0.53
 * </pre>
 */
final class NameServers implements AutoCloseable {
    static final String SERVICE = "10.254.254.1";
    static final String ZONE = "corp.example";
    static final String ZONE_SERVER = "10.2.0.53";
    static final String INTERNAL_NAME = "files." + ZONE;
    static final String INTERNAL_ADDRESS = "10.2.0.99";
    static final String WORLD_NAME = "www.example";
    static final String WORLD_ADDRESS = "192.0.2.80";

    /** What a lease says of names: R151. */
    static final String RESOLVERS = SERVICE + ",8.8.8.8";

    private static final String COMMON =
            """
            user=root
            no-resolv
            no-hosts
            no-daemon
            bind-interfaces
            cache-size=0
            pid-file=
            """;

    private static final String INTERNAL =
            """
            listen-address=%s
            local=/%s/
            host-record=%s,%s
            """;

    private static final String LEASES =
            """
            dhcp-range=%1$s,%1$s,255.255.255.0,1h
            dhcp-option=option:router,%2$s
            dhcp-option=option:dns-server,%3$s
            dhcp-leasefile=%4$s
            dhcp-authoritative
            no-ping
            """;

    private static final String OF_THIS_MACHINE = "port=0\ninterface=lo\n";
    private static final String LOOPBACK = "127.0.0.1";

    private static final int LEASED = 100;

    private final Path directory;
    private final NamespaceProcess internal;
    private final NamespaceProcess world;
    private final NamespaceProcess pop;
    private final NamespaceProcess local;

    NameServers(LabNetwork network, Path directory) throws IOException {
        this.directory = directory;
        LabSite berlin = network.sites().get(0);
        LabSite london = network.sites().get(1);
        LabSite madrid = network.sites().get(2);
        String zone = INTERNAL.formatted(ZONE_SERVER, ZONE, INTERNAL_NAME, INTERNAL_ADDRESS);
        internal = server("internal", LanServer.namespace(london), zone + leases(berlin));
        world = server("world", LabSite.INTERNET_NAMESPACE, answering(LabSite.POP_GATEWAY));
        String forwarding = "server=/" + ZONE + "/" + ZONE_SERVER + "\n";
        pop = server("pop", LanServer.namespace(madrid), answering(SERVICE) + forwarding);
        local = server("local", madrid.name(), OF_THIS_MACHINE + leases(madrid));
    }

    /** Of a site's configuration: who serves the service address, who uses it. */
    static String configuration(LabSite site) {
        String zones = "zones: [{name: %s, servers: [%s]}]".formatted(ZONE, ZONE_SERVER);
        return switch (site.index()) {
            case 0 -> "dns: {%s, upstream: [%s]}%n".formatted(zones, LabSite.POP_GATEWAY);
            case 1 -> "dns: {%s}%n".formatted(zones);
            default -> "";
        };
    }

    /** Of the configuration of a site's LAN network. */
    static String relay(LabSite site) {
        return switch (site.index()) {
            case 0 -> ", dhcpRelay: {server: %s, throughTunnel: true}".formatted(ZONE_SERVER);
            case 2 -> ", dhcpRelay: {server: %s}".formatted(LOOPBACK);
            default -> "";
        };
    }

    /** Of the configuration of a site's LAN port. */
    static String route(LabSite site) {
        return site.index() == 2
                ? "    routes: [{prefix: %s/32, via: %s}]%n"
                        .formatted(SERVICE, LanServer.address(site))
                : "";
    }

    /** Wires and addresses; the LANs stand. */
    static void build(LabNetwork network, LabSite site) throws IOException {
        if (site.index() != 0) {
            LanServer.build(network, site);
        }
        if (site.index() != 1) {
            LanServer.buildClient(network, site);
        }
        if (site.index() == 2) {
            network.in(LanServer.namespace(site), "ip address add " + SERVICE + "/32 dev lo");
        }
    }

    private String leases(LabSite to) {
        Path leases = directory.resolve("leases-" + to.name());
        return LEASES.formatted(to.lan4(LEASED), to.lan4(1), RESOLVERS, leases);
    }

    private static String answering(String address) {
        return "listen-address=%s%nhost-record=%s,%s%n"
                .formatted(address, WORLD_NAME, WORLD_ADDRESS);
    }

    private NamespaceProcess server(String name, String namespace, String config)
            throws IOException {
        Path file = directory.resolve("dnsmasq-" + name + ".conf");
        Files.writeString(file, COMMON + config);
        return new NamespaceProcess(
                "dnsmasq",
                namespace,
                List.of("dnsmasq", "--conf-file=" + file),
                directory.resolve("dnsmasq-" + name + ".log"));
    }

    void start() throws IOException {
        internal.start();
        world.start();
        pop.start();
        local.start();
    }

    /** The PoP's resolver. */
    NamespaceProcess pop() {
        return pop;
    }

    @Override
    public void close() {
        internal.close();
        world.close();
        pop.close();
        local.close();
    }
}
