package io.spillway.node;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.Rib;
import io.spillway.routing.rib.Route;
import io.spillway.routing.rib.RoutePage;
import io.spillway.routing.rib.RouteQuery;
import io.spillway.routing.rib.RouteSource;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How routes are shown, the same at sites and PoPs: those that are asked for, a page at a time,
 * since a full table is more than one answer holds and control can wait for.
 */
public final class RouteAnswers {
    /** Routes in an answer, unless the request says otherwise; and the most there may be. */
    private static final int COUNT_DEFAULT = 200;

    private static final int COUNT_MAX = 2_000;

    private RouteAnswers() {}

    /**
     * On control's thread.
     *
     * @param request may have {@code prefix} (a prefix or an address: it, those inside, and the
     *     longest match), {@code source}, {@code frozen}, {@code waiting}, {@code count}, and
     *     {@code after}, as the answer before had it
     */
    public static ObjectNode answer(JsonNode request, Rib rib) {
        ObjectNode answer = JsonMapper.shared().createObjectNode();
        try {
            describe(answer, request, rib);
            return answer;
        } catch (IllegalArgumentException e) {
            return JsonMapper.shared().createObjectNode().put("error", e.getMessage());
        }
    }

    private static void describe(ObjectNode answer, JsonNode request, Rib rib) {
        RouteQuery query = query(request);
        answer.put("frozen", rib.isAnyFrozen());
        if (rib.isFrozen()) {
            answer.put("frozenSince", Instant.ofEpochMilli(rib.frozenAtMs()).toString());
        }
        RoutePage page = rib.page(query);
        Prefix match = query.within() == null ? null : rib.longestMatch(query.within());
        if (query.within() != null) {
            answer.put("longestMatch", match == null ? "none" : match.toString());
        }
        ArrayNode routes = answer.putArray("routes");
        if (match != null && query.after() == null && !match.equals(query.within())) {
            RouteQuery covering = new RouteQuery(match, query.source(), false, false, null, 1);
            rib.page(covering).routes().stream()
                    .filter(route -> route.prefix().equals(match))
                    .forEach(route -> describe(routes.addObject(), route));
        }
        page.routes().forEach(route -> describe(routes.addObject(), route));
        if (page.moreCount() > 0) {
            answer.put("more", page.moreCount());
            answer.put("after", page.last().toString());
        }
    }

    private static RouteQuery query(JsonNode request) {
        String prefix = request.path("prefix").asString("");
        String after = request.path("after").asString("");
        int count = request.path("count").asInt(COUNT_DEFAULT);
        if (count < 1 || count > COUNT_MAX) {
            throw new IllegalArgumentException("count " + count + " not in 1.." + COUNT_MAX);
        }
        return new RouteQuery(
                prefix.isEmpty() ? null : prefixOf(prefix),
                source(request.path("source").asString("")),
                request.path("frozen").asBoolean(false),
                request.path("waiting").asBoolean(false),
                after.isEmpty() ? null : Prefix.parse(after),
                count);
    }

    private static Prefix prefixOf(String text) {
        return text.contains("/") ? Prefix.parse(text) : Prefix.host(IpAddress.parse(text));
    }

    private static RouteSource source(String name) {
        if (name.isEmpty()) {
            return null;
        }
        String upper = name.toUpperCase(Locale.ROOT);
        return Arrays.stream(RouteSource.values())
                .filter(source -> source.name().equals(upper))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        ConfigMistake.shown(name)
                                                + ": expected one of "
                                                + Arrays.toString(RouteSource.values())));
    }

    private static void describe(ObjectNode node, Route route) {
        node.put("prefix", route.prefix().toString());
        node.put("source", route.source().name());
        if (route.source().isLocal()) {
            NextHop hop = route.nextHop();
            node.put("nextHop", hop == null ? "NONE" : hop.kind().name());
            if (hop != null && hop.kind() == NextHop.Kind.LAN && !hop.isOnLink()) {
                node.put("via", hop.gateway(route.prefix().isIpv4()).toString());
            }
        } else {
            node.put("site", Long.toUnsignedString(route.siteId()));
            node.put("generation", route.generation());
        }
        if (route.path() != null) {
            node.put("neighbour", route.path().peer().toString());
            node.put("asPath", route.path().asPath());
        }
        node.put("inUse", route.status().inUse());
        node.put("frozen", route.status().frozen());
        node.put("waiting", route.status().waiting());
        node.put("stale", route.status().stale());
        if (route.status().live()) {
            node.put("live", true);
        }
        if (!route.status().reason().isEmpty()) {
            node.put("reason", route.status().reason());
        }
    }
}
