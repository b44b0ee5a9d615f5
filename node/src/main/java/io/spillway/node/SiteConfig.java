package io.spillway.node;

import static java.util.Comparator.comparingInt;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A checked {@code site.yaml}. Immutable. What a file may leave out and what it then means is in
 * {@code site.schema.json}; a null or 0 below is said where it can occur.
 *
 * @param identity directory of the site's key and certificates
 * @param state directory of what survives a restart
 * @param pops PoP nodes in order of preference; those of one PoP have its name
 * @param preferredPopRetry how long a site stays at another PoP before it tries a better one
 * @param internet null: no traffic of this site goes to the Internet
 * @param bgp null: none is spoken
 * @param lanFirewall null: everything is allowed between the LAN's networks
 * @param dns null: hosts have no resolver here while the cloud is lost
 * @param metrics null: there are none
 * @param keyLog null: no key log
 */
public record SiteConfig(
        Site site,
        Path identity,
        Path state,
        Path commandSocket,
        List<Pop> pops,
        Duration preferredPopRetry,
        List<Link> links,
        List<LanPort> lan,
        HostPort hostPort,
        Internet internet,
        BgpConfig bgp,
        LanFirewall lanFirewall,
        Dns dns,
        Probe probe,
        PathMtuConfig pmtu,
        Recovery recovery,
        Readiness readiness,
        LinkQuality linkQuality,
        OffCloudLimit offCloud,
        DataPlaneConfig dataPlane,
        MetricsConfig metrics,
        Path keyLog) {

    public static final String CHINA = "china";

    public SiteConfig {
        pops = List.copyOf(pops);
        links = List.copyOf(links);
        lan = List.copyOf(lan);
    }

    /** Reads and checks {@code file}; the exception lists all mistakes in it. */
    public static SiteConfig read(Path file) throws ConfigException {
        return ConfigFile.SITE.read(file);
    }

    /**
     * @param id unsigned, never 0
     * @param region {@code world} or {@link #CHINA}
     */
    public record Site(long id, String name, String account, String region) {}

    /**
     * @param alternatePort another UDP port of its tunnels (D56)
     */
    public record Pop(
            String name, InetAddress address, int tunnelPort, int alternatePort, int channelPort) {}

    /**
     * A WAN link.
     *
     * @param role {@code internet} or {@code alt-wan}
     * @param port of its UDP sockets; 0 only where the check has yet to refuse it
     * @param address null: whichever the device has at the moment
     * @param precedence 1 (first) to 3 (last resort)
     * @param mtu 0: the device's
     * @param bandwidth null: what is sent is not shaped
     */
    public record Link(
            String name,
            String role,
            String device,
            InetAddress address,
            int port,
            int precedence,
            int mtu,
            LinkBandwidth bandwidth,
            OffCloud offCloud) {
        private static final String ALT_WAN = "alt-wan";
        private static final int ALT_WAN_PORT = 20049; // F11, D56

        public Link {
            port = port == 0 && role.equals(ALT_WAN) ? ALT_WAN_PORT : port;
        }

        public boolean isAltWan() {
            return role.equals(ALT_WAN);
        }

        /** To which what is sent is shaped, bits a second; 0: not at all. */
        public long shapedTo() {
            return bandwidth == null ? 0 : bandwidth.up().bitsPerSecond();
        }
    }

    /**
     * @param up to which what is sent is shaped
     */
    public record LinkBandwidth(Bandwidth up) {}

    /**
     * What a link is to direct tunnels (A06).
     *
     * @param enabled null: by precedence, all but last resort (R036)
     * @param publicIp of the NAT before it, with a rule that forwards {@code publicStaticPort} to
     *     it (R032); null: none
     * @param publicStaticPort 0 without {@code publicIp}
     */
    public record OffCloud(Boolean enabled, InetAddress publicIp, int publicStaticPort) {}

    /**
     * A TAP device and the networks on it.
     *
     * @param port the TAP device's name
     * @param bridge the bridge it is attached to; null: none
     */
    public record LanPort(
            String port, String bridge, List<Network> networks, List<StaticRoute> routes) {

        public LanPort {
            networks = List.copyOf(networks);
            routes = List.copyOf(routes);
        }
    }

    /**
     * @param vlan 0: untagged
     * @param gateways our own addresses on it, at least one
     * @param dhcpRelay null: DHCP is none of ours there
     * @param wan {@code all} or {@code internet-only}
     */
    public record Network(
            String name,
            int vlan,
            List<InterfaceAddress> gateways,
            boolean routerAdvertisements,
            DhcpRelay dhcpRelay,
            String wan) {

        public Network {
            gateways = List.copyOf(gateways);
        }

        /** Other sites are kept from it, and it from them (R119). */
        public boolean isInternetOnly() {
            return wan.equals("internet-only");
        }

        /** Our first address of that family. */
        public Optional<IpAddress> gateway(boolean isIpv4) {
            return gateways.stream()
                    .map(InterfaceAddress::address)
                    .filter(address -> address.isIpv4() == isIpv4)
                    .findFirst();
        }
    }

    /**
     * Where a network's DHCP clients get their leases.
     *
     * @param throughTunnel the server may be behind another site
     */
    public record DhcpRelay(IpAddress server, boolean throughTunnel) {}

    /** All networks of all ports, in order. */
    public Stream<Network> networks() {
        return lan.stream().flatMap(port -> port.networks().stream());
    }

    /** The one that the address lies in. */
    public Optional<Network> networkOf(IpAddress address) {
        return networks()
                .filter(
                        network ->
                                network.gateways().stream()
                                        .anyMatch(own -> own.network().contains(address)))
                .findFirst();
    }

    /** The one that packets to the address leave by, which is its own or a static route's. */
    public Optional<Network> networkTowards(IpAddress address) {
        return networkOf(address)
                .or(
                        () ->
                                lan.stream()
                                        .flatMap(port -> port.routes().stream())
                                        .filter(route -> !route.prefix().isDefault())
                                        .filter(route -> route.prefix().contains(address))
                                        .max(comparingInt(route -> route.prefix().length()))
                                        .flatMap(route -> networkOf(route.via())));
    }

    public record StaticRoute(Prefix prefix, IpAddress via) {}

    /**
     * @param policy the file of the rules
     * @param withoutCloud {@code open} or {@code blocked}: what becomes, while there is no PoP, of
     *     what would go by it from one network of the LAN to another
     */
    public record LanFirewall(Path policy, String withoutCloud) {
        public boolean isOpenWithoutCloud() {
            return withoutCloud.equals("open");
        }
    }

    /**
     * Names while the cloud is lost.
     *
     * @param serviceAddress where the LAN's hosts ask
     * @param upstream servers of all names that are in none of the zones; none: these have none
     */
    public record Dns(IpAddress serviceAddress, List<DnsZone> zones, List<IpAddress> upstream) {
        public Dns {
            zones = List.copyOf(zones);
            upstream = List.copyOf(upstream);
        }
    }

    /** An internal zone, whose servers are in the LAN or behind other sites. */
    public record DnsZone(String name, List<IpAddress> servers) {
        public DnsZone {
            servers = List.copyOf(servers);
        }
    }

    public record HostPort(boolean enabled, String device) {}

    /**
     * Traffic to the Internet, over IPv4, which leaves by the PoP.
     *
     * @param recovery without a PoP, it leaves by a WAN link (R058)
     */
    public record Internet(boolean recovery) {}

    public record Probe(Duration interval) {}

    /**
     * @param linkChoice {@code random} or {@code best}
     */
    public record Recovery(
            boolean enabled, boolean freeze, String linkChoice, ReturnBackoff returnBackoff) {}

    /**
     * The floor that a link must meet to be preferred (F08).
     *
     * @param latency round trip
     */
    public record LinkQuality(int lossPercent, Duration jitter, Duration latency) {}

    /**
     * @param maxLinks Internet links that form direct tunnels, in order of precedence (D16)
     */
    public record OffCloudLimit(int maxLinks) {}

    /**
     * @param proofWindow how long a full-size proof of a tunnel counts
     * @param proofInterval between two proofs of a tunnel
     */
    public record Readiness(Duration proofWindow, Duration proofInterval) {}

    public record ReturnBackoff(Duration first, Duration max, Duration stableReset) {}
}
