package io.spillway.node.lab;

import java.io.IOException;

/** Point-to-point VXLAN devices with an address at each end: 172.16.N.END/30 and fd01:N::END/64. */
final class KernelTunnel {
    private KernelTunnel() {}

    static void add(
            LabNetwork network, String name, String device, long id, String local, String remote)
            throws IOException {
        String add = "ip link add %s type vxlan id %d local %s remote %s dstport 4789";
        network.in(name, add.formatted(device, id, local, remote));
        network.in(name, "ip link set " + device + " up");
    }

    static void address(LabNetwork network, String name, String device, int number, int end)
            throws IOException {
        network.in(name, "ip address add 172.16.%d.%d/30 dev %s".formatted(number, end, device));
        String add6 = "ip -6 address add fd01:%d::%d/64 dev %s nodad";
        network.in(name, add6.formatted(number, end, device));
    }

    /** Sends what is for the site's LAN through the tunnel, to its other end. */
    static void route(
            LabNetwork network, String name, LabSite to, String device, int number, int farEnd)
            throws IOException {
        String via4 = "via 172.16.%d.%d dev %s".formatted(number, farEnd, device);
        network.in(name, "ip route replace %s/24 %s".formatted(to.lan4(0), via4));
        String via6 = "via fd01:%d::%d dev %s".formatted(number, farEnd, device);
        network.in(name, "ip -6 route replace fd00:%d::/64 %s".formatted(to.index() + 1, via6));
    }

    static void unroute(LabNetwork network, String name, LabSite to) throws IOException {
        network.in(name, "ip route replace unreachable %s/24".formatted(to.lan4(0)));
        network.in(name, "ip -6 route del fd00:%d::/64".formatted(to.index() + 1));
    }
}
