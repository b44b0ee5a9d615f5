package io.spillway.routing.rib;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The list of all known routes: by prefix, the one in use first, then those that lost against it
 * with the reason, then those that wait.
 */
final class RouteList {
    private static final Comparator<Route> ORDER =
            Comparator.comparing(Route::prefix)
                    .thenComparing(route -> !route.status().inUse())
                    .thenComparing(Route::source)
                    .thenComparing(Route::siteId, Long::compareUnsigned);

    private RouteList() {}

    static List<Route> of(LocalRoutes local, BgpRoutes bgp, Iterable<SiteRoutes> sites) {
        List<Route> routes = new ArrayList<>();
        local.forEach(routes::add);
        bgp.forEachRoute(routes::add);
        for (SiteRoutes site : sites) {
            site.inForce().prefixes().forEach(prefix -> routes.add(site.route(prefix)));
            site.announced().prefixes().stream()
                    .filter(prefix -> !site.inForce().prefixes().contains(prefix))
                    .forEach(prefix -> routes.add(site.waitingRoute(prefix)));
        }
        routes.sort(ORDER);
        markLosers(routes);
        return List.copyOf(routes);
    }

    /** Of the routes in force for a prefix only the first stays in use. */
    private static void markLosers(List<Route> routes) {
        Route winner = null;
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            if (winner == null || !route.prefix().equals(winner.prefix())) {
                winner = route;
            } else if (route.status().inUse() && !areEqual(route, winner)) {
                routes.set(i, lost(route, winner));
            }
        }
    }

    /** Used together. */
    private static boolean areEqual(Route route, Route winner) {
        return route.source() == RouteSource.BGP && winner.source() == RouteSource.BGP;
    }

    private static Route lost(Route route, Route winner) {
        String why =
                winner.source() == RouteSource.CLOUD
                        ? "site "
                                + Long.toUnsignedString(winner.siteId())
                                + " has the lower site ID"
                        : winner.source() + " goes before " + route.source();
        RouteStatus was = route.status();
        String reason = was.reason().isEmpty() ? why : why + "; " + was.reason();
        return route.with(new RouteStatus(false, was.frozen(), was.waiting(), was.stale(), reason));
    }
}
