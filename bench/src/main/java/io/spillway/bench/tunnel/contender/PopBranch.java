package io.spillway.bench.tunnel.contender;

import java.io.IOException;

/**
 * A PoP that both sites reach by their WAN device, while the wire between the sites stays what it
 * is: each site's packets to the PoP cross it and are forwarded by the other site.
 *
 * <pre>
 *   site-a wan0 ───────────── wan0 site-b
 *      │ pop0                     pop0 │
 *      │ 100.64.1.0/30   100.64.2.0/30 │
 *      └──── to-a ── inet ── to-b ─────┘
 *                     │ 203.0.113.8/30
 *                     └── eth0 pop 203.0.113.10
 * </pre>
 */
final class PopBranch {
    static final String NAMESPACE = "pop";
    static final String DEVICE = "eth0";
    static final String ADDRESS = "203.0.113.10";

    private static final String GATEWAY = "203.0.113.9";
    private static final String INTERNET = "inet";
    private static final String INTERNET_DEVICE = "to-pop";
    private static final String SITE_DEVICE = "pop0";
    private final BenchNetwork network;

    PopBranch(BenchNetwork network) {
        this.network = network;
    }

    void build() throws IOException {
        network.add(NAMESPACE);
        network.add(INTERNET);
        network.in(INTERNET, "sysctl -qw net.ipv4.ip_forward=1");
        network.connect(NAMESPACE, DEVICE, INTERNET, INTERNET_DEVICE);
        network.address(NAMESPACE, DEVICE, ADDRESS + "/30");
        network.address(INTERNET, INTERNET_DEVICE, GATEWAY + "/30");
        network.in(NAMESPACE, "ip route add default via " + GATEWAY);
        for (Side side : Side.values()) {
            attach(side);
        }
    }

    private void attach(Side side) throws IOException {
        String subnet = "100.64." + side.number() + ".";
        String device = "to-" + side.letter();
        network.connect(side.site(), SITE_DEVICE, INTERNET, device);
        network.address(side.site(), SITE_DEVICE, subnet + "2/30");
        network.address(INTERNET, device, subnet + "1/30");
        network.in(side.site(), "sysctl -qw net.ipv4.ip_forward=1");
        // What the other site sends is forwarded; what a socket bound to the WAN device sends takes
        // the second route, the only one by that device.
        String route = "ip route add " + ADDRESS + " via ";
        network.in(side.site(), route + subnet + "1 metric 1");
        network.in(side.site(), route + side.other().wanAddress() + " metric 2");
        String back = "ip route add " + side.other().wanAddress() + " via " + subnet + "2";
        network.in(INTERNET, back);
    }
}
