package io.spillway.node.site;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.forward.LocalAddresses;
import io.spillway.dataplane.header.GatewayAddress;
import io.spillway.dataplane.header.GatewayAddresses;
import io.spillway.dataplane.header.RouterAdvertisement;
import io.spillway.dataplane.port.LanInterface;
import io.spillway.node.InterfaceAddress;
import io.spillway.node.SiteConfig;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.RouteSource;
import io.spillway.tap.BridgeNetfilter;
import io.spillway.tap.FrameDevice;
import io.spillway.tap.HostPort;
import io.spillway.tap.HostPortConfig;
import io.spillway.tap.HostPortConfig.TunnelPort;
import io.spillway.tap.InternetConfig;
import io.spillway.tap.InternetForwarding;
import io.spillway.tap.Layer;
import io.spillway.tap.NetworkDevice;
import io.spillway.tap.TapConfig;
import io.spillway.tap.TapDevice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the LAN side of a site as its configuration says: TAP devices on their bridges, the host
 * port, and what the data plane must know of the networks.
 */
final class LanSetup {
    private static final Logger LOG = LoggerFactory.getLogger(LanSetup.class);

    /** Locally administered, and ours by habit: 02:53:77 "Sw". */
    private static final long MAC_BASE = 0x0253_7700_0000L;

    private static final int MAC_SITE_BITS = 16;
    private static final int MAC_PORT_BITS = 8;

    private final SiteConfig config;
    private final List<DataPlane.PortSpec> ports = new ArrayList<>();
    private final List<LanInterface> interfaces = new ArrayList<>();
    private final List<SiteSetup.LocalRoute> routes = new ArrayList<>();
    private final List<SiteSetup.LocalRoute> offCloudRoutes = new ArrayList<>();
    private final List<Prefix> advertised = new ArrayList<>();
    private InternetForwarding internet;

    LanSetup(SiteConfig config) {
        this.config = config;
    }

    /** Where opened devices go to be closed. */
    interface Closing {
        <T extends AutoCloseable> T closing(T resource);
    }

    /** Opens everything; what is open when it fails is closed by {@code life}. */
    void open(Closing life) throws IOException {
        for (SiteConfig.LanPort port : config.lan()) {
            openPort(port, life);
        }
        if (!bridges().isEmpty()) {
            warnOfBridgeNetfilter();
        }
        if (config.dns() != null) {
            Prefix service = Prefix.host(config.dns().serviceAddress());
            routes.add(new SiteSetup.LocalRoute(RouteSource.POP, service, NextHop.CLOUD));
            offCloudRoutes.add(
                    new SiteSetup.LocalRoute(RouteSource.CONNECTED, service, NextHop.HOST));
        }
        if (config.hostPort().enabled()) {
            openHostPort(life);
        }
        if (config.internet() != null) {
            openInternet(life);
        }
    }

    /** Null: without Internet Recovery. */
    InternetForwarding internet() {
        return internet;
    }

    List<DataPlane.PortSpec> ports() {
        return ports;
    }

    List<SiteSetup.LocalRoute> routes() {
        return routes;
    }

    /** To services at the PoP that are ours while it is lost. */
    List<SiteSetup.LocalRoute> offCloudRoutes() {
        return offCloudRoutes;
    }

    /** What other sites reach here. */
    List<Prefix> advertised() {
        return advertised;
    }

    LocalAddresses localAddresses() {
        int[] ipv4 = new int[interfaces.size()];
        long[] ipv6 = new long[2 * interfaces.size()];
        for (LanInterface lan : interfaces) {
            GatewayAddresses own = lan.addresses();
            if (own.ipv4Count() > 0) {
                ipv4[lan.index()] = own.ipv4(0);
            }
            if (own.ipv6Count() > 0) {
                ipv6[2 * lan.index()] = own.ipv6High(0);
                ipv6[2 * lan.index() + 1] = own.ipv6Low(0);
            }
        }
        return new LocalAddresses(ipv4, ipv6);
    }

    private void openPort(SiteConfig.LanPort port, Closing life) throws IOException {
        List<FrameDevice> queues = openQueues(port.port(), life);
        if (port.bridge() != null) {
            NetworkDevice.attachToBridge(port.port(), port.bridge());
        }
        NetworkDevice.setUp(port.port());
        int portIndex = ports.size();
        int mtu = NetworkDevice.mtu(port.port());
        List<LanInterface> own = new ArrayList<>();
        for (SiteConfig.Network network : port.networks()) {
            LanInterface lan = lanInterface(portIndex, network, mtu);
            own.add(lan);
            interfaces.add(lan);
            addNetworkRoutes(network, lan.index());
        }
        port.routes().forEach(route -> addStaticRoute(route, own));
        ports.add(new DataPlane.PortSpec(queues, false, own));
    }

    private List<FrameDevice> openQueues(String name, Closing life) throws IOException {
        int count = config.dataPlane().threading().portQueues();
        TapConfig tap = new TapConfig(name, Layer.ETHERNET, true, TapConfig.OFFLOAD_ALL, count > 1);
        List<FrameDevice> queues = new ArrayList<>();
        for (int queue = 0; queue < count; queue++) {
            queues.add(life.closing(TapDevice.open(tap)));
        }
        return queues;
    }

    private LanInterface lanInterface(int port, SiteConfig.Network network, int mtu) {
        List<GatewayAddress> addresses =
                network.gateways().stream()
                        .map(InterfaceAddress::toString)
                        .map(GatewayAddress::parse)
                        .toList();
        GatewayAddresses gateway = new GatewayAddresses(mac(port), network.vlan(), addresses);
        boolean advertises = network.routerAdvertisements() && gateway.ipv6Count() > 0;
        RouterAdvertisement advertisement =
                advertises
                        ? new RouterAdvertisement(
                                gateway, RouterAdvertisement.Settings.ofMtu(mtu, List.of()))
                        : null;
        return new LanInterface(
                interfaces.size(),
                port,
                network.name(),
                gateway,
                advertisement,
                network.dhcpRelay() != null,
                network.isInternetOnly());
    }

    /** Unique on a LAN as long as no two sites share one; the same after every start. */
    private long mac(int port) {
        long site = config.site().id() & (1 << MAC_SITE_BITS) - 1;
        return MAC_BASE | site << MAC_PORT_BITS | port;
    }

    private void addNetworkRoutes(SiteConfig.Network network, int lanIndex) {
        for (InterfaceAddress gateway : network.gateways()) {
            routes.add(
                    new SiteSetup.LocalRoute(
                            RouteSource.CONNECTED, gateway.network(), NextHop.onLink(lanIndex)));
            routes.add(
                    new SiteSetup.LocalRoute(
                            RouteSource.CONNECTED, Prefix.host(gateway.address()), NextHop.HOST));
            advertised.add(gateway.network());
        }
    }

    private void addStaticRoute(SiteConfig.StaticRoute route, List<LanInterface> lans) {
        LanInterface lan =
                lans.stream()
                        .filter(candidate -> isOnLink(candidate, route.via()))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "lan.routes: via "
                                                        + route.via()
                                                        + ": is in no network of that port"));
        routes.add(
                new SiteSetup.LocalRoute(
                        RouteSource.STATIC, route.prefix(), NextHop.via(lan.index(), route.via())));
        advertised.add(route.prefix());
    }

    private static boolean isOnLink(LanInterface lan, IpAddress address) {
        return address.isIpv4()
                ? lan.addresses().isOnLink(address.toIpv4())
                : lan.addresses().isOnLink(address.high(), address.low());
    }

    /** Frames are not ours to filter there, and the setting is the machine's, not ours to end. */
    private static void warnOfBridgeNetfilter() throws IOException {
        List<String> active = BridgeNetfilter.active();
        if (!active.isEmpty()) {
            LOG.warn(
                    "bridge netfilter is on: every frame of the LAN bridges costs a walk through this"
                            + " kernel's IP rules, in vain; to end it: sysctl -w {}",
                    String.join("=0 ", active) + "=0");
        }
    }

    private void openHostPort(Closing life) throws IOException {
        Stream<String> gateways =
                config.networks()
                        .flatMap(network -> network.gateways().stream())
                        .map(InterfaceAddress::toString);
        Stream<String> services =
                offCloudRoutes.stream().map(SiteSetup.LocalRoute::prefix).map(Prefix::toString);
        List<io.spillway.tap.GatewayAddress> addresses =
                Stream.concat(gateways, services)
                        .map(io.spillway.tap.GatewayAddress::parse)
                        .toList();
        List<TunnelPort> tunnels =
                config.links().stream()
                        .map(link -> new TunnelPort(link.device(), link.port()))
                        .toList();
        HostPort host =
                life.closing(
                        HostPort.open(
                                new HostPortConfig(
                                        config.hostPort().device(),
                                        addresses,
                                        bridges(),
                                        tunnels,
                                        HostPortConfig.DEFAULT_TABLE)));
        ports.add(new DataPlane.PortSpec(host.device(), true, List.of()));
    }

    private void openInternet(Closing life) throws IOException {
        routes.add(
                new SiteSetup.LocalRoute(
                        RouteSource.STATIC, Prefix.ofIpv4(0, 0), NextHop.INTERNET));
        List<String> outside =
                new LinkSetup(config)
                        .internetCandidates().stream()
                                .map(it -> config.links().get(it.link()).device())
                                .toList();
        if (config.internet().recovery() && !outside.isEmpty()) {
            internet =
                    life.closing(
                            InternetForwarding.open(
                                    new InternetConfig(
                                            config.hostPort().device(),
                                            outside,
                                            List.of(),
                                            false,
                                            null)));
        }
    }

    private List<String> bridges() {
        return config.lan().stream()
                .map(SiteConfig.LanPort::bridge)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }
}
