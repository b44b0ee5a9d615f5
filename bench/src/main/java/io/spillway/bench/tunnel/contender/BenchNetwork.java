package io.spillway.bench.tunnel.contender;

import io.spillway.node.lab.Programs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two hosts, two sites and the wires between them ({@link Side}), all namespaces of this machine;
 * made anew for each tunnel that is measured.
 */
public final class BenchNetwork implements AutoCloseable {
    static final String WAN_DEVICE = "wan0";
    static final String LAN_DEVICE = "lan0";
    static final String LAN_BRIDGE = "br-lan";
    private static final String HOST_DEVICE = "eth0";
    private static final int WAN_MTU = 1500;

    /** {@code -e}: not every kernel has these. */
    private static final String NO_BRIDGE_NETFILTER =
            "sysctl -eqw net.bridge.bridge-nf-call-iptables=0"
                    + " net.bridge.bridge-nf-call-ip6tables=0";

    private final List<String> namespaces = new ArrayList<>();
    private final int wanMtu;

    private BenchNetwork(int wanMtu) {
        this.wanMtu = wanMtu;
    }

    public static BenchNetwork build(Wan wan) throws IOException {
        return build(wan, WAN_MTU);
    }

    /**
     * @param wanMtu of the wire between the sites
     */
    public static BenchNetwork build(Wan wan, int wanMtu) throws IOException {
        BenchNetwork network = new BenchNetwork(wanMtu);
        try {
            for (Side side : Side.values()) {
                network.add(side.site());
                network.in(side.site(), "sysctl -qw net.ipv4.conf.all.rp_filter=0");
                network.in(side.site(), "sysctl -qw net.ipv4.conf.default.rp_filter=0");
                network.add(side.host());
                network.buildLan(side);
            }
            network.buildWan(wan);
            return network;
        } catch (IOException e) {
            network.close();
            throw e;
        }
    }

    int wanMtu() {
        return wanMtu;
    }

    /** Adds an empty namespace, removed with the rest. */
    void add(String namespace) throws IOException {
        Programs.run("ip netns add " + namespace);
        namespaces.add(namespace);
        in(namespace, "ip link set lo up");
        in(namespace, "sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        in(namespace, "sysctl -qw net.ipv6.conf.default.disable_ipv6=1");
    }

    /** Runs a command line of words without quoting inside a namespace. */
    String in(String namespace, String commandLine) throws IOException {
        return Programs.run("ip netns exec " + namespace + " " + commandLine);
    }

    /** A veth whose ends are in two namespaces, both up. */
    void connect(String namespace, String device, String otherNamespace, String otherDevice)
            throws IOException {
        String veth = "ip link add %s netns %s type veth peer name %s netns %s";
        Programs.run(veth.formatted(device, namespace, otherDevice, otherNamespace));
        in(namespace, "ip link set " + device + " up");
        in(otherNamespace, "ip link set " + otherDevice + " up");
    }

    void address(String namespace, String device, String address) throws IOException {
        in(namespace, "ip address add " + address + " dev " + device);
    }

    private void buildLan(Side side) throws IOException {
        connect(side.site(), LAN_DEVICE, side.host(), HOST_DEVICE);
        address(side.host(), HOST_DEVICE, side.hostAddress() + "/24");
        in(side.host(), "ip route add default via " + side.gateway());
    }

    private void buildWan(Wan wan) throws IOException {
        connect(Side.A.site(), WAN_DEVICE, Side.B.site(), WAN_DEVICE);
        for (Side side : Side.values()) {
            address(side.site(), WAN_DEVICE, side.wanAddress() + "/30");
            in(side.site(), "ip link set " + WAN_DEVICE + " mtu " + wanMtu);
            if (wan == Wan.HONEST) makeHonest(side);
        }
    }

    /**
     * Otherwise a veth carries a super-datagram unsegmented and the figures flatter (DESIGN §3).
     */
    private void makeHonest(Side side) throws IOException {
        in(
                side.site(),
                "ethtool -K "
                        + WAN_DEVICE
                        + " tx-udp-segmentation off gro on rx-udp-gro-forwarding on");
    }

    /** The site's kernel is its LAN's gateway and routes: for everyone who has no LAN port. */
    void routeLans() throws IOException {
        for (Side side : Side.values()) {
            address(side.site(), LAN_DEVICE, side.gateway() + "/24");
            in(side.site(), "sysctl -qw net.ipv4.ip_forward=1");
        }
    }

    /** The LAN is a bridge without addresses, for a data plane that puts its port there. */
    void bridgeLans() throws IOException {
        for (Side side : Side.values()) {
            in(side.site(), NO_BRIDGE_NETFILTER);
            in(side.site(), "ip link add " + LAN_BRIDGE + " type bridge mcast_snooping 0");
            in(side.site(), "sysctl -qw net.ipv4.conf." + LAN_BRIDGE + ".arp_ignore=8");
            in(side.site(), "ip link set " + LAN_DEVICE + " master " + LAN_BRIDGE);
            in(side.site(), "ip link set " + LAN_BRIDGE + " up");
        }
    }

    /** Whether hosts and LANs work with super-frames or with frames of 1500 bytes only. */
    public void offloadLans(boolean isOn) throws IOException {
        String value = isOn ? "on" : "off";
        String features = " tso " + value + " gso " + value + " gro " + value;
        for (Side side : Side.values()) {
            in(side.host(), "ethtool -K " + HOST_DEVICE + features);
            in(side.site(), "ethtool -K " + LAN_DEVICE + features);
        }
    }

    /** The namespaces go when nobody is in them any more. */
    @Override
    public void close() throws IOException {
        for (String namespace : namespaces) {
            Programs.run("ip netns delete " + namespace);
        }
        namespaces.clear();
    }
}
