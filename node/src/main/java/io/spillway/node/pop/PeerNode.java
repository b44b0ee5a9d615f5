package io.spillway.node.pop;

import io.spillway.control.route.RouteHistory;
import io.spillway.control.route.RouteTeller;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.NodeSite;
import io.spillway.control.wire.NodeSynced;
import io.spillway.control.wire.Routes;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Another PoP node: one tunnel and one channel to it. Owned by control.
 *
 * <p>What it says of its sites counts while its tunnel lives, and is believed from the end of its
 * first telling until both tunnel and channel were down at once: then it may have died, and knows
 * nothing any more when it comes back.
 */
final class PeerNode {
    private final NodeAddress address;
    private final Set<Long> told = new HashSet<>();
    private final SequencedMap<Long, NodeSite> untold = new LinkedHashMap<>();
    private final Map<Long, RouteHistory> histories;
    private final RouteTeller toldRoutes = new RouteTeller();
    private final NodeRoutes routes = new NodeRoutes();
    private boolean isEndUntold;
    private ManagedTunnel tunnel;
    private SiteConnection connection;
    private boolean isTunnelAlive;
    private boolean isBelieved;
    private boolean wasSynced;
    private long refused;

    /**
     * @param histories of the routes of the sites that it is to be told of, a view
     */
    PeerNode(NodeAddress address, Map<Long, RouteHistory> histories) {
        this.address = address;
        this.histories = histories;
    }

    NodeAddress address() {
        return address;
    }

    String name() {
        return address.name();
    }

    ManagedTunnel tunnel() {
        return tunnel;
    }

    void tunnel(ManagedTunnel opened) {
        tunnel = opened;
    }

    /** Null while its channel is down. */
    SiteConnection connection() {
        return connection;
    }

    /**
     * @param all that it is to be told of, by ID
     */
    void onConnected(SiteConnection opened, Map<Long, NodeSite> all) {
        connection = opened;
        told.clear();
        untold.clear();
        untold.putAll(all);
        toldRoutes.clear();
        routes.onConnected();
        isEndUntold = true;
    }

    void onDisconnected() {
        connection = null;
        untold.clear();
        isBelieved &= isTunnelAlive;
    }

    boolean send(Frame frame) {
        return connection != null && connection.send(frame);
    }

    /** To be told with the next {@link #flush}, in place of what it was to be told of that site. */
    void tell(long siteId, NodeSite site) {
        if (connection != null) {
            untold.put(siteId, site);
        }
    }

    /** It does not have what it was told of that site's routes. */
    void tellAgain(long siteId, NodeSite site) {
        toldRoutes.forget(siteId);
        tell(siteId, site);
    }

    /** What it told of its own sites' routes. */
    NodeRoutes routes() {
        return routes;
    }

    /**
     * Tells as much as there is room for, and the end when all sites were told of: the state of a
     * large account is more than may wait to be read.
     */
    void flush() {
        if (connection != null && !flushed()) {
            connection.close("it does not read what it is told"); // all again when it comes back
        }
    }

    private boolean flushed() {
        boolean isTaken = true;
        while (isTaken && !untold.isEmpty() && connection.hasRoom()) {
            isTaken = send(next());
        }
        if (isTaken && untold.isEmpty() && isEndUntold && connection.hasRoom()) {
            isEndUntold = false;
            NodeSynced end = NodeSynced.getDefaultInstance();
            isTaken = send(Frame.newBuilder().setNodeSynced(end).build());
        }
        return isTaken;
    }

    /** Of the first site that is untold: a part of its routes, or itself when they are told. */
    private Frame next() {
        long siteId = untold.firstEntry().getKey();
        RouteHistory history = histories.get(siteId);
        if (history == null || toldRoutes.hasTold(siteId, history)) {
            NodeSite site = untold.pollFirstEntry().getValue();
            return Frame.newBuilder().setNodeSite(site).build();
        }
        Routes.Builder part =
                Routes.newBuilder().setSiteId(siteId).setPart(toldRoutes.part(siteId, history));
        toldRoutes.advance();
        return Frame.newBuilder().setNodeRoutes(part).build();
    }

    /** As seen by the last {@link #noteTunnel}. */
    boolean isTunnelAlive() {
        return isTunnelAlive;
    }

    void noteTunnel(boolean isAlive) {
        isTunnelAlive = isAlive;
        isBelieved &= isAlive || connection != null;
    }

    /** Packets for its sites go to it. */
    boolean isAlive() {
        return isTunnelAlive && isBelieved;
    }

    /** Sites that it spoke of on this connection. */
    Set<Long> told() {
        return told;
    }

    void onSynced() {
        isBelieved = true;
        wasSynced = true;
    }

    /** It has told of all its sites, once at least since our start. */
    boolean wasSynced() {
        return wasSynced;
    }

    /** What it said and was not taken. */
    long refused() {
        return refused;
    }

    void countRefused() {
        refused++;
    }
}
