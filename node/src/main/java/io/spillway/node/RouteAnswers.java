package io.spillway.node;

import io.spillway.routing.rib.Rib;
import io.spillway.routing.rib.Route;
import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How routes are shown, the same at sites and PoPs. */
public final class RouteAnswers {
    private RouteAnswers() {}

    public static void describe(ObjectNode answer, Rib rib) {
        answer.put("frozen", rib.isAnyFrozen());
        if (rib.isFrozen()) {
            answer.put("frozenSince", Instant.ofEpochMilli(rib.frozenAtMs()).toString());
        }
        ArrayNode routes = answer.putArray("routes");
        for (Route route : rib.routes()) {
            ObjectNode node = routes.addObject();
            node.put("prefix", route.prefix().toString());
            node.put("source", route.source().name());
            if (route.source().isLocal()) {
                node.put(
                        "nextHop",
                        route.nextHop() == null ? "NONE" : route.nextHop().kind().name());
            } else {
                node.put("site", Long.toUnsignedString(route.siteId()));
                node.put("generation", route.generation());
            }
            node.put("inUse", route.status().inUse());
            node.put("frozen", route.status().frozen());
            node.put("waiting", route.status().waiting());
            node.put("stale", route.status().stale());
            if (!route.status().reason().isEmpty()) {
                node.put("reason", route.status().reason());
            }
        }
    }
}
