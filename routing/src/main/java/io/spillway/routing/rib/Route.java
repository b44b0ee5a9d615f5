package io.spillway.routing.rib;

import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;

/**
 * One learned route as the {@link Rib} shows it; immutable.
 *
 * @param nextHop where packets leave; null for CLOUD routes, which lead to their site
 * @param siteId the origin site, unsigned; 0 for local routes
 * @param generation of the PoP's state that announced it; 0 for local routes
 */
public record Route(
        Prefix prefix,
        RouteSource source,
        NextHop nextHop,
        long siteId,
        long generation,
        RouteStatus status) {

    /** Same way out; generation and status may differ. */
    boolean leavesLike(Route other) {
        return source == other.source
                && siteId == other.siteId
                && (nextHop == null ? other.nextHop == null : nextHop.equals(other.nextHop));
    }
}
