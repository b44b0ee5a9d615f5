package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.NatMapping;
import io.spillway.control.recovery.InternetConfig;
import io.spillway.control.recovery.LinkRank;
import io.spillway.node.SiteConfig;
import io.spillway.node.WanSetup;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A site's WAN links as its configuration has them and its devices are now. */
final class LinkSetup {
    private final SiteConfig config;
    private final boolean isIpv4;
    private final Set<Integer> overLimit;

    LinkSetup(SiteConfig config) {
        this.config = config;
        isIpv4 = config.pops().getFirst().address() instanceof Inet4Address;
        overLimit = findOverLimit();
    }

    List<Link> links() throws IOException {
        List<Link> links = new ArrayList<>();
        for (int index = 0; index < config.links().size(); index++) {
            links.add(link(index));
        }
        return links;
    }

    /** Largest IP packet each takes. */
    List<Integer> mtus() throws IOException {
        List<Integer> mtus = new ArrayList<>();
        for (SiteConfig.Link link : config.links()) {
            mtus.add(WanSetup.mtu(link.mtu(), link.device()));
        }
        return mtus;
    }

    /** Internet links that {@code offCloud.maxLinks} leaves out: the least preferred, the last. */
    Set<Integer> overLimit() {
        return overLimit;
    }

    /**
     * Those that traffic to the Internet may leave by without a PoP: where direct tunnels are
     * wanted, whether or not there are any.
     */
    List<InternetConfig.Candidate> internetCandidates() {
        return IntStream.range(0, config.links().size())
                .filter(index -> !at(index).isAltWan() && isWanted(at(index)))
                .mapToObj(this::candidate)
                .toList();
    }

    private InternetConfig.Candidate candidate(int index) {
        return new InternetConfig.Candidate(index, at(index).name(), at(index).precedence());
    }

    private Set<Integer> findOverLimit() {
        List<Integer> ordered =
                IntStream.range(0, config.links().size())
                        .boxed()
                        .filter(index -> !at(index).isAltWan() && isWanted(at(index)))
                        .sorted(Comparator.comparingInt(index -> at(index).precedence()))
                        .toList();
        int kept = Math.min(ordered.size(), config.offCloud().maxLinks());
        return new HashSet<>(ordered.subList(kept, ordered.size()));
    }

    private SiteConfig.Link at(int index) {
        return config.links().get(index);
    }

    private Link link(int index) throws IOException {
        SiteConfig.Link link = at(index);
        SiteConfig.OffCloud offCloud = link.offCloud();
        InetSocketAddress fixed =
                offCloud.publicIp() == null
                        ? null
                        : new InetSocketAddress(offCloud.publicIp(), offCloud.publicStaticPort());
        LinkEndpoints endpoints =
                LinkEndpoints.NONE.withFixed(fixed).withLocal(local(link), NatMapping.UNKNOWN);
        boolean isEnabled =
                config.recovery().enabled() && isWanted(link) && !overLimit.contains(index);
        LinkRole role = link.isAltWan() ? LinkRole.ALT_WAN : LinkRole.INTERNET;
        return new Link(index, link.name(), role, link.precedence(), isEnabled, endpoints);
    }

    /** By its own switch, else all but last resort (R036, F04). */
    private static boolean isWanted(SiteConfig.Link link) {
        return link.offCloud().enabled() == null
                ? link.precedence() < LinkRank.LAST_RESORT
                : link.offCloud().enabled();
    }

    /** Null while the device has no address. */
    private InetSocketAddress local(SiteConfig.Link link) throws IOException {
        InetAddress address =
                link.address() == null ? WanSetup.addressOf(link.device(), isIpv4) : link.address();
        return address == null ? null : new InetSocketAddress(address, link.port());
    }
}
