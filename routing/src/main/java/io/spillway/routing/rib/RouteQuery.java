package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;

/**
 * Which of the known routes somebody wants to see; all conditions hold at once.
 *
 * @param within this prefix and those inside it; null: any
 * @param source null: any
 * @param isFrozen only those that are pinned
 * @param isWaiting only those of which news wait
 * @param after only those of later prefixes, in order; null: from the first on
 * @param countMax no more are begun once there are so many, but those of one prefix stay together
 */
public record RouteQuery(
        Prefix within,
        RouteSource source,
        boolean isFrozen,
        boolean isWaiting,
        Prefix after,
        int countMax) {

    public static final RouteQuery ALL =
            new RouteQuery(null, null, false, false, null, Integer.MAX_VALUE);

    boolean covers(Prefix prefix) {
        return (within == null || within.contains(prefix))
                && (after == null || after.compareTo(prefix) < 0);
    }

    /** Routes of that source may be among them. */
    boolean asksFor(RouteSource asked) {
        boolean isRemoteOnly = isFrozen || isWaiting;
        return (source == null || source == asked) && (asked == RouteSource.CLOUD || !isRemoteOnly);
    }

    boolean matches(Route route) {
        return (source == null || source == route.source())
                && (!isFrozen || route.status().frozen())
                && (!isWaiting || route.status().waiting());
    }
}
