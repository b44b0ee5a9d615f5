package io.spillway.node.lab;

import java.io.IOException;

/**
 * A machine on a site's LAN that serves names and addresses, and one without an address that wants
 * a lease.
 *
 * <pre>
 *   server .53 ─┬─ LAN of site N
 *   client  -  ─┘
 * </pre>
 */
final class LanServer {
    static final String CLIENT_DEVICE = "eth0";

    private static final int HOST = 53;

    private LanServer() {}

    static String namespace(LabSite site) {
        return site.name() + "-server";
    }

    static String clientNamespace(LabSite site) {
        return site.name() + "-client";
    }

    static String address(LabSite site) {
        return site.lan4(HOST);
    }

    /** Its wire and its address; the LAN stands. */
    static void build(LabNetwork network, LabSite site) throws IOException {
        String name = namespace(site);
        plugIn(network, site, name, "lan1");
        network.in(name, "ip address add " + address(site) + "/24 dev eth0");
        network.in(name, "ip link set eth0 up");
        network.in(name, "ip route add default via " + site.lan4(1));
    }

    static void buildClient(LabNetwork network, LabSite site) throws IOException {
        plugIn(network, site, clientNamespace(site), "lan2");
        network.in(clientNamespace(site), "ip link set " + CLIENT_DEVICE + " up");
    }

    private static void plugIn(LabNetwork network, LabSite site, String name, String device)
            throws IOException {
        network.add(name);
        LabNetwork.connect(site.name(), device, name, CLIENT_DEVICE);
        network.in(site.name(), "sysctl -qw net.ipv6.conf." + device + ".disable_ipv6=1");
        network.in(
                site.name(), "ip link set " + device + " master " + LabNetwork.LAN_BRIDGE + " up");
    }
}
