package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.NatMapping;
import io.spillway.control.directory.SiteMessages;
import io.spillway.control.punch.AddressDiscovery;
import io.spillway.control.punch.HolePunch;
import io.spillway.control.punch.StunMessage;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.LinkObservation;
import io.spillway.control.wire.LinkReport;
import io.spillway.control.wire.WireAddress;
import io.spillway.node.FrameSender;
import io.spillway.node.channel.EndpointText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what address each WAN link has and what NAT is before it, and tells the PoP. Owned by
 * control.
 */
final class LinkDiscovery {
    private static final Logger LOG = LoggerFactory.getLogger(LinkDiscovery.class);

    private final SiteSetup setup;
    private final FrameSender channel;
    private final SitePunching.LinkSender sender;
    private final Map<Integer, AddressDiscovery> links = new TreeMap<>();
    private boolean isReportDue;

    LinkDiscovery(
            SiteSetup setup,
            FrameSender channel,
            SitePunching.LinkSender sender,
            RandomGenerator random,
            long nowNs) {
        this.setup = setup;
        this.channel = channel;
        this.sender = sender;
        PopAddress first = setup.pops().getFirst();
        for (Link link : setup.own().links()) {
            InetSocketAddress local = link.endpoints().local();
            links.put(
                    link.index(), new AddressDiscovery(local, servers(link, first), random, nowNs));
        }
    }

    /** No PoP is at the other end of Alt WAN, nor any NAT on its way. */
    private static List<InetSocketAddress> servers(Link link, PopAddress pop) {
        return link.isAltWan() ? List.of() : pop.tunnels();
    }

    NatMapping mapping(int link) {
        return links.get(link).mapping();
    }

    /** To a PoP that may be another, or have forgotten. */
    void onConnected(PopAddress pop, long nowNs) {
        isReportDue = true;
        for (Link link : setup.own().links()) {
            links.get(link.index()).ask(servers(link, pop), nowNs);
        }
    }

    void onLink(int link, boolean isUp, long nowNs) {
        if (isUp) {
            links.get(link).ask(nowNs);
        }
    }

    /** Null: the link has none any more. */
    void onAddress(int link, InetAddress address, long nowNs) {
        int port = setup.ports().get(link);
        InetSocketAddress local = address == null ? null : new InetSocketAddress(address, port);
        links.get(link).local(local, nowNs);
    }

    /** Whether it was an answer to a question of ours. */
    boolean onStun(int link, InetSocketAddress from, StunMessage response, long nowNs) {
        return links.get(link).onStun(from, response, nowNs);
    }

    void poll(long nowNs) {
        links.forEach((link, discovery) -> poll(link, discovery, nowNs));
    }

    private void poll(int link, AddressDiscovery discovery, long nowNs) {
        HolePunch.Sender socket = (to, bytes, hops) -> sender.send(link, to, bytes, hops);
        discovery.poll(nowNs, socket);
        if (discovery.takeChange()) {
            isReportDue = true;
            LOG.info(
                    "link {}: {}, NAT mapping is {}",
                    setup.linkName(link),
                    EndpointText.of(discovery.local()),
                    discovery.mapping());
        }
    }

    /** When {@link #poll} next has something to do; at most {@code laterNs}. */
    long deadlineNs(long laterNs) {
        long earliestNs = laterNs;
        for (AddressDiscovery link : links.values()) {
            long dueNs = link.deadlineNs();
            earliestNs = dueNs - earliestNs < 0 ? dueNs : earliestNs;
        }
        return earliestNs;
    }

    /** Tells the PoP what has changed, if anything has. */
    void report() {
        if (!isReportDue) {
            return;
        }
        LinkReport.Builder report = LinkReport.newBuilder();
        links.forEach((link, discovery) -> report.addLinks(observation(link, discovery)));
        isReportDue = !channel.send(Frame.newBuilder().setLinkReport(report).build());
    }

    private static LinkObservation observation(int link, AddressDiscovery discovery) {
        LinkObservation.Builder observation =
                LinkObservation.newBuilder()
                        .setIndex(link)
                        .setMapping(SiteMessages.kind(discovery.mapping()));
        if (discovery.local() != null) {
            observation.setLocal(WireAddress.endpoint(discovery.local()));
        }
        return observation.build();
    }
}
