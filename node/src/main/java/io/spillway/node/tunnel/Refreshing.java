package io.spillway.node.tunnel;

import java.util.Collection;
import java.util.function.Consumer;

/**
 * Opens tunnels anew, make before break, whose certificates are of an authority that is about to
 * go: again and again, since the far end's own may be still to be renewed. Owned by control.
 */
final class Refreshing {
    static final long FIRST_NS = 2_000_000_000L;
    static final long LONGEST_NS = 600_000_000_000L;

    private static final int DOUBLINGS_MAX = 9;

    private Vintage vintage;
    private long installedSeen;
    private boolean isToLook;

    /**
     * Looks at the tunnels only when there is something to find.
     *
     * @param installedCount of sessions, so far
     * @param onDue that tunnel's keys are due to be changed
     */
    void poll(
            Vintage now,
            long installedCount,
            Collection<ManagedTunnel> tunnels,
            long nowNs,
            Consumer<ManagedTunnel> onDue) {
        if (!isToLook && now.equals(vintage) && installedCount == installedSeen) {
            return;
        }
        if (vintage != null && !now.equals(vintage)) {
            tunnels.forEach(tunnel -> tunnel.refreshes = 0);
        }
        vintage = now;
        installedSeen = installedCount;
        isToLook = false;
        for (ManagedTunnel tunnel : tunnels) {
            boolean isOurs = tunnel.isClient() && tunnel.session != null;
            if (!isOurs || tunnel.session == tunnel.judged && now.equals(tunnel.judgedBy)) {
                continue;
            }
            if (now.isPast(tunnel)) {
                isToLook = true;
                refresh(tunnel, nowNs, onDue);
            } else {
                tunnel.judged = tunnel.session;
                tunnel.judgedBy = now;
            }
        }
    }

    private static void refresh(ManagedTunnel tunnel, long nowNs, Consumer<ManagedTunnel> onDue) {
        if (tunnel.refreshes > 0 && nowNs - tunnel.refreshNs < 0) {
            return;
        }
        long waitNs = FIRST_NS << Math.min(tunnel.refreshes++, DOUBLINGS_MAX);
        tunnel.refreshNs = nowNs + Math.min(waitNs, LONGEST_NS);
        tunnel.rekeyNs = nowNs;
        onDue.accept(tunnel);
    }
}
