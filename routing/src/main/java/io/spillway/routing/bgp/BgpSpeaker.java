package io.spillway.routing.bgp;

import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A BGP-4 speaker (RFC 4271) without sockets, threads or clock: the caller opens connections, hands
 * in what they bring, and carries out the actions. Neighbours go by their place in the
 * configuration.
 *
 * <p>Not thread safe. Every call gives its actions to the consumer before it returns.
 */
public final class BgpSpeaker {
    /** What the routes of neighbours have come to. */
    @FunctionalInterface
    public interface RouteListener {
        /** Every path there is now, the best first, then those that are as good; maybe none. */
        void onPaths(Prefix prefix, List<LearntPath> paths);
    }

    private static final long FAR_NS = TimeUnit.SECONDS.toNanos(1);

    private final RouteTable routes;
    private final List<BgpSession> sessions = new ArrayList<>();
    private final AttributeScratch scratch = new AttributeScratch();
    private final RouteReader ipv4 = new RouteReader(true);
    private final RouteReader ipv6 = new RouteReader(true);

    public BgpSpeaker(
            List<NeighbourConfig> neighbours, NextHopCheck nextHops, Consumer<BgpAction> actions) {
        routes = new RouteTable(neighbours.size(), nextHops);
        for (int i = 0; i < neighbours.size(); i++) {
            sessions.add(new BgpSession(i, neighbours.get(i), routes, actions));
        }
        routes.family(true).open(ipv4);
        routes.family(false).open(ipv6);
    }

    // ---- the sessions

    public void start(int neighbour, long nowNs) {
        sessions.get(neighbour).start(nowNs);
    }

    /** Until {@link #start}; the neighbour's people read the text (RFC 9003). */
    public void stop(int neighbour, String text, long nowNs) {
        sessions.get(neighbour).stop(Notification.ADMINISTRATIVE_SHUTDOWN, text, nowNs);
    }

    /** Ends the session, and begins it anew at once. */
    public void reset(int neighbour, String text, long nowNs) {
        sessions.get(neighbour).reset(text, nowNs);
    }

    /** Asks for all routes once more (RFC 2918); false: the neighbour cannot, or is not there. */
    public boolean requestRefresh(int neighbour) {
        return sessions.get(neighbour).requestRefresh();
    }

    /**
     * A connection stands; the caller closes an earlier one of that direction without telling.
     *
     * @return false: it is this one that is not wanted, and closed so
     */
    public boolean onConnected(int neighbour, Direction direction, long nowNs) {
        return sessions.get(neighbour).onConnected(direction, nowNs);
    }

    public void onConnectFailed(int neighbour, String why, long nowNs) {
        sessions.get(neighbour).onConnectFailed(why, nowNs);
    }

    /** The bytes stay the caller's. */
    public void onBytes(
            int neighbour, Direction direction, byte[] bytes, int offset, int length, long nowNs) {
        sessions.get(neighbour).onBytes(direction, bytes, offset, length, nowNs);
    }

    public void onClosed(int neighbour, Direction direction, String why, long nowNs) {
        sessions.get(neighbour).onClosed(direction, why, nowNs);
    }

    /** While it is not, no routes are sent there. */
    public void onWritable(int neighbour, Direction direction, boolean isWritable, long nowNs) {
        sessions.get(neighbour).onWritable(direction, isWritable, nowNs);
    }

    /** BFD lost the neighbour: its session ends now. */
    public void onBfdDown(int neighbour, long nowNs) {
        sessions.get(neighbour).onBfdDown(nowNs);
    }

    public void poll(long nowNs) {
        for (int i = 0; i < sessions.size(); i++) {
            sessions.get(i).poll(nowNs);
        }
    }

    /** When {@link #poll} has something to do; {@code nowNs} when it has more already. */
    public long deadlineNs(long nowNs) {
        long earliest = nowNs + FAR_NS;
        for (int i = 0; i < sessions.size(); i++) {
            earliest = sessions.get(i).earlier(earliest, nowNs);
        }
        return earliest;
    }

    // ---- our own routes

    /**
     * Tells the neighbours a route of ours, until {@link #withdraw}, instead of what they tell of
     * that prefix: only what is in use here is to be told.
     *
     * @param siteId where it leads; 0: here
     */
    public void originate(Prefix prefix, long siteId) {
        scratch.reset();
        if (siteId != 0) {
            SiteOfOrigin.put(scratch, siteId);
        }
        PathAttributes attributes = routes.attributes().intern(scratch);
        if (attributes != null) {
            routes.family(prefix.isIpv4())
                    .announce(
                            PathOwner.ORIGINATED,
                            prefix.high(),
                            prefix.low(),
                            prefix.length(),
                            attributes);
            routes.attributes().forgetUnused(attributes);
        }
    }

    /** Without effect when there is none. */
    public void withdraw(Prefix prefix) {
        routes.family(prefix.isIpv4())
                .withdraw(PathOwner.ORIGINATED, prefix.high(), prefix.low(), prefix.length());
    }

    // ---- what was learnt

    /**
     * Tells changes of neighbours' paths, each prefix once however often it changed.
     *
     * @return how many prefixes were looked at; less than {@code countMax}: there are no more
     */
    public int takeChanges(RouteListener listener, int countMax) {
        int taken = takeChanges(true, ipv4, listener, countMax);
        return taken + takeChanges(false, ipv6, listener, countMax - taken);
    }

    private int takeChanges(
            boolean isIpv4, RouteReader reader, RouteListener listener, int countMax) {
        FamilyRoutes family = routes.family(isIpv4);
        PrefixTable prefixes = family.prefixes();
        int taken = 0;
        for (; taken < countMax && reader.dueCount() > 0; taken++) {
            int slot = reader.next();
            List<LearntPath> paths = family.learnt(slot);
            Prefix prefix =
                    new Prefix(
                            isIpv4, prefixes.high(slot), prefixes.low(slot), prefixes.length(slot));
            reader.told(slot, !paths.isEmpty());
            listener.onPaths(prefix, paths);
            family.forgetUnused(slot);
        }
        return taken;
    }

    // ---- for status

    public List<NeighbourView> neighbours() {
        return sessions.stream().map(BgpSession::view).toList();
    }

    /**
     * How often a route of the neighbour was not taken: by its list, limit, or for its next hop.
     */
    public long ignoredCount(int neighbour) {
        return sessions.get(neighbour).counters().ignored();
    }

    /** Distinct attribute sets of all paths. */
    public int attributeSetCount() {
        return routes.attributes().size();
    }

    /** Prefixes with at least one path, ours included. */
    public int prefixCount() {
        return routes.family(true).prefixes().size() + routes.family(false).prefixes().size();
    }
}
