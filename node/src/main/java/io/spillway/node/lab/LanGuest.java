package io.spillway.node.lab;

import java.io.IOException;

/**
 * A second network of the first site, on a port of its own, with a host in it.
 *
 * <pre>
 *   host .10 ─ 10.N.0.0/24, fd00:N::/64 ─ .1 site .1 ─ 10.N.20.0/24, fd00:N:20::/64 ─ .10 guest
 * </pre>
 */
final class LanGuest {
    static final String NETWORK = "guests";

    private static final int NUMBER = 20;
    private static final String DEVICE = "eth0";
    private static final String BRIDGE = "br-guest";
    private static final String PORT = "spw-guest";
    private static final int HOST = 10;

    private LanGuest() {}

    static String namespace(LabSite site) {
        return site.name() + "-guest";
    }

    static String address4(LabSite site) {
        return address4(site, HOST);
    }

    static String address6(LabSite site) {
        return address6(site, HOST);
    }

    private static String address4(LabSite site, int last) {
        return "10.%d.%d.%d".formatted(site.index() + 1, NUMBER, last);
    }

    private static String address6(LabSite site, int last) {
        return "fd00:%d:%d::%d".formatted(site.index() + 1, NUMBER, last);
    }

    /** Its wire and its addresses. */
    static void build(LabNetwork network, LabSite site) throws IOException {
        String name = namespace(site);
        network.add(name);
        network.in(site.name(), "ip link add " + BRIDGE + " type bridge mcast_snooping 0");
        network.in(site.name(), "sysctl -qw net.ipv6.conf." + BRIDGE + ".disable_ipv6=1");
        network.in(site.name(), "ip link set " + BRIDGE + " up");
        LabNetwork.connect(site.name(), "lan1", name, DEVICE);
        network.in(site.name(), "sysctl -qw net.ipv6.conf.lan1.disable_ipv6=1");
        network.in(site.name(), "ip link set lan1 master " + BRIDGE + " up");
        network.in(name, "ip address add " + address4(site) + "/24 dev " + DEVICE);
        network.in(name, "ip -6 address add " + address6(site) + "/64 dev " + DEVICE + " nodad");
        network.in(name, "ip link set " + DEVICE + " up");
        network.in(name, "ip route add default via " + address4(site, 1));
        network.in(name, "ip -6 route add default via " + address6(site, 1));
    }

    /**
     * The port as the site's configuration has it, another item of a list.
     *
     * @param isInternetOnly other sites are kept from it
     */
    static String configuration(LabSite site, boolean isInternetOnly) {
        String wan = isInternetOnly ? "internet-only" : "all";
        return """
          - port: %s
            bridge: %s
            networks: [{name: %s, vlan: 0, gateways: ["%s/24", "%s/64"], wan: %s}]
        """
                .formatted(PORT, BRIDGE, NETWORK, address4(site, 1), address6(site, 1), wan);
    }
}
