package io.spillway.routing.rib;

import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;

/**
 * One learned route as the {@link Rib} shows it; immutable.
 *
 * @param nextHop where packets leave; null for CLOUD routes, which lead to their site, and for BGP
 *     routes whose next hop cannot be reached
 * @param siteId the origin site, unsigned; 0 for local routes
 * @param generation of the PoP's state that announced it, or of its site's own word where that did;
 *     0 for local routes
 * @param path of a BGP route, otherwise null
 */
public record Route(
        Prefix prefix,
        RouteSource source,
        NextHop nextHop,
        long siteId,
        long generation,
        RouteStatus status,
        BgpPath path) {

    /** Same way out; generation and status may differ. */
    boolean leavesLike(Route other) {
        return source == other.source
                && siteId == other.siteId
                && (nextHop == null ? other.nextHop == null : nextHop.equals(other.nextHop));
    }

    Route with(RouteStatus other) {
        return new Route(prefix, source, nextHop, siteId, generation, other, path);
    }
}
