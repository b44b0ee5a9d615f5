package io.spillway.node.site;

import io.spillway.control.event.EventDraft;
import io.spillway.node.bgp.BgpTransport;
import io.spillway.routing.bfd.BfdAction;
import io.spillway.routing.bfd.BfdState;
import io.spillway.routing.bgp.BgpAction;
import io.spillway.routing.bgp.BgpSpeaker;
import io.spillway.routing.bgp.Direction;
import io.spillway.routing.bgp.LearntPath;
import io.spillway.routing.bgp.NeighbourView;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.BgpPath;
import io.spillway.routing.rib.PrefixMap;
import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.Rib;
import io.spillway.routing.rib.Route;
import io.spillway.routing.rib.RouteChanges;
import io.spillway.routing.rib.RouteSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The site's BGP with the routers on its LAN. Owned by control.
 *
 * <pre>
 *   routers --> speaker --> Rib --> what the site advertises to the PoP
 *   routers <-- speaker <-- Rib <-- other sites, own networks, static routes
 * </pre>
 *
 * <p><b>Frozen</b> (D42). Sessions and local routes live on, but what changes here is not told
 * beyond this site until the thaw, unless routes are live (L13). A range that its router withdraws
 * meanwhile, while other sites still send there, is answered with ICMP unreachable.
 */
final class SiteBgp implements BgpTransport.Listener {
    private static final int CHANGES_PER_TURN_MAX = 8192;
    private static final long ADVERT_INTERVAL_NS = 100_000_000L;

    /** To make and tell another set costs time for each route of it. */
    private static final long ADVERT_ROUTE_NS = 1_000L;

    private static final String WITHDRAWN = "withdrawn while frozen: answered with unreachable";

    private final long siteId;
    private final List<BgpSetup.Neighbour> neighbours;
    private final RouteSummaries summaries;
    private final List<BgpSetup.Neighbour> withBfd;
    private final BfdState[] bfdStates;
    private final Set<Prefix> configured;
    private final LanNextHops nextHops;
    private final Rib rib;
    private final boolean areRoutesLive;
    private final RouteChanges changes;
    private final BgpTransport transport;
    private final Consumer<PrefixSet> advertise;
    private final BgpEvents events;
    private final BgpSpeaker speaker;
    private final Set<Prefix> withdrawn = new HashSet<>(); // while frozen
    private PrefixSet advertised; // as last told, with what is configured
    private PrefixMap<Boolean> pending = new PrefixMap<>(); // whether to be advertised
    private long advertNs;
    private boolean hasMore;
    private BgpPath lastPath; // prefixes of one UPDATE mostly share it
    private LearntPath lastLearnt;
    private List<BgpPath> lastPaths = List.of(); // the same, of those with one path
    private long nowNs;

    /**
     * @param local what leads into our LAN networks
     * @param configured what the site advertises besides
     * @param areRoutesLive what changes is told while frozen too
     * @param advertise told of all prefixes that the site advertises from now on
     */
    SiteBgp(
            BgpSetup setup,
            List<SiteSetup.LocalRoute> local,
            List<Prefix> configured,
            Rib rib,
            boolean areRoutesLive,
            BgpTransport transport,
            Consumer<PrefixSet> advertise,
            Consumer<EventDraft> journal,
            long nowNs) {
        siteId = setup.siteId();
        neighbours = setup.neighbours();
        summaries = new RouteSummaries(setup.summaries());
        withBfd = setup.withBfd();
        bfdStates = new BfdState[neighbours.size()];
        withBfd.forEach(it -> bfdStates[neighbours.indexOf(it)] = BfdState.DOWN);
        this.configured = Set.copyOf(configured);
        advertised = PrefixSet.of(configured);
        nextHops = new LanNextHops(local);
        this.rib = rib;
        this.areRoutesLive = areRoutesLive;
        this.transport = transport;
        this.advertise = advertise;
        this.nowNs = nowNs;
        advertNs = nowNs;
        changes = neighbours.isEmpty() ? null : rib.newChanges();
        events = new BgpEvents(neighbours, journal, nowNs);
        speaker =
                new BgpSpeaker(
                        neighbours.stream().map(BgpSetup.Neighbour::config).toList(),
                        nextHops,
                        this::onAction);
    }

    void start() {
        for (int i = 0; i < neighbours.size(); i++) {
            speaker.start(i, nowNs);
        }
    }

    /** The daemon ends: the neighbours are told, and forget our routes at once. */
    void stop() {
        for (int i = 0; i < neighbours.size(); i++) {
            speaker.stop(i, "the appliance stops", nowNs);
        }
    }

    /**
     * @return whether the Rib has changed
     */
    boolean poll(long now) {
        nowNs = now;
        if (neighbours.isEmpty()) {
            return false;
        }
        long before = rib.version();
        speaker.poll(now);
        int learntCount = speaker.takeChanges(this::onPaths, CHANGES_PER_TURN_MAX);
        if (!rib.isFrozen()) {
            forgetWithdrawn();
        }
        changes.drain(this::follow, CHANGES_PER_TURN_MAX);
        hasMore = learntCount == CHANGES_PER_TURN_MAX || !changes.isEmpty();
        advertiseIfDue();
        noteIgnored();
        events.poll(now);
        return rib.version() != before;
    }

    /** When {@link #poll} has something to do, at the latest {@code otherNs}. */
    long earlier(long otherNs, long now) {
        if (neighbours.isEmpty()) {
            return otherNs;
        }
        long ownNs = hasMore ? now : speaker.deadlineNs(now);
        return ownNs - otherNs < 0 ? ownNs : otherNs;
    }

    // ---- from the routers to the Rib

    private void onPaths(Prefix prefix, List<LearntPath> told) {
        List<BgpPath> paths = paths(told);
        boolean wasWithdrawn = withdrawn.remove(prefix);
        List<BgpPath> before = rib.replaceBgp(prefix, paths);
        for (int i = 0; i < neighbours.size(); i++) {
            IpAddress peer = neighbours.get(i).config().address();
            boolean had = !wasWithdrawn && has(before, peer);
            boolean has = has(paths, peer);
            if (has && !had) {
                events.onAdded(i, prefix, nowNs);
            } else if (had && !has) {
                events.onDeleted(i, prefix, nowNs);
            }
        }
        boolean isAwaited = rib.isFrozen() && advertised.contains(prefix);
        if (isAwaited && !before.isEmpty() && rib.inUse(prefix) == null) {
            withdrawn.add(prefix);
            rib.replaceBgp(prefix, List.of(gone(before.getFirst())));
        }
    }

    /** Of a million prefixes with one path each, most share the list too. */
    private List<BgpPath> paths(List<LearntPath> told) {
        if (told.isEmpty()) {
            return List.of();
        }
        if (told.size() == 1) {
            BgpPath path = path(told.getFirst());
            if (lastPaths.isEmpty() || lastPaths.getFirst() != path) {
                lastPaths = List.of(path);
            }
            return lastPaths;
        }
        List<BgpPath> paths = new ArrayList<>(told.size());
        told.forEach(path -> paths.add(path(path)));
        return paths;
    }

    private static boolean has(List<BgpPath> paths, IpAddress peer) {
        for (int i = 0; i < paths.size(); i++) {
            if (paths.get(i).peer().equals(peer)) {
                return true;
            }
        }
        return false;
    }

    private BgpPath path(LearntPath told) {
        if (!told.equals(lastLearnt)) {
            lastLearnt = told;
            IpAddress nextHop = told.attributes().nextHop();
            boolean isUsable = nextHops.fault(nextHop).isEmpty();
            lastPath =
                    new BgpPath(
                            neighbours.get(told.neighbour()).config().address(),
                            isUsable ? nextHops.via(nextHop) : null,
                            told.isUsed(),
                            told.isStale(),
                            told.reason(),
                            told.attributes().asPath());
        }
        return lastPath;
    }

    private static BgpPath gone(BgpPath path) {
        return new BgpPath(path.peer(), NextHop.UNREACHABLE, true, false, WITHDRAWN, path.asPath());
    }

    private void forgetWithdrawn() {
        withdrawn.forEach(prefix -> rib.replaceBgp(prefix, List.of()));
        withdrawn.clear();
    }

    // ---- from the Rib to the routers and the PoP

    private void follow(Prefix prefix, Route route) {
        boolean isOfSite = route != null && route.source() == RouteSource.CLOUD;
        summaries.note(prefix, isOfSite).forEach(summary -> originate(summary, rib.inUse(summary)));
        originate(prefix, route);
        boolean isLearnt =
                route != null
                        && route.source() == RouteSource.BGP
                        && route.nextHop().kind() == NextHop.Kind.LAN
                        && !prefix.isDefault();
        boolean isWanted = isLearnt || configured.contains(prefix);
        if (isOfSite && !advertised.contains(prefix)) {
            pending.remove(prefix); // as most that come from the cloud
        } else {
            pending.put(prefix, isWanted);
        }
    }

    private void originate(Prefix prefix, Route route) {
        if (isOriginated(route)) {
            speaker.originate(prefix, route.siteId());
        } else if (summaries.isTold(prefix)) {
            speaker.originate(prefix, siteId); // marked, so that no other site takes it
        } else {
            speaker.withdraw(prefix);
        }
    }

    /** Networks, static routes, other sites' and PoPs'; our own addresses lie in the networks. */
    private static boolean isOriginated(Route route) {
        return route != null
                && route.source() != RouteSource.BGP
                && (route.source() == RouteSource.CLOUD
                        || route.source() == RouteSource.POP
                        || route.nextHop().kind() == NextHop.Kind.LAN);
    }

    private void advertiseIfDue() {
        boolean isHeldBack = rib.isFrozen() && !areRoutesLive;
        if (pending.size() == 0 || isHeldBack || nowNs - advertNs < 0) {
            return;
        }
        advertNs = nowNs + ADVERT_INTERVAL_NS + advertised.size() * ADVERT_ROUTE_NS;
        List<Prefix> announced = new ArrayList<>();
        List<Prefix> gone = new ArrayList<>();
        pending.forEach((prefix, isWanted) -> (isWanted ? announced : gone).add(prefix));
        pending = new PrefixMap<>();
        PrefixSet before = advertised;
        advertised = before.with(PrefixSet.of(gone), PrefixSet.of(announced));
        if (!advertised.equals(before)) {
            advertise.accept(advertised);
        }
    }

    // ---- BFD

    /** A session came up or went down; numbered as {@link BgpSetup#withBfd}. */
    void onBfd(BfdAction.Changed change) {
        int neighbour = neighbours.indexOf(withBfd.get(change.neighbour()));
        bfdStates[neighbour] = change.state();
        events.onBfd(neighbour, change);
        if (change.isFailure()) {
            speaker.onBfdDown(neighbour, nowNs);
        }
    }

    /** Null where none is spoken. */
    BfdState bfdState(int neighbour) {
        return bfdStates[neighbour];
    }

    // ---- the connections

    private void onAction(BgpAction action) {
        switch (action) {
            case BgpAction.Connect connect -> transport.connect(connect.neighbour());
            case BgpAction.Send send ->
                    transport.send(send.neighbour(), send.direction(), send.bytes());
            case BgpAction.Close close -> transport.close(close.neighbour(), close.direction());
            case BgpAction.Established established -> events.onEstablished(established.neighbour());
            case BgpAction.Ended ended -> {
                if (ended.wasEstablished()) {
                    events.onEnded(ended.neighbour(), ended.reason());
                } else {
                    events.onFailed(ended.neighbour(), ended.reason());
                }
            }
            case BgpAction.LimitReached limit ->
                    events.onLimit(limit.neighbour(), limit.count(), limit.isExceeded());
        }
    }

    private void noteIgnored() {
        for (int i = 0; i < neighbours.size(); i++) {
            events.onIgnored(i, speaker.ignoredCount(i), nowNs);
        }
    }

    @Override
    public boolean onConnected(int neighbour, Direction direction) {
        return speaker.onConnected(neighbour, direction, nowNs);
    }

    @Override
    public void onConnectFailed(int neighbour, String why) {
        speaker.onConnectFailed(neighbour, why, nowNs);
    }

    @Override
    public void onBytes(int neighbour, Direction direction, byte[] bytes) {
        speaker.onBytes(neighbour, direction, bytes, 0, bytes.length, nowNs);
    }

    @Override
    public void onClosed(int neighbour, Direction direction, String why) {
        speaker.onClosed(neighbour, direction, why, nowNs);
    }

    @Override
    public void onWritable(int neighbour, Direction direction, boolean isWritable) {
        speaker.onWritable(neighbour, direction, isWritable, nowNs);
    }

    // ---- by hand, and for status

    /** Ends the session, and begins it anew at once. */
    void reset(int neighbour) {
        speaker.reset(neighbour, "reset by hand", nowNs);
    }

    List<BgpSetup.Neighbour> neighbours() {
        return neighbours;
    }

    long nowNs() {
        return nowNs;
    }

    /** By their place in the configuration. */
    List<NeighbourView> views() {
        return speaker.neighbours();
    }
}
