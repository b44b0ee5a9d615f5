package io.spillway.node.pop;

import io.spillway.control.route.RouteAssembly;
import io.spillway.control.route.ToldRoutes;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.RouteRequest;
import io.spillway.control.wire.Routes;
import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.Rib;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What another PoP node told of the routes of its sites; they count once it says of the site that
 * it has advertised. Owned by control.
 */
final class NodeRoutes {
    private final Map<Long, ToldRoutes> routes = new HashMap<>();
    private RouteAssembly assembly = new RouteAssembly(Rib.LIMIT_DEFAULT);

    /** On a new channel it tells all of them again. */
    void onConnected() {
        assembly = new RouteAssembly(Rib.LIMIT_DEFAULT);
    }

    /** Null: it told of none. */
    PrefixSet of(long siteId) {
        ToldRoutes told = routes.get(siteId);
        return told == null ? null : told.prefixes();
    }

    void forget(long siteId) {
        routes.remove(siteId);
    }

    /** Forgets all sites but these. */
    void retain(Set<Long> siteIds) {
        routes.keySet().retainAll(siteIds);
    }

    /**
     * Takes a part of a change; asks for the whole where it does not fit.
     *
     * @return why it is not taken; empty when it is
     */
    String take(Routes message, SiteConnection connection) {
        long siteId = message.getSiteId();
        return switch (assembly.take(siteId, message.getPart())) {
            case INCOMPLETE -> "";
            case COMPLETE -> complete(siteId, connection);
            case UNFIT -> ask(siteId, connection);
            case TOO_MANY -> "more than " + Rib.LIMIT_DEFAULT + " routes of a site";
        };
    }

    private String complete(long siteId, SiteConnection connection) {
        boolean isKnown = routes.containsKey(siteId);
        if (!isKnown && routes.size() >= SiteRegister.SITES_MAX) {
            return "routes of more than " + SiteRegister.SITES_MAX + " sites";
        }
        ToldRoutes told = routes.computeIfAbsent(siteId, _ -> new ToldRoutes());
        if (!told.apply(assembly.change())) {
            return ask(siteId, connection);
        }
        long count = routes.values().stream().mapToLong(NodeRoutes::count).sum();
        long excess = count - SiteAdverts.ROUTES_MAX;
        if (excess <= 0) {
            return "";
        }
        told.keepFirst((int) Math.max(0, count(told) - excess));
        return excess + " routes more than the " + SiteAdverts.ROUTES_MAX + " of one node";
    }

    private static long count(ToldRoutes told) {
        return told.prefixes() == null ? 0 : told.prefixes().size();
    }

    private static String ask(long siteId, SiteConnection connection) {
        RouteRequest.Builder request = RouteRequest.newBuilder().setSiteId(siteId);
        connection.send(Frame.newBuilder().setRouteRequest(request).build());
        return "";
    }
}
