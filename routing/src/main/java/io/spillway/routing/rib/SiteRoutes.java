package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What one site announces and what of it is in force. Owned by control, through {@link Rib}.
 *
 * <pre>
 *             announced (news land here)    pinned            in force
 *   thawed    latest generation             none              announced
 *   frozen    latest generation, waiting    as it was         pinned
 * </pre>
 */
final class SiteRoutes {
    private final long siteId;
    private final long[] alone;
    private SiteState announced = SiteState.NONE;
    private SiteState pinned; // null = thawed
    private long frozenAtMs;
    private boolean stale;

    SiteRoutes(long siteId) {
        this.siteId = siteId;
        alone = new long[] {siteId};
    }

    long siteId() {
        return siteId;
    }

    /** An array of the ID alone, for all prefixes that no other site has; never written. */
    long[] alone() {
        return alone;
    }

    SiteState announced() {
        return announced;
    }

    SiteState inForce() {
        return isFrozen() ? pinned : announced;
    }

    void announce(SiteState state) {
        announced = state;
        stale = false;
    }

    /** The PoP's state came without this site, which stays unconfirmed. */
    void withdraw(long generation) {
        announced = new SiteState(generation, PrefixSet.EMPTY);
    }

    /** A frozen site keeps its first pin. */
    void freeze(long nowMs) {
        if (!isFrozen()) {
            pinned = announced;
            frozenAtMs = nowMs;
        }
    }

    void thaw() {
        pinned = null;
    }

    boolean isFrozen() {
        return pinned != null;
    }

    void markStale() {
        stale = true;
    }

    boolean isStale() {
        return stale;
    }

    /** Prefixes that come into force or go out of it with {@link #thaw}. */
    List<Prefix> waiting() {
        List<Prefix> waiting = new ArrayList<>(announced.prefixes().without(inForce().prefixes()));
        waiting.addAll(inForce().prefixes().without(announced.prefixes()));
        return waiting;
    }

    /** The route in force for one of its prefixes. */
    Route route(Prefix prefix) {
        SiteState state = inForce();
        boolean withdrawn = !announced.prefixes().contains(prefix);
        String reason = "";
        if (isFrozen()) {
            reason = "frozen since " + Instant.ofEpochMilli(frozenAtMs);
            reason += withdrawn ? "; withdrawn, waits for the thaw of its site" : "";
        } else if (stale) {
            reason = "channel down, not confirmed since";
        }
        boolean isStale = stale && !isFrozen();
        return remote(
                prefix,
                state.generation(),
                new RouteStatus(true, isFrozen(), isFrozen() && withdrawn, isStale, reason));
    }

    /** What {@link #thaw} would put in force for one of its prefixes. */
    Route thawedRoute(Prefix prefix) {
        RouteStatus status = new RouteStatus(true, false, false, false, "");
        return remote(prefix, announced.generation(), status);
    }

    /** The route announced for a prefix that is not in force. */
    Route waitingRoute(Prefix prefix) {
        String reason = "announced while frozen, waits for the thaw of its site";
        RouteStatus status = new RouteStatus(false, false, true, false, reason);
        return remote(prefix, announced.generation(), status);
    }

    private Route remote(Prefix prefix, long generation, RouteStatus status) {
        return new Route(prefix, RouteSource.CLOUD, null, siteId, generation, status, null);
    }
}
