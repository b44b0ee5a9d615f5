package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.NatMapping;
import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.punch.HolePunch;
import io.spillway.control.punch.PunchOrder;
import io.spillway.control.punch.StunMessage;
import io.spillway.control.readiness.ReasonCode;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.PunchRequest;
import io.spillway.node.FrameSender;
import io.spillway.node.channel.EndpointText;
import io.spillway.node.tunnel.ManagedTunnel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds ways to peers for the tunnels that are missing: asks the PoP to order both sites to punch,
 * or where it cannot another site, runs this site's half, opens the tunnel where a way was found.
 * Owned by control.
 */
final class SitePunching {
    private static final Logger LOG = LoggerFactory.getLogger(SitePunching.class);

    /** Attempts that we ask for at once, so that a large mesh is built in order. */
    private static final int ASKED_MAX = 16;

    /** Attempts that run at once, whoever asked. */
    private static final int RUNNING_MAX = 256;

    /** Most ways are found by then; who has none goes by way of another site meanwhile. */
    private static final long SEARCH_LONG_NS = 700_000_000L;

    /** Longer than an attempt takes: the order did not come. */
    private static final long ASK_AGAIN_NS = 2_000_000_000L;

    private static final long RETRY_FIRST_NS = 1_000_000_000L;
    private static final long RETRY_MAX_NS = 60_000_000_000L; // D07

    /** It is the initiator's to ask; where it does not, it may not know that a tunnel is gone. */
    private static final long PATIENCE_NS = 5_000_000_000L;

    private static final long SEEK_NS = 100_000_000L;
    private static final long SEEK_IDLE_NS = 1_000_000_000L;

    /** All tunnels that should exist are gone through no more often. */
    private static final long SEEK_MIN_NS = 20_000_000L;

    /** How a datagram leaves by a link, and how far it goes ({@link HolePunch.Sender}). */
    interface LinkSender {
        void send(int link, InetSocketAddress remote, byte[] datagram, int hops);
    }

    /** The search for one tunnel's way. */
    private static final class Search {
        private final long beganNs;
        private long nextNs;
        private int failures;
        private int unanswered; // questions since the last order
        private boolean isPeerAttached;
        private ReasonCode lastFault;

        private Search(long nextNs) {
            beganNs = nextNs;
            this.nextNs = nextNs;
        }

        /**
         * A peer without a data tunnel may have a channel all the same; one that comes surely has.
         */
        private void note(boolean isAttached, long nowNs) {
            if (isAttached && !isPeerAttached && unanswered > 0) {
                unanswered = 0;
                nextNs = nowNs;
            }
            isPeerAttached = isAttached;
        }
    }

    /** An attempt, and what has come of it here. */
    private static final class Running {
        private final HolePunch punch;
        private boolean isOpened;
        private boolean isJudged;

        private Running(HolePunch punch) {
            this.punch = punch;
        }
    }

    private final SiteSetup setup;
    private final PeerDirectory directory;
    private final SiteTunnels tunnels;
    private final FrameSender channel;
    private final LinkSender sender;
    private final RandomGenerator random;
    private final LinkDiscovery discovery;
    private final PeerBroker peers;
    private final Map<TunnelPlan.Key, Search> searches = new HashMap<>();
    private final Map<Long, Running> running = new LinkedHashMap<>();
    private boolean isChannelOpen;
    private boolean wasBrokered;
    private long seekNs;
    private long soughtNs;
    private long nowNs;
    private long strangers;

    /**
     * @param pieces takes what sites say of their routes where it says how to reach them too
     */
    SitePunching(
            SiteSetup setup,
            PeerDirectory directory,
            SiteTunnels tunnels,
            FrameSender channel,
            LinkSender sender,
            Neighbours neighbours,
            PeerBroker.Pieces pieces,
            RandomGenerator random,
            long nowNs) {
        this.setup = setup;
        this.directory = directory;
        this.tunnels = tunnels;
        this.channel = channel;
        this.sender = sender;
        this.random = random;
        this.nowNs = nowNs;
        seekNs = nowNs;
        soughtNs = nowNs - SEEK_MIN_NS;
        discovery = new LinkDiscovery(setup, channel, sender, random, nowNs);
        peers = new PeerBroker(directory, tunnels, neighbours, pieces, random, this::onOrder);
    }

    // ---- for status

    NatMapping mapping(int link) {
        return discovery.mapping(link);
    }

    /** Messages of STUN that belong to nothing of ours, or do not prove it. */
    long strangers() {
        return strangers;
    }

    int running() {
        return (int) running.values().stream().filter(it -> !it.isJudged).count();
    }

    /**
     * Why there is no way yet for that tunnel; null: none was sought, or the search is young.
     *
     * @param isBrokered {@link #isBrokered}, asked once for all tunnels
     */
    ReasonCode fault(TunnelPlan.Key key, boolean isBrokered) {
        Search search = searches.get(key);
        if (search != null && search.lastFault != null) {
            return search.lastFault;
        }
        return isBrokered ? null : ReasonCode.NOT_CONNECTED_TO_POP;
    }

    /**
     * The PoP is there to order both sites to punch, or another site is. Without a PoP that looks
     * at tunnels until one lives: nothing to ask for each of thousands.
     */
    boolean isBrokered() {
        return isChannelOpen || peers.isThere();
    }

    /**
     * A direct way to that site is sought for long already; or, without a PoP that orders one, the
     * ways known from before have had their chance.
     */
    boolean isWithoutWay(long siteId) {
        if (!isChannelOpen) {
            return tunnels.toPeer(siteId).stream()
                    .filter(tunnel -> tunnel.tunnel().link() != tunnels.relayLink())
                    .noneMatch(tunnel -> tunnel.isPromising(SEARCH_LONG_NS, nowNs));
        }
        return directory.tunnels(siteId).stream()
                .map(plan -> searches.get(plan.key()))
                .anyMatch(search -> search != null && isLong(search));
    }

    private boolean isLong(Search search) {
        return nowNs - search.beganNs >= SEARCH_LONG_NS;
    }

    // ---- the PoP

    /** After our Hello. */
    void onConnected(PopAddress pop) {
        isChannelOpen = true;
        searches.clear();
        seekNs = nowNs;
        discovery.onConnected(pop, nowNs);
    }

    void onDisconnected() {
        isChannelOpen = false;
    }

    void onOrder(PunchOrder order) {
        boolean isPlanned = plan(order.tunnel()) != null;
        if (!isPlanned || running.size() >= RUNNING_MAX) {
            LOG.debug("not followed: {}", order);
            return;
        }
        Search search = searches.get(order.tunnel());
        if (search != null) {
            search.unanswered = 0;
        }
        ManagedTunnel tunnel = tunnels.toPeers().get(order.tunnel());
        if (tunnel != null && tunnel.isAlive()) {
            tunnels.doubt(tunnel); // the other site would not ask if it lived
        }
        running.put(order.id(), new Running(new HolePunch(order, random, nowNs)));
        poll(nowNs);
    }

    private TunnelPlan plan(TunnelPlan.Key key) {
        return directory.tunnels(key.siteId()).stream()
                .filter(plan -> plan.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    // ---- datagrams

    void onLink(int link, boolean isUp) {
        discovery.onLink(link, isUp, nowNs);
    }

    /** Null: the link has none any more. */
    void onAddress(int link, InetAddress address) {
        discovery.onAddress(link, address, nowNs);
    }

    void onStun(int link, InetSocketAddress from, byte[] datagram) {
        StunMessage message = StunMessage.parse(datagram);
        boolean isTaken =
                message != null
                        && (link == tunnels.relayLink()
                                ? peers.onStun(from, message, nowNs)
                                : take(link, from, message));
        if (!isTaken) {
            strangers++;
        }
    }

    private boolean take(int link, InetSocketAddress from, StunMessage message) {
        for (Running each : running.values()) {
            HolePunch punch = each.punch;
            boolean isOfLink = punch.order().tunnel().localLink() == link;
            boolean isOfPunch =
                    message.isRequest()
                            ? message.username().equals(punch.order().username())
                            : punch.isAwaiting(message);
            if (isOfLink && isOfPunch) {
                boolean isTaken = punch.onStun(from, message, nowNs, senderOf(link));
                follow(each);
                return isTaken;
            }
        }
        return !message.isRequest() && discovery.onStun(link, from, message, nowNs);
    }

    private HolePunch.Sender senderOf(int link) {
        return (to, bytes, hops) -> sender.send(link, to, bytes, hops);
    }

    // ---- time

    /**
     * Tunnels came or went. What came is missed no more, which has time, unless it is the first
     * that one may ask.
     */
    void onTunnels(boolean isAnyLost) {
        if (isAnyLost || !wasBrokered) {
            due();
        }
    }

    /** The directory is another one, or what is missing. */
    void due() {
        long soonestNs = soughtNs + SEEK_MIN_NS;
        seekNs = earlier(seekNs, soonestNs - nowNs > 0 ? soonestNs : nowNs);
    }

    void poll(long now) {
        nowNs = now;
        discovery.poll(now);
        for (Iterator<Running> each = running.values().iterator(); each.hasNext(); ) {
            Running next = each.next();
            follow(next);
            if (next.punch.isOver(now)) {
                tunnels.forgetWay(next.punch.order().tunnel());
                each.remove();
            }
        }
        if (now - seekNs >= 0) {
            if (isChannelOpen) {
                discovery.report();
            }
            wasBrokered = isBrokered();
            if (wasBrokered) {
                seek();
            }
            soughtNs = now;
            seekNs = now + (searches.isEmpty() ? SEEK_IDLE_NS : SEEK_NS);
        }
    }

    long deadlineNs() {
        long earliestNs = discovery.deadlineNs(seekNs);
        for (Running each : running.values()) {
            earliestNs = earlier(earliestNs, each.punch.deadlineNs());
        }
        return earliestNs;
    }

    private static long earlier(long aNs, long bNs) {
        return bNs - aNs < 0 ? bNs : aNs;
    }

    // ---- searches

    private void seek() {
        List<TunnelPlan> missing = missing();
        searches.keySet()
                .retainAll(missing.stream().map(TunnelPlan::key).collect(Collectors.toSet()));
        int asked = running();
        for (TunnelPlan plan : missing) {
            Search search = searches.computeIfAbsent(plan.key(), _ -> begin(plan));
            search.note(directory.peer(plan.key().siteId()).site().attached(), nowNs);
            if (asked < ASKED_MAX && nowNs - search.nextNs >= 0) {
                ask(plan.key(), search);
                search.nextNs = nowNs + Math.max(ASK_AGAIN_NS, wait(search.unanswered++));
                asked++;
            }
        }
    }

    private Search begin(TunnelPlan plan) {
        boolean isOurs = plan.isInitiator() || !isChannelOpen; // whoever lost its ways
        return new Search(isOurs ? nowNs : nowNs + PATIENCE_NS);
    }

    private List<TunnelPlan> missing() {
        Set<Integer> usable = usableLinks();
        List<TunnelPlan> missing = new ArrayList<>();
        for (TunnelPlan plan : directory.tunnels()) {
            ManagedTunnel tunnel = tunnels.toPeers().get(plan.key());
            boolean isCallEnough = plan.isFixed() && plan.isInitiator();
            boolean isPossible = plan.remote() != null && !isCallEnough;
            if (isPossible
                    && usable.contains(plan.key().localLink())
                    && (tunnel == null || !tunnel.isAlive())) {
                missing.add(plan);
            }
        }
        return missing;
    }

    /** Links of ours of which the PoP knows where they are; without it, all: a broker sees them. */
    private Set<Integer> usableLinks() {
        Site own = isChannelOpen ? directory.ownAtPop() : setup.own();
        if (own == null) {
            return Set.of();
        }
        return own.links().stream()
                .filter(link -> !isChannelOpen || link.endpoints().outside() != null)
                .map(Link::index)
                .collect(Collectors.toSet());
    }

    /** The PoP, and in turn with it others where it does not answer: it may not have the peer. */
    private void ask(TunnelPlan.Key key, Search search) {
        if (!isChannelOpen || search.unanswered % 2 == 1) {
            peers.ask(key);
            return;
        }
        PunchRequest request =
                PunchRequest.newBuilder()
                        .setSiteId(key.siteId())
                        .setLocalLink(key.localLink())
                        .setRemoteLink(key.remoteLink())
                        .build();
        channel.send(Frame.newBuilder().setPunchRequest(request).build());
    }

    private static long wait(int failures) {
        return Math.min(RETRY_MAX_NS, RETRY_FIRST_NS << Math.min(failures, 6));
    }

    // ---- attempts

    /** What has come of it: a way to open the tunnel by, or to expect the peer on. */
    private void follow(Running each) {
        HolePunch punch = each.punch;
        TunnelPlan.Key key = punch.order().tunnel();
        punch.poll(nowNs, senderOf(key.localLink()));
        boolean isInitiator = PeerDirectory.isInitiator(setup.own().id(), key.siteId());
        if (punch.heardFrom() != null && !isInitiator) {
            tunnels.expectOn(key, punch.heardFrom());
        }
        if (punch.state() == HolePunch.State.FAILED && !each.isJudged) {
            each.isJudged = true;
            onFailed(punch);
        } else if (punch.state() == HolePunch.State.FOUND) {
            onFound(each, isInitiator);
        }
    }

    private void onFound(Running each, boolean isInitiator) {
        TunnelPlan.Key key = each.punch.order().tunnel();
        if (!each.isJudged) {
            each.isJudged = true;
            LOG.info("way to {} found: {}", name(key), EndpointText.of(each.punch.way()));
        }
        ManagedTunnel tunnel = tunnels.toPeers().get(key);
        boolean isAlive = tunnel != null && tunnel.isAlive();
        if (isInitiator && !each.isOpened && !isAlive && plan(key) != null) {
            each.isOpened = true;
            tunnels.call(key, each.punch.way());
        }
    }

    private void onFailed(HolePunch punch) {
        TunnelPlan.Key key = punch.order().tunnel();
        Search search = searches.get(key);
        if (search == null) {
            return;
        }
        ReasonCode fault = faultOf(punch);
        if (fault != search.lastFault) {
            String end = EndpointText.of(punch.order().outside());
            LOG.info("no way to {} at {}: {}", name(key), end, fault);
        }
        search.lastFault = fault;
        search.nextNs = nowNs + wait(search.failures++);
    }

    private ReasonCode faultOf(HolePunch punch) {
        TunnelPlan.Key key = punch.order().tunnel();
        if (punch.heardFrom() != null) {
            return ReasonCode.PROBE_RECEIVED_REPLY_LOST;
        }
        if (punch.order().isFixed()) {
            return ReasonCode.STATIC_PORT_NOT_FORWARDED;
        }
        if (punch.order().local() != null) {
            return ReasonCode.SAME_NAT;
        }
        boolean isChanging =
                mapping(key.localLink()) == NatMapping.CHANGING
                        || mappingOf(key) == NatMapping.CHANGING;
        return isChanging
                ? ReasonCode.MAPPING_CHANGES_PER_DESTINATION
                : ReasonCode.PROBE_SENT_NONE_RECEIVED;
    }

    private NatMapping mappingOf(TunnelPlan.Key key) {
        Peer peer = directory.peer(key.siteId());
        if (peer == null) {
            return NatMapping.UNKNOWN;
        }
        return peer.site().links().stream()
                .filter(link -> link.index() == key.remoteLink())
                .map(link -> link.endpoints().mapping())
                .findFirst()
                .orElse(NatMapping.UNKNOWN);
    }

    private String name(TunnelPlan.Key key) {
        Peer peer = directory.peer(key.siteId());
        String link = setup.own().links().get(key.localLink()).name();
        Site site = peer == null ? null : peer.site();
        return (site == null ? key.toString() : site.name()) + " over " + link;
    }
}
