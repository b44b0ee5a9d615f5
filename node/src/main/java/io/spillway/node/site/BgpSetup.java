package io.spillway.node.site;

import io.spillway.node.BgpConfig;
import io.spillway.node.SiteConfig;
import io.spillway.node.bfd.BfdNeighbour;
import io.spillway.node.bgp.BgpEnds;
import io.spillway.routing.bfd.BfdConfig;
import io.spillway.routing.bgp.NeighbourConfig;
import io.spillway.routing.bgp.PrefixList;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The BGP of a checked configuration. Immutable.
 *
 * @param siteId our own, the mark of summaries
 * @param neighbours by their place there
 */
public record BgpSetup(long siteId, List<Prefix> summaries, List<Neighbour> neighbours) {
    private static final long NS_PER_US = 1000;

    public static final BgpSetup NONE = new BgpSetup(0, List.of(), List.of());

    public BgpSetup {
        summaries = List.copyOf(summaries);
        neighbours = List.copyOf(neighbours);
    }

    /**
     * @param config what the speaker must know
     * @param ends what the sockets must know
     * @param bfd null: none is spoken
     */
    public record Neighbour(String name, NeighbourConfig config, BgpEnds ends, BfdNeighbour bfd) {}

    /** Those with whom BFD is spoken; their places among them are BFD's numbers. */
    List<Neighbour> withBfd() {
        return neighbours.stream().filter(neighbour -> neighbour.bfd() != null).toList();
    }

    static BgpSetup of(SiteConfig config) {
        return config.bgp() == null
                ? NONE
                : new BgpSetup(
                        config.site().id(),
                        config.bgp().summaries(),
                        config.bgp().neighbours().stream().map(n -> neighbour(config, n)).toList());
    }

    private static Neighbour neighbour(SiteConfig config, BgpConfig.Neighbour neighbour) {
        SiteConfig.Network network = config.networkTowards(neighbour.address()).orElseThrow();
        IpAddress local = network.gateway(neighbour.address().isIpv4()).orElseThrow();
        return new Neighbour(
                neighbour.name(),
                new NeighbourConfig(
                        neighbour.address(),
                        neighbour.as(),
                        config.bgp().as(),
                        routerId(config).toIpv4(),
                        (int) neighbour.hold().toSeconds(),
                        neighbour.passive(),
                        nextHop(neighbour, network, true).orElse(null),
                        nextHop(neighbour, network, false).orElse(null),
                        list(neighbour.accept()),
                        list(neighbour.advertise()),
                        neighbour.defaultOriginate(),
                        neighbour.routeLimit().count(),
                        neighbour.routeLimit().warningPercent(),
                        neighbour.routeLimit().action() == BgpConfig.Excess.END,
                        neighbour.metric()),
                new BgpEnds(
                        inet(neighbour.address()),
                        inet(local),
                        neighbour.password() == null
                                ? null
                                : neighbour.password().getBytes(StandardCharsets.US_ASCII),
                        neighbour.as() != config.bgp().as(),
                        neighbour.hops(),
                        neighbour.ttlSecurity()),
                neighbour.bfd() == null ? null : bfd(neighbour, local));
    }

    private static BfdNeighbour bfd(BgpConfig.Neighbour neighbour, IpAddress local) {
        BgpConfig.Bfd wanted = neighbour.bfd();
        BfdConfig session =
                new BfdConfig(
                        neighbour.address(),
                        wanted.passive(),
                        wanted.minTx().toNanos() / NS_PER_US,
                        wanted.minRx().toNanos() / NS_PER_US,
                        wanted.multiplier());
        return new BfdNeighbour(
                session, inet(local), inet(neighbour.address()), neighbour.isMultihop());
    }

    private static IpAddress routerId(SiteConfig config) {
        IpAddress given = config.bgp().routerId();
        return given != null
                ? given
                : config.networks()
                        .flatMap(network -> network.gateway(true).stream())
                        .findFirst()
                        .orElseThrow();
    }

    /** Our address that packets of the family come to; none = the family is not carried. */
    private static Optional<IpAddress> nextHop(
            BgpConfig.Neighbour neighbour, SiteConfig.Network network, boolean isIpv4) {
        boolean isCarried =
                neighbour.families() == null
                        ? neighbour.address().isIpv4() == isIpv4
                        : neighbour.families().stream().anyMatch(f -> f.isIpv4() == isIpv4);
        return isCarried ? network.gateway(isIpv4) : Optional.empty();
    }

    private static PrefixList list(List<BgpConfig.Rule> rules) {
        return rules == null
                ? PrefixList.ANY
                : new PrefixList(
                        rules.stream()
                                .map(
                                        rule ->
                                                new PrefixList.Entry(
                                                        rule.prefix(),
                                                        rule.lengthMin(),
                                                        rule.lengthMax(),
                                                        rule.action() == BgpConfig.Action.PERMIT))
                                .toList());
    }

    private static InetAddress inet(IpAddress address) {
        return InetAddress.ofLiteral(address.toString());
    }
}
