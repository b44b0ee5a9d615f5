package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What one site announces and what of it is in force. Owned by control, through {@link Rib}.
 *
 * <pre>
 *             announced (news land here)    pinned       live              in force
 *   thawed    latest generation             none         none              announced
 *   frozen    latest generation, waiting    as it was    its own word      pinned, changed by live
 * </pre>
 */
final class SiteRoutes {
    private final long siteId;
    private final long[] alone;
    private SiteState announced = SiteState.NONE;
    private SiteState pinned; // null = thawed
    private SiteState changed; // what live makes of it
    private LiveChange live = LiveChange.NONE;
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
        return isFrozen() ? changed : announced;
    }

    /** In force, but for what the site told live. */
    SiteState byCloud() {
        return isFrozen() ? pinned : announced;
    }

    /** As far as it makes the pinned routes others. */
    LiveChange live() {
        return live;
    }

    /** The site is frozen. In place of what it told live before. */
    void change(LiveChange told) {
        live = told.against(pinned.prefixes());
        PrefixSet prefixes = pinned.prefixes().with(live.withdrawn(), live.announced());
        changed = new SiteState(pinned.generation(), prefixes);
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
            changed = pinned;
            frozenAtMs = nowMs;
        }
    }

    void thaw() {
        pinned = null;
        changed = null;
        live = LiveChange.NONE;
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
        if (live.announced().contains(prefix)) {
            return liveRoute(prefix);
        }
        SiteState state = inForce();
        boolean withdrawn = !announced.prefixes().contains(prefix);
        String reason = "";
        if (isFrozen()) {
            reason = frozenSince();
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

    private Route liveRoute(Prefix prefix) {
        boolean waits = !announced.prefixes().contains(prefix);
        String reason = "announced live by its site, " + frozenSince();
        reason += waits ? "; no PoP has announced it" : "";
        RouteStatus status = new RouteStatus(true, false, waits, false, true, reason);
        return remote(prefix, live.generation(), status);
    }

    /** The pinned route for a prefix that the site has withdrawn live. */
    Route withdrawnRoute(Prefix prefix) {
        boolean waits = announced.prefixes().contains(prefix);
        String reason = "withdrawn live by its site, " + frozenSince();
        reason += waits ? "; a PoP has not withdrawn it" : "";
        RouteStatus status = new RouteStatus(false, true, waits, false, true, reason);
        return remote(prefix, pinned.generation(), status);
    }

    private String frozenSince() {
        return "frozen since " + Instant.ofEpochMilli(frozenAtMs);
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
