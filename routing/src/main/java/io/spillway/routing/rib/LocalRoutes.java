package io.spillway.routing.rib;

import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The routes of each local source. Owned by control, through {@link Rib}. */
final class LocalRoutes {
    private static final RouteStatus PLAIN = new RouteStatus(true, false, false, false, "");

    private final Map<RouteSource, Map<Prefix, NextHop>> sources =
            new EnumMap<>(RouteSource.class); // in order of preference

    /** Whether something changed; also puts a new next hop in place of an earlier one. */
    boolean add(RouteSource source, Prefix prefix, NextHop nextHop) {
        check(source, nextHop);
        Map<Prefix, NextHop> routes = sources.computeIfAbsent(source, s -> new HashMap<>());
        return !nextHop.equals(routes.put(prefix, nextHop));
    }

    boolean remove(RouteSource source, Prefix prefix) {
        Map<Prefix, NextHop> routes = sources.get(source);
        return routes != null && routes.remove(prefix) != null;
    }

    boolean replace(RouteSource source, Map<Prefix, NextHop> routes) {
        routes.values().forEach(nextHop -> check(source, nextHop));
        Map<Prefix, NextHop> before = sources.put(source, new HashMap<>(routes));
        return !routes.equals(before == null ? Map.of() : before);
    }

    private static void check(RouteSource source, NextHop nextHop) {
        if (!source.isLocal() || nextHop.kind() == NextHop.Kind.SITE) {
            throw new IllegalArgumentException("not a local route: " + source + " " + nextHop);
        }
    }

    /** The route of the most preferred source, or null. */
    Route best(Prefix prefix) {
        for (Map.Entry<RouteSource, Map<Prefix, NextHop>> source : sources.entrySet()) {
            NextHop nextHop = source.getValue().get(prefix);
            if (nextHop != null) {
                return route(source.getKey(), prefix, nextHop);
            }
        }
        return null;
    }

    void forEach(Consumer<Route> consumer) {
        sources.forEach(
                (source, routes) ->
                        routes.forEach(
                                (prefix, hop) -> consumer.accept(route(source, prefix, hop))));
    }

    private static Route route(RouteSource source, Prefix prefix, NextHop nextHop) {
        return new Route(prefix, source, nextHop, 0, 0, PLAIN);
    }
}
