package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Finds the routes that a {@link RouteQuery} asks for. Of a full table only those that are shown
 * are made; the others are counted, those of sites without a look at each.
 */
final class RouteList {
    private static final Comparator<Route> ORDER =
            Comparator.comparing((Route route) -> !route.status().inUse())
                    .thenComparing(Route::source)
                    .thenComparing(Route::siteId, Long::compareUnsigned);

    private final LocalRoutes local;
    private final BgpRoutes bgp;
    private final Collection<SiteRoutes> sites;
    private final RouteQuery query;
    private final NavigableSet<Prefix> first = new TreeSet<>();
    private long count;

    private RouteList(
            LocalRoutes local, BgpRoutes bgp, Collection<SiteRoutes> sites, RouteQuery query) {
        this.local = local;
        this.bgp = bgp;
        this.sites = sites;
        this.query = query;
    }

    static RoutePage of(
            LocalRoutes local, BgpRoutes bgp, Collection<SiteRoutes> sites, RouteQuery query) {
        RouteList list = new RouteList(local, bgp, sites, query);
        list.count();
        return list.page();
    }

    private void count() {
        local.forEach(route -> count(route.prefix(), query.asksFor(route.source()) ? 1 : 0));
        if (query.asksFor(RouteSource.BGP)) {
            bgp.forEachCount(this::count);
        }
        if (query.asksFor(RouteSource.CLOUD)) {
            sites.forEach(this::count);
        }
    }

    private void count(Prefix prefix, int routes) {
        if (routes > 0 && query.covers(prefix)) {
            count += routes;
            note(prefix);
        }
    }

    private void count(SiteRoutes site) {
        if (query.isFrozen() && !site.isFrozen()) {
            return;
        }
        PrefixSet inForce = site.inForce().prefixes();
        PrefixSet announced = site.announced().prefixes();
        PrefixSet used = query.isFrozen() ? inForce.without(site.live().announced()) : inForce;
        count(query.isWaiting() ? used.without(announced) : used);
        if (!query.isFrozen()) {
            count(announced.without(inForce));
        }
        count(goneLive(site, announced));
    }

    /** What the site withdrew live and was not counted among the rest. */
    private PrefixSet goneLive(SiteRoutes site, PrefixSet announced) {
        PrefixSet gone = site.live().withdrawn();
        if (query.isFrozen()) {
            return query.isWaiting() ? gone.without(gone.without(announced)) : gone;
        }
        return query.isWaiting() ? PrefixSet.EMPTY : gone.without(announced);
    }

    private void count(PrefixSet set) {
        int start = query.within() == null ? 0 : set.firstFrom(query.within());
        int end = query.within() == null ? set.size() : set.endOf(query.within());
        if (query.after() != null) {
            int next = set.firstFrom(query.after());
            boolean isThere = next < set.size() && set.get(next).equals(query.after());
            start = Math.max(start, isThere ? next + 1 : next);
        }
        count += Math.max(0, end - start);
        int index = start;
        while (index < end && note(set.get(index))) {
            index++;
        }
    }

    /** Whether a later prefix might be among the first ones still. */
    private boolean note(Prefix prefix) {
        if (first.size() < query.countMax()) {
            first.add(prefix);
            return true;
        }
        if (first.isEmpty() || prefix.compareTo(first.last()) > 0) {
            return false;
        }
        if (first.add(prefix)) {
            first.pollLast();
        }
        return true;
    }

    private RoutePage page() {
        List<Route> found = new ArrayList<>();
        Prefix last = null;
        for (Prefix prefix : first) {
            if (found.size() >= query.countMax()) {
                break;
            }
            routes(prefix).stream().filter(query::matches).forEach(found::add);
            last = prefix;
        }
        return new RoutePage(found, count - found.size(), last);
    }

    /** All of one prefix, whatever is asked for: which of them is in use depends on each. */
    private List<Route> routes(Prefix prefix) {
        List<Route> routes = new ArrayList<>();
        local.forEach(prefix, routes::add);
        bgp.forEach(prefix, routes::add);
        for (SiteRoutes site : sites) {
            if (site.inForce().prefixes().contains(prefix)) {
                routes.add(site.route(prefix));
            } else if (site.live().withdrawn().contains(prefix)) {
                routes.add(site.withdrawnRoute(prefix));
            } else if (site.isFrozen() && site.announced().prefixes().contains(prefix)) {
                routes.add(site.waitingRoute(prefix));
            }
        }
        routes.sort(ORDER);
        markLosers(routes);
        return routes;
    }

    /** Of the routes in force only the first stays in use. */
    private static void markLosers(List<Route> routes) {
        Route winner = routes.getFirst();
        for (int i = 1; i < routes.size(); i++) {
            Route route = routes.get(i);
            if (route.status().inUse() && !areEqual(route, winner)) {
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
                winner.source() == route.source()
                        ? "site "
                                + Long.toUnsignedString(winner.siteId())
                                + " has the lower site ID"
                        : winner.source() + " goes before " + route.source();
        RouteStatus was = route.status();
        String reason = was.reason().isEmpty() ? why : why + "; " + was.reason();
        return route.with(was.lost(reason));
    }
}
