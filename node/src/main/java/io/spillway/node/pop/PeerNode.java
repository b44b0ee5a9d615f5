package io.spillway.node.pop;

import io.spillway.control.wire.Frame;
import io.spillway.control.wire.NodeSite;
import io.spillway.control.wire.NodeSynced;
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
    private boolean isEndUntold;
    private ManagedTunnel tunnel;
    private SiteConnection connection;
    private boolean isTunnelAlive;
    private boolean isBelieved;
    private boolean wasSynced;
    private long refused;

    PeerNode(NodeAddress address) {
        this.address = address;
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
            NodeSite next = untold.pollFirstEntry().getValue();
            isTaken = send(Frame.newBuilder().setNodeSite(next).build());
        }
        if (isTaken && untold.isEmpty() && isEndUntold && connection.hasRoom()) {
            isEndUntold = false;
            NodeSynced end = NodeSynced.getDefaultInstance();
            isTaken = send(Frame.newBuilder().setNodeSynced(end).build());
        }
        return isTaken;
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
