package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A router on a site's LAN, in a namespace of its own: it speaks BGP with the site, by IPv4 and
 * IPv6, and has networks behind it that it announces or not.
 *
 * <pre>
 *   172.(15+N).K.1, fd0a:N:K::1 ─ router .254 ─ LAN of site N
 * </pre>
 */
abstract class LanRouter implements AutoCloseable {
    static final String DEVICE = "eth0";
    private static final int LAN_HOST = 254;
    private static final int NETWORK_FIRST = 16; // of 172.16.0.0/12
    private static final long SOCKET_MAX_MS = 5_000;
    private static final long SOCKET_CHECK_MS = 20;

    private final LabNetwork network;
    private final LabSite site;
    private final Path directory;
    private final List<NamespaceProcess> daemons = new ArrayList<>();

    LanRouter(LabNetwork network, LabSite site, Path directory) throws IOException {
        this.network = network;
        this.site = site;
        this.directory = Files.createDirectories(directory.resolve(namespace(site)));
    }

    static String namespace(LabSite site) {
        return site.name() + "-router";
    }

    /** On the site's LAN. */
    static String address4(LabSite site) {
        return site.lan4(LAN_HOST);
    }

    static String address6(LabSite site) {
        return site.lan6(LAN_HOST);
    }

    static String network4(LabSite site, int number) {
        return "172.%d.%d.0/24".formatted(NETWORK_FIRST + site.index(), number);
    }

    static String network6(LabSite site, int number) {
        return "fd0a:%d:%d::/48".formatted(site.index() + 1, number);
    }

    /** Of a host in the router's network of that number. */
    static String host4(LabSite site, int number) {
        return "172.%d.%d.1".formatted(NETWORK_FIRST + site.index(), number);
    }

    static String host6(LabSite site, int number) {
        return "fd0a:%d:%d::1".formatted(site.index() + 1, number);
    }

    /** Its wire and its addresses; the LAN stands. */
    static void build(LabNetwork network, LabSite site) throws IOException {
        String name = namespace(site);
        network.add(name);
        LabNetwork.connect(site.name(), "lan1", name, DEVICE);
        network.in(site.name(), "sysctl -qw net.ipv6.conf.lan1.disable_ipv6=1");
        network.in(site.name(), "ip link set lan1 master " + LabNetwork.LAN_BRIDGE + " up");
        network.in(name, "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        network.in(name, "ip address add " + address4(site) + "/24 dev " + DEVICE);
        network.in(name, "ip -6 address add " + address6(site) + "/64 dev " + DEVICE + " nodad");
        network.in(name, "ip link set " + DEVICE + " up");
        for (int number = 1; number <= LanRouters.NETWORKS; number++) {
            network.in(name, "ip address add " + host4(site, number) + "/32 dev lo");
            network.in(name, "ip -6 address add " + host6(site, number) + "/128 dev lo");
        }
    }

    /** Starts the daemons, which announce nothing yet. */
    abstract void start() throws IOException, InterruptedException, LabException;

    /** By IPv4 and IPv6. */
    final void announce(int number) throws IOException {
        tell(number, true);
    }

    final void withdraw(int number) throws IOException {
        tell(number, false);
    }

    abstract void tell(int number, boolean isAnnounced) throws IOException;

    /** Whether it sends packets for both networks of that number to its site. */
    final boolean hasRoutes(LabSite other, int number) throws IOException {
        return hasRoute("-4", network4(other, number)) && hasRoute("-6", network6(other, number));
    }

    final boolean hasAnyRoute(LabSite other, int number) throws IOException {
        return hasRoute("-4", network4(other, number)) || hasRoute("-6", network6(other, number));
    }

    private boolean hasRoute(String family, String prefix) throws IOException {
        String routes = network.in(namespace(site), "ip " + family + " route show " + prefix);
        return routes.contains(" via ");
    }

    final LabSite site() {
        return site;
    }

    final Path file(String name) {
        return directory.resolve(name);
    }

    final String in(String commandLine) throws IOException {
        return network.in(namespace(site), commandLine);
    }

    final String in(List<String> command) throws IOException {
        List<String> line = List.of("ip", "netns", "exec", namespace(site));
        return Programs.run(Stream.concat(line.stream(), command.stream()).toList());
    }

    /** Returns when the daemon's socket is there. */
    final void run(String name, List<String> command, String socket)
            throws IOException, InterruptedException, LabException {
        var daemon = new NamespaceProcess(name, namespace(site), command, file(name + ".log"));
        daemons.addFirst(daemon);
        daemon.start();
        for (long ms = 0; !Files.exists(file(socket)); ms += SOCKET_CHECK_MS) {
            if (ms > SOCKET_MAX_MS || !daemon.isAlive()) {
                throw new LabException(name + " does not start: " + daemon.lastWords());
            }
            Thread.sleep(SOCKET_CHECK_MS);
        }
    }

    @Override
    public final void close() {
        daemons.forEach(NamespaceProcess::close);
    }
}
