package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lab's wires: an Internet that routes, one PoP and the sites at its edge, a host behind each
 * site.
 *
 * <p>Everything lives in named network namespaces, which the end of the lab's private PID namespace
 * removes.
 */
final class LabNetwork {
    static final String LAN_BRIDGE = "br-lan";
    static final String WAN_DEVICE = "wan0";
    static final String POP_DEVICE = "eth0";
    static final String POP_INTERNET_DEVICE = "to-pop";

    /** {@code -e}: not every kernel has these. */
    private static final String NO_BRIDGE_NETFILTER =
            "sysctl -eqw net.bridge.bridge-nf-call-iptables=0"
                    + " net.bridge.bridge-nf-call-ip6tables=0";

    private static final Path NAMESPACES = Path.of("/run/netns");
    private final List<LabSite> sites;
    private final LabShape shape;
    private final ExtraUplinks extra;
    private final List<String> made = new ArrayList<>();

    LabNetwork(List<LabSite> sites, LabShape shape) {
        this.sites = List.copyOf(sites);
        this.shape = shape;
        extra = new ExtraUplinks(this, shape);
    }

    List<LabSite> sites() {
        return sites;
    }

    Path namespacePath(String name) {
        return NAMESPACES.resolve(name);
    }

    /** All namespaces that stand, in the order they were made. */
    List<String> namespaces() {
        return List.copyOf(made);
    }

    /** Runs a command line inside a namespace. */
    String in(String name, String commandLine) throws IOException {
        return Programs.run("ip netns exec " + name + " " + commandLine);
    }

    void build() throws IOException {
        buildInternet();
        extra.buildShared();
        for (LabPop pop : shape.pops()) {
            attach(pop.namespace(), POP_DEVICE, pop.internetDevice(), pop.address(), pop.gateway());
        }
        if (shape.has(LabPart.SERVER)) {
            InternetServer.build(this);
        }
        if (shape.has(LabPart.RECEIVER)) {
            NoticeReceiver.build(this);
        }
        for (LabSite site : sites) {
            buildUplink(site);
            extra.build(site);
            buildLan(site);
            if (shape.hasRouter(site)) {
                LanRouter.build(this, site);
            }
            if (shape.hasGuest(site)) {
                LanGuest.build(this, site);
            }
            if (shape.has(LabPart.NAMES)) {
                NameServers.build(this, site);
            }
        }
    }

    /** PoP nodes in order of preference. */
    List<LabPop> pops() {
        return shape.pops();
    }

    /** Where a static rule of the site's box leads to it; null: there is none. */
    String forwarded(LabSite site) {
        return shape.nat(site) == NatKind.STATIC_FORWARD ? site.wanAddress() : null;
    }

    /** Lines of a site's configuration for what it has beside its first WAN. */
    String extraLinks() {
        return extra.links();
    }

    boolean hasGuest(LabSite site) {
        return shape.hasGuest(site);
    }

    boolean has(LabPart part) {
        return shape.has(part);
    }

    /** What the site's configuration says of a router on its LAN. */
    String bgp(LabSite site) {
        if (!shape.hasRouter(site)) {
            return "";
        }
        boolean isFirst = site.index() == 0;
        String neighbours = isFirst ? FrrRouter.neighbours(site) : BirdRouter.neighbours(site);
        return "hostPort: {enabled: true, device: spw-host}\nbgp:\n  as: %d\n  neighbours:\n%s"
                .formatted(site.as(), neighbours);
    }

    /** The site's, on that uplink; the first one's without a NAT. */
    String gateway(LabSite site, LabUplink uplink) {
        return extra.gateway(site, uplink);
    }

    /** Again, after its device was removed. */
    void plugIn(LabSite site, LabUplink uplink) throws IOException {
        extra.plugIn(site, uplink);
    }

    private void buildUplink(LabSite site) throws IOException {
        NatKind nat = shape.nat(site);
        if (nat == NatKind.NONE) {
            attach(
                    site.name(),
                    WAN_DEVICE,
                    site.internetDevice(),
                    site.wanAddress(),
                    site.wanGateway());
            return;
        }
        add(site.name());
        boolean isSecondAtBox = shape.isShared() && site.index() > 0;
        String box = isSecondAtBox ? sites.getFirst().natBox(1) : buildBoxes(site, nat);
        String inside = isSecondAtBox ? "lan" + site.index() : NatBox.INSIDE_DEVICE;
        connect(box, inside, site.name(), WAN_DEVICE);
        configureWire(box, inside, site.gatewayBehindNat());
        configureWire(site.name(), WAN_DEVICE, site.addressBehindNat());
        in(site.name(), "ip route add default via " + site.gatewayBehindNat());
    }

    /** From the Internet inwards; returns the one that is next to the site. */
    private String buildBoxes(LabSite site, NatKind nat) throws IOException {
        String outer = site.natBox(nat.boxes());
        attach(
                outer,
                NatBox.OUTSIDE_DEVICE,
                site.internetDevice(),
                site.wanAddress(),
                site.wanGateway());
        boolean isForwarding = nat == NatKind.STATIC_FORWARD;
        String forwarded = isForwarding ? site.addressBehindNat() + ":" + LabSite.WAN_PORT : null;
        new NatBox(this, outer).configure(nat, forwarded);
        if (nat.boxes() == 1) {
            return outer;
        }
        String inner = site.natBox(1);
        add(inner);
        connect(outer, NatBox.INSIDE_DEVICE, inner, NatBox.OUTSIDE_DEVICE);
        configureWire(outer, NatBox.INSIDE_DEVICE, site.providerGateway());
        configureWire(inner, NatBox.OUTSIDE_DEVICE, site.providerAddress());
        in(inner, "ip route add default via " + site.providerGateway());
        new NatBox(this, inner).configure(nat, null);
        return inner;
    }

    static void connect(String one, String device, String other, String otherDevice)
            throws IOException {
        String veth = "ip link add %s netns %s type veth peer name %s netns %s";
        Programs.run(veth.formatted(device, one, otherDevice, other));
    }

    private void buildInternet() throws IOException {
        String inet = LabSite.INTERNET_NAMESPACE;
        add(inet);
        in(inet, "sysctl -qw net.ipv4.ip_forward=1");
        in(inet, "nft add table ip lab");
        in(inet, "nft add chain ip lab cut { type filter hook forward priority 0 ; }");
    }

    /** A namespace at the edge of the Internet, its default route through it. */
    void attach(String name, String device, String internetDevice, String address, String gateway)
            throws IOException {
        String inet = LabSite.INTERNET_NAMESPACE;
        add(name);
        connect(inet, internetDevice, name, device);
        configureWire(LabSite.INTERNET_NAMESPACE, internetDevice, gateway);
        configureWire(name, device, address);
        in(name, "ip route add default via " + gateway);
    }

    void configureWire(String name, String device, String address) throws IOException {
        in(name, "sysctl -qw net.ipv6.conf." + device + ".disable_ipv6=1");
        in(name, "ip address add " + address + "/30 dev " + device);
        in(name, "ip link set " + device + " up");
        makeHonest(name, device);
    }

    /**
     * Otherwise a veth carries a super-datagram unsegmented and the figures flatter (DESIGN §3).
     * Nor does it coalesce what another machine forwards, as a real card would, unless its peer has
     * no TCP segmentation.
     */
    private void makeHonest(String name, String device) throws IOException {
        in(
                name,
                "ethtool -K "
                        + device
                        + " tx-udp-segmentation off tso off gro on rx-udp-gro-forwarding on");
    }

    private void buildLan(LabSite site) throws IOException {
        in(site.name(), NO_BRIDGE_NETFILTER);
        in(site.name(), "ip link add " + LAN_BRIDGE + " type bridge mcast_snooping 0");
        in(site.name(), "sysctl -qw net.ipv6.conf." + LAN_BRIDGE + ".disable_ipv6=1");
        in(site.name(), "sysctl -qw net.ipv4.conf." + LAN_BRIDGE + ".arp_ignore=8");
        in(site.name(), "ip link set " + LAN_BRIDGE + " up");
        add(site.hostNamespace());
        connect(site.name(), "lan0", site.hostNamespace(), "eth0");
        in(site.name(), "sysctl -qw net.ipv6.conf.lan0.disable_ipv6=1");
        in(site.name(), "ip link set lan0 master " + LAN_BRIDGE + " up");
        configureHost(site);
    }

    private void configureHost(LabSite site) throws IOException {
        String host = site.hostNamespace();
        in(host, "sysctl -qw net.ipv6.conf.eth0.accept_ra=0");
        // No duplicate detection: an address that is still tentative answers nothing in the first
        // second.
        in(host, "sysctl -qw net.ipv6.conf.eth0.accept_dad=0");
        in(host, "ip address add " + site.hostAddress() + "/24 dev eth0");
        in(host, "ip -6 address add " + site.hostAddress6() + "/64 dev eth0 nodad");
        in(host, "ip link set eth0 up");
        in(host, "ip route add default via " + site.lan4(1));
        in(host, "ip -6 route add default via " + site.lan6(1));
    }

    /** For the next lab of the same process; all that runs inside must have ended. */
    void remove() throws IOException {
        for (String name : made) {
            Programs.run("ip netns del " + name);
        }
        made.clear();
    }

    void add(String name) throws IOException {
        Programs.run("ip netns add " + name);
        made.add(name);
        in(name, "ip link set lo up");
    }
}
