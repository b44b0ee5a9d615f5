package io.spillway.node.tunnel;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Whose turn it is to begin a handshake with a peer: a few at once, so that those begun are
 * finished although thousands are due, as after a restart. Who has not failed goes first. A
 * handshake that nobody answers costs nothing, so it counts for a moment only; one that is answered
 * counts until it ends, so that no more begin than processors finish. Owned by control.
 */
final class TurnQueue {
    static final int BEGUN_MAX = 64;
    static final long BEGUN_NS = 1_000_000_000L;

    private record Begun(ManagedTunnel tunnel, HandshakeDriver.Attempt attempt, long endNs) {
        boolean isOver(long nowNs) {
            boolean isUnderWay = tunnel.isOurAttemptUnderWay() && tunnel.attempt == attempt;
            return !isUnderWay || !attempt.isAnswered && nowNs - endNs >= 0;
        }
    }

    private final Deque<ManagedTunnel> fresh = new ArrayDeque<>();
    private final Deque<ManagedTunnel> failed = new ArrayDeque<>();
    private final Deque<Begun> begun = new ArrayDeque<>();

    void add(ManagedTunnel tunnel) {
        if (!tunnel.isQueued) {
            tunnel.isQueued = true;
            (tunnel.failures == 0 ? fresh : failed).add(tunnel);
        }
    }

    boolean isEmpty() {
        return fresh.isEmpty() && failed.isEmpty();
    }

    /** The next in turn, taken out; null: none waits, or enough have begun. */
    ManagedTunnel poll(long nowNs) {
        if (isEmpty()) {
            return null;
        }
        begun.removeIf(it -> it.isOver(nowNs));
        if (begun.size() >= BEGUN_MAX) {
            return null;
        }
        ManagedTunnel next = fresh.isEmpty() ? failed.poll() : fresh.poll();
        next.isQueued = false;
        return next;
    }

    /** It began, and {@link ManagedTunnel#attempt} is it. */
    void onBegun(ManagedTunnel tunnel, long nowNs) {
        begun.add(new Begun(tunnel, tunnel.attempt, nowNs + BEGUN_NS));
    }
}
