package io.spillway.node;

import io.spillway.control.readiness.ProofConfig;
import io.spillway.node.SiteConfig.LanPort;
import io.spillway.node.SiteConfig.Link;
import io.spillway.node.SiteConfig.Network;
import io.spillway.node.SiteConfig.OffCloud;
import io.spillway.node.SiteConfig.ReturnBackoff;
import io.spillway.node.SiteConfig.StaticRoute;
import io.spillway.routing.fib.IpAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold between the values of a {@code site.yaml} and no schema can say. */
final class SiteChecks {

    private static final Duration PROBE_INTERVAL_MIN = Duration.ofMillis(10);

    private static final Duration PROOF_INTERVAL_MIN = Duration.ofSeconds(1);
    private static final Duration PROOF_WINDOW_MAX = Duration.ofMinutes(10);

    /** A PoP takes a site that is silent for a second as gone: three probes fit in. */
    private static final Duration PROBE_INTERVAL_MAX = Duration.ofMillis(300);

    /** A site is not to go to and fro between PoPs. */
    private static final Duration POP_RETRY_MIN = Duration.ofSeconds(10);

    /** Prefix length that stateless address configuration works with (RFC 4862). */
    private static final int SLAAC_PREFIX_LENGTH = 64;

    private final SiteConfig config;
    private final ConfigTree tree;

    /** Value to the key that had it first, per thing that must be unique. */
    private final Map<String, String> devices = new HashMap<>();

    private final Map<InterfaceAddress, String> gateways = new HashMap<>();

    private final Map<String, String> fixedEnds = new HashMap<>();

    private SiteChecks(SiteConfig config, ConfigTree tree) {
        this.config = config;
        this.tree = tree;
    }

    static void check(SiteConfig config, ConfigTree tree) {
        new SiteChecks(config, tree).all();
    }

    private void all() {
        pops();
        links();
        internet();
        linkQuality();
        for (int i = 0; i < config.lan().size(); i++) {
            port("lan[" + i + "]", config.lan().get(i));
        }
        if (config.hostPort().enabled()) {
            unique(devices, config.hostPort().device(), "hostPort.device");
        }
        if (config.internet() != null) {
            breakout(config.internet());
        }
        if (config.bgp() != null) {
            new BgpChecks(config, tree).check();
        }
        if (config.dns() != null) {
            new DnsChecks(config, tree).check();
        }
        probe();
        proofs();
        liveRoutes();
        backoff();
        config.pmtu().check(tree);
        config.dataPlane().check(tree);
        if (config.notices() != null) {
            config.notices().check(tree);
        }
    }

    /** Those of one name are nodes of one PoP. */
    private void pops() {
        Map<String, String> addresses = new HashMap<>();
        boolean isIpv4 = config.pops().getFirst().address() instanceof Inet4Address;
        for (int i = 0; i < config.pops().size(); i++) {
            SiteConfig.Pop pop = config.pops().get(i);
            String key = "pops[" + i + "]";
            unique(addresses, text(pop.address()), key + ".address");
            if (pop.address() instanceof Inet4Address != isIpv4) {
                tree.mistake(
                        key + ".address",
                        text(pop.address()) + ": expected the address family of pops[0]");
            }
            if (pop.alternatePort() == pop.tunnelPort()) {
                tree.mistake(
                        key + ".alternatePort",
                        pop.alternatePort() + ": expected another port than tunnelPort");
            }
        }
        if (config.preferredPopRetry().compareTo(POP_RETRY_MIN) < 0) {
            tree.mistake(
                    "preferredPopRetry",
                    DurationText.of(config.preferredPopRetry()) + ": expected at least 10s");
        }
    }

    private void links() {
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < config.links().size(); i++) {
            Link link = config.links().get(i);
            String key = "links[" + i + "]";
            unique(names, link.name(), key + ".name");
            unique(devices, link.device(), key + ".device");
            if (link.port() == 0) {
                tree.mistake(key + ".port", "missing, expected 1..65535");
            }
            if (link.isAltWan() && link.offCloud().publicIp() != null) {
                tree.mistake(
                        key + ".offCloud.publicIp",
                        text(link.offCloud().publicIp()) + ": expected none with role alt-wan");
            }
            offCloud(key + ".offCloud", link.offCloud());
        }
    }

    private void internet() {
        if (config.links().stream().allMatch(Link::isAltWan)) {
            tree.mistake("links", "expected one with role internet: it leads to the PoP");
        }
    }

    private void breakout(SiteConfig.Internet internet) {
        if (config.networks().noneMatch(network -> network.gateway(true).isPresent())) {
            tree.mistake("internet", "expected an IPv4 gateway in a network of the LAN");
        }
        if (internet.recovery() && !config.hostPort().enabled()) {
            tree.mistake("internet.recovery", "true: expected false, or hostPort.enabled");
        }
    }

    private void linkQuality() {
        positive("linkQuality.jitter", config.linkQuality().jitter());
        positive("linkQuality.latency", config.linkQuality().latency());
    }

    private void positive(String key, Duration value) {
        if (value.isZero()) {
            tree.mistake(key, "0ms: expected at least 1ms");
        }
    }

    private void offCloud(String key, OffCloud offCloud) {
        boolean hasPort = offCloud.publicStaticPort() != 0;
        if (offCloud.publicIp() == null && hasPort) {
            tree.mistake(
                    key + ".publicStaticPort",
                    offCloud.publicStaticPort() + ": expected publicIp beside it");
        } else if (offCloud.publicIp() != null && !hasPort) {
            tree.mistake(
                    key + ".publicIp",
                    text(offCloud.publicIp()) + ": expected publicStaticPort beside it");
        } else if (hasPort) {
            fixed(key, offCloud);
        }
    }

    /** R153: behind one public address every link needs its own port. */
    private void fixed(String key, OffCloud offCloud) {
        String address = text(offCloud.publicIp());
        InetAddress pop = config.pops().getFirst().address();
        if (offCloud.publicIp() instanceof Inet4Address != pop instanceof Inet4Address) {
            tree.mistake(key + ".publicIp", address + ": expected the PoP's address family");
        }
        String end = address + " port " + offCloud.publicStaticPort();
        String first = fixedEnds.putIfAbsent(end, key);
        if (first != null) {
            tree.mistake(
                    key + ".publicStaticPort",
                    end
                            + ": expected another port than "
                            + first
                            + " has: links behind one public address need one each");
        }
    }

    private static String text(InetAddress address) {
        return address.getHostAddress();
    }

    private void port(String key, LanPort port) {
        unique(devices, port.port(), key + ".port");
        if (port.bridge() != null) {
            unique(devices, port.bridge(), key + ".bridge");
        }
        Map<String, String> names = new HashMap<>();
        Map<Integer, String> vlans = new HashMap<>();
        for (int i = 0; i < port.networks().size(); i++) {
            Network network = port.networks().get(i);
            String networkKey = key + ".networks[" + i + "]";
            unique(names, network.name(), networkKey + ".name");
            unique(vlans, network.vlan(), networkKey + ".vlan");
            network(networkKey, network);
        }
        for (int i = 0; i < port.routes().size(); i++) {
            route(key + ".routes[" + i + "]", port, port.routes().get(i));
        }
    }

    private void network(String key, Network network) {
        for (int i = 0; i < network.gateways().size(); i++) {
            gateway(key + ".gateways[" + i + "]", network.gateways().get(i));
        }
        if (network.isInternetOnly() && config.internet() == null) {
            tree.mistake(key + ".wan", "internet-only: expected the key internet beside lan");
        }
        boolean slaac =
                network.gateways().stream()
                        .anyMatch(
                                g ->
                                        !g.address().isIpv4()
                                                && g.network().length() == SLAAC_PREFIX_LENGTH);
        if (network.routerAdvertisements() && !slaac) {
            tree.mistake(
                    key + ".routerAdvertisements",
                    "true: expected false, or an IPv6 gateway with /64 among the gateways");
        }
        if (network.dhcpRelay() != null) {
            dhcpRelay(key, network);
        }
    }

    private void dhcpRelay(String key, Network network) {
        IpAddress server = network.dhcpRelay().server();
        String serverKey = key + ".dhcpRelay.server";
        if (!config.hostPort().enabled()) {
            tree.mistake(
                    "hostPort.enabled",
                    "false: expected true, since dhcpRelay needs the host port");
        }
        if (network.gateway(true).isEmpty()) {
            tree.mistake(key + ".gateways", "expected an IPv4 gateway, since there is a dhcpRelay");
        }
        if (!server.isIpv4()) {
            tree.mistake(serverKey, server + ": expected an IPv4 address");
        } else if (isGateway(server)) {
            tree.mistake(
                    serverKey, server + ": expected no gateway address: there the relay listens");
        } else if (network.gateways().stream().anyMatch(own -> own.network().contains(server))) {
            tree.mistake(
                    serverKey,
                    server + ": expected one outside this network, where no relay is needed");
        }
    }

    private boolean isGateway(IpAddress address) {
        return config.networks()
                .flatMap(network -> network.gateways().stream())
                .anyMatch(gateway -> gateway.address().equals(address));
    }

    private void gateway(String key, InterfaceAddress gateway) {
        for (Map.Entry<InterfaceAddress, String> other : gateways.entrySet()) {
            if (gateway.overlaps(other.getKey())) {
                tree.mistake(
                        key,
                        gateway
                                + ": expected a network of its own, overlaps with "
                                + other.getKey()
                                + " of "
                                + other.getValue());
                return;
            }
        }
        gateways.put(gateway, key);
    }

    private void route(String key, LanPort port, StaticRoute route) {
        boolean isDefault = route.prefix().isDefault() && route.prefix().isIpv4();
        if (isDefault && config.internet() != null) {
            tree.mistake(key + ".prefix", route.prefix() + ": expected none beside internet");
        }
        List<InterfaceAddress> reachable =
                port.networks().stream().flatMap(n -> n.gateways().stream()).toList();
        IpAddress via = route.via();
        if (reachable.stream()
                .noneMatch(g -> g.network().contains(via) && !g.address().equals(via))) {
            tree.mistake(
                    key + ".via",
                    via
                            + ": expected a neighbour in one of "
                            + port.port()
                            + "'s networks "
                            + reachable);
        } else if (route.prefix().isIpv4() != via.isIpv4()) {
            tree.mistake(key + ".via", via + ": expected the address family of " + route.prefix());
        }
    }

    private void proofs() {
        Duration interval = config.readiness().proofInterval();
        Duration window = config.readiness().proofWindow();
        if (interval.compareTo(PROOF_INTERVAL_MIN) < 0) {
            tree.mistake(
                    "readiness.proofInterval", DurationText.of(interval) + ": expected 1s or more");
        }
        Duration least = interval.multipliedBy(ProofConfig.CHANCES);
        if (window.compareTo(least) < 0 || window.compareTo(PROOF_WINDOW_MAX) > 0) {
            String range = DurationText.of(least) + ".." + DurationText.of(PROOF_WINDOW_MAX);
            tree.mistake("readiness.proofWindow", DurationText.of(window) + ": expected " + range);
        }
    }

    private void probe() {
        Duration interval = config.probe().interval();
        if (interval.compareTo(PROBE_INTERVAL_MIN) < 0
                || interval.compareTo(PROBE_INTERVAL_MAX) > 0) {
            tree.mistake("probe.interval", DurationText.of(interval) + ": expected 10ms..300ms");
        }
    }

    private void liveRoutes() {
        SiteConfig.Recovery recovery = config.recovery();
        if (recovery.liveRoutes() && !recovery.freeze()) {
            tree.mistake("recovery.liveRoutes", "true: expected false, or recovery.freeze");
        }
    }

    private void backoff() {
        ReturnBackoff backoff = config.recovery().returnBackoff();
        positive("recovery.returnBackoff.first", backoff.first());
        if (backoff.max().compareTo(backoff.first()) < 0) {
            tree.mistake(
                    "recovery.returnBackoff.max",
                    DurationText.of(backoff.max())
                            + ": expected at least "
                            + DurationText.of(backoff.first())
                            + ", which is recovery.returnBackoff.first");
        }
    }

    private <V> void unique(Map<V, String> seen, V value, String key) {
        String first = seen.putIfAbsent(value, key);
        if (first != null) {
            tree.mistake(key, value + ": expected another value than " + first + " has");
        }
    }
}
