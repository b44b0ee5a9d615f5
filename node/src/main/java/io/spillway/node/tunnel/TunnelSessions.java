package io.spillway.node.tunnel;

import io.spillway.crypto.Session;
import io.spillway.dataplane.agent.DataPlaneCommands;

/**
 * Which session a tunnel uses, which one is about to be used, and which ones go on opening what was
 * under way. Owned by control.
 */
final class TunnelSessions {
    /** How long the keys before go on opening what was under way. */
    private static final long RETIRED_NS = 30_000_000_000L;

    private final DataPlaneCommands commands;
    private final ConnectionIds connectionIds;
    private final RekeyLimits limits;
    private long installedCount;

    TunnelSessions(DataPlaneCommands commands, ConnectionIds connectionIds, RekeyLimits limits) {
        this.commands = commands;
        this.connectionIds = connectionIds;
        this.limits = limits;
    }

    /** Gives the data plane a new session: used at once, or when the peer has proven to have it. */
    void install(ManagedTunnel managed, Session session, int connectionId, long nowNs) {
        var lease = new ManagedTunnel.Lease(session, connectionId, nowNs + RETIRED_NS);
        installedCount++;
        commands.installSession(managed.tunnel(), session);
        if (managed.session == null || session.maySeal()) {
            promote(managed, lease, nowNs);
        } else {
            retire(managed, managed.candidate);
            managed.candidate = lease;
        }
    }

    /** Of all tunnels, since the start. */
    long installedCount() {
        return installedCount;
    }

    /** The peer has used the keys that belong to that connection ID. */
    void onAuthenticated(ManagedTunnel managed, int connectionId, long nowNs) {
        if (managed.candidate != null && managed.candidate.connectionId() == connectionId) {
            promote(managed, managed.candidate, nowNs);
        }
    }

    /** Ends what need not be opened any more. */
    void poll(ManagedTunnel managed, long nowNs) {
        if (managed.candidate != null && nowNs - managed.candidate.endNs() >= 0) {
            retire(managed, managed.candidate);
            managed.candidate = null;
        }
        while (!managed.retired.isEmpty() && nowNs - managed.retired.peek().endNs() >= 0) {
            end(managed.retired.poll());
        }
    }

    /** When {@link #poll} has something to do next; at most {@code laterNs}. */
    long deadlineNs(ManagedTunnel managed, long laterNs) {
        long earliestNs = laterNs;
        if (managed.candidate != null) {
            earliestNs = earlier(earliestNs, managed.candidate.endNs());
        }
        if (!managed.retired.isEmpty()) {
            earliestNs = earlier(earliestNs, managed.retired.peek().endNs());
        }
        return earliestNs;
    }

    private static long earlier(long aNs, long bNs) {
        return bNs - aNs < 0 ? bNs : aNs;
    }

    /** Ends all of a tunnel that stays, after a last word to the peer. */
    void expel(ManagedTunnel managed, long nowNs) {
        commands.sendClose(managed.tunnel());
        retire(managed, managed.candidate);
        managed.retired.forEach(this::end);
        managed.retired.clear();
        end(new ManagedTunnel.Lease(managed.session, managed.connectionId, nowNs));
        managed.candidate = null;
        managed.session = null;
        managed.liveness().onLink(false, nowNs);
        managed.liveness().onLink(true, nowNs);
    }

    /** The tunnel itself ends; the data plane closes what it has of it. */
    void close(ManagedTunnel managed) {
        if (managed.session != null) {
            commands.sendClose(managed.tunnel());
            connectionIds.release(managed.connectionId);
        }
        retire(managed, managed.candidate);
        managed.retired.forEach(lease -> connectionIds.release(lease.connectionId()));
        commands.closeTunnel(managed.tunnel());
    }

    /** The session in use from now on; the one before goes on opening what is under way. */
    private void promote(ManagedTunnel managed, ManagedTunnel.Lease lease, long nowNs) {
        boolean wasAlive = managed.isAlive();
        if (managed.session != null) {
            long endNs = nowNs + RETIRED_NS;
            retire(managed, new ManagedTunnel.Lease(managed.session, managed.connectionId, endNs));
        }
        managed.candidate = null;
        managed.session = lease.session();
        managed.connectionId = lease.connectionId();
        managed.rekeyNs = nowNs + limits.afterNs();
        managed.rekeyBytes = managed.bytes() + limits.bytes();
        if (!wasAlive) {
            managed.liveness().restart(nowNs);
            managed.pathMtu().restart(nowNs);
        }
        managed.liveness().probeNow(nowNs);
    }

    private static void retire(ManagedTunnel managed, ManagedTunnel.Lease lease) {
        if (lease != null) {
            managed.retired.add(lease);
        }
    }

    private void end(ManagedTunnel.Lease lease) {
        commands.removeSession(lease.session());
        connectionIds.release(lease.connectionId());
    }
}
