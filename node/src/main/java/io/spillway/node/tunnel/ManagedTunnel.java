package io.spillway.node.tunnel;

import io.spillway.control.mtu.PathMtu;
import io.spillway.control.recovery.Liveness;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Session;
import io.spillway.dataplane.forward.Tunnel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What control knows of one tunnel: whether it answers, its sessions, when to try again. Owned by
 * control; {@link TunnelKeeper} moves it.
 */
public final class ManagedTunnel {
    /** A session and when it ends, which is never for the one in use. */
    record Lease(Session session, int connectionId, long endNs) {}

    private static final long LONG_AGO_NS = Long.MAX_VALUE / 2;

    private final Tunnel tunnel;
    private final Liveness liveness;
    private final PathMtu pathMtu;
    private final boolean isClient;
    final Deque<Lease> retired = new ArrayDeque<>();
    Session session;

    /** Installed, but not used until the peer has proven to have it too. */
    Lease candidate;

    /** What the data plane was told. */
    int pathMtuApplied;

    /** It was told so a moment ago. */
    boolean isMtuChanging;

    int connectionId;
    PeerIdentity peer;
    HandshakeDriver.Attempt attempt;
    long attemptDeadlineNs;
    long calledNs;
    long retryNs;
    int failures;
    String lastFailure = "";
    long rekeyNs;
    long rekeyBytes;

    /** Somebody wants a new session, whichever end opens the tunnel. */
    boolean isKeyChangeAsked;

    /** When the handshake of the session in use was begun. */
    long openedNs;

    /** {@link Refreshing}: how often it was begun anew for this reason, and not again before. */
    int refreshes;

    long refreshNs;

    /** The session that was found to need no refresh, and by what. */
    Session judged;

    Vintage judgedBy;

    /** After a restart of ours we call, whoever's turn it is. */
    boolean isRejoining;

    /** Until then there is reason to think that it is dead. */
    long doubtEndNs;

    /** When {@link TunnelKeeper} looks at it next, and where {@link DueQueue} has it. */
    long dueNs;

    int duePlace = -1;

    /** Waits for its turn to begin a handshake. */
    boolean isQueued;

    boolean isClosed;

    /** Packets went either way between the last two polls. */
    boolean isBusy;

    private int remoteLink = -1;
    private long lastTrafficNs;
    private long heardNs;
    private boolean isClosedByPeer;
    private long closedNs;
    private long trafficSeen;
    private boolean wasAlive;
    private int mtuSeen;

    ManagedTunnel(Tunnel tunnel, Liveness liveness, PathMtu pathMtu, boolean isClient, long nowNs) {
        this.tunnel = tunnel;
        this.liveness = liveness;
        this.pathMtu = pathMtu;
        pathMtuApplied = pathMtu.size();
        this.isClient = isClient;
        retryNs = nowNs;
        lastTrafficNs = nowNs - LONG_AGO_NS;
        heardNs = nowNs;
        doubtEndNs = nowNs;
    }

    public boolean isInDoubt(long nowNs) {
        return nowNs - doubtEndNs < 0;
    }

    public Tunnel tunnel() {
        return tunnel;
    }

    public Liveness liveness() {
        return liveness;
    }

    /** How large a packet of ours its path carries. */
    public PathMtu pathMtu() {
        return pathMtu;
    }

    /** We open the handshake. */
    public boolean isClient() {
        return isClient;
    }

    public boolean hasSession() {
        return session != null;
    }

    /** Has a session, and the far end answers. */
    public boolean isAlive() {
        return session != null && liveness.isAlive();
    }

    /** A new session gets its chance to be answered before it is given up for another. */
    boolean isAwaitingFirstAnswer() {
        return liveness.state() == Liveness.State.UNKNOWN;
    }

    /**
     * Whether it may yet come to life for the first time: it was not called so far, since others
     * are before it, or only {@code patienceNs} ago.
     */
    public boolean isPromising(long patienceNs, long nowNs) {
        boolean hasLived = session != null && !isAwaitingFirstAnswer();
        if (isClosed || hasLived || failures > 0) {
            return false;
        }
        boolean wasCalled = attempt != null || session != null;
        return wasCalled ? nowNs - calledNs < patienceNs : isClient || isRejoining;
    }

    boolean isRekeyDue(long nowNs) {
        return session != null && (nowNs - rekeyNs >= 0 || bytes() >= rekeyBytes);
    }

    boolean isOurAttemptUnderWay() {
        return attempt != null && attempt.isClient && !isAttemptComplete();
    }

    /** Of an attempt that there is: its session is the one in use. */
    boolean isAttemptComplete() {
        return attempt.connectionId == connectionId;
    }

    /** Who the certificate said is there; null before the first handshake. */
    public PeerIdentity peer() {
        return peer;
    }

    /** Why the last handshake failed; empty when none did since the last success. */
    public String lastFailure() {
        return lastFailure;
    }

    /** The far end's link as its PROBEs name it; -1 before the first. */
    public int remoteLink() {
        return remoteLink;
    }

    /** When the far end last sent a PROBE of its own; before the first, when we opened it. */
    public long heardNs() {
        return heardNs;
    }

    void onHeard(int link, long nowNs) {
        remoteLink = link;
        heardNs = nowNs;
        isClosedByPeer = false;
    }

    /** The far end says that it is gone: not heard any more. */
    void onClosed(long nowNs) {
        heardNs = nowNs - LONG_AGO_NS;
        isClosedByPeer = true;
        closedNs = nowNs;
    }

    /** The far end said that it is gone, at most that long ago, and was not heard since. */
    public boolean isClosedByPeer(long ageMaxNs, long nowNs) {
        return isClosedByPeer && nowNs - closedNs < ageMaxNs;
    }

    /** When a packet last went either way, as far as it was asked for. */
    public long lastTrafficNs(long nowNs) {
        noteTraffic(nowNs);
        return lastTrafficNs;
    }

    /** Whether any went since the last call. */
    boolean noteTraffic(long nowNs) {
        long packets = tunnel.packetsSent().packets() + tunnel.packetsReceived().packets();
        if (packets == trafficSeen) {
            return false;
        }
        trafficSeen = packets;
        lastTrafficNs = nowNs;
        return true;
    }

    /** As {@link #noteChange} last saw it. */
    boolean wasAlive() {
        return wasAlive;
    }

    /** Whether it came to life, died, or takes packets of another size since the last call. */
    boolean noteChange() {
        boolean isNow = isAlive();
        int mtuNow = tunnel.mtu();
        boolean hasChanged = isNow != wasAlive || mtuNow != mtuSeen;
        wasAlive = isNow;
        mtuSeen = mtuNow;
        return hasChanged;
    }

    /** Bytes of packets that the keys of this tunnel protected, both ways. */
    long bytes() {
        return tunnel.packetsSent().bytes() + tunnel.packetsReceived().bytes();
    }
}
