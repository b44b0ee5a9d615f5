package io.spillway.node.pop;

import io.spillway.control.wire.Frame;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.HashSet;
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

    void onConnected(SiteConnection opened) {
        connection = opened;
        told.clear();
    }

    void onDisconnected() {
        connection = null;
        isBelieved &= isTunnelAlive;
    }

    boolean send(Frame frame) {
        return connection != null && connection.send(frame);
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
