package io.spillway.routing.rib;

import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The routes of our own ports and those set by hand, some of them the last resort. Owned by
 * control, through {@link Rib}.
 */
final class LocalRoutes {
    private static final RouteStatus PLAIN = new RouteStatus(true, false, false, false, "");

    private final Map<RouteSource, Map<Prefix, NextHop>> sources =
            new EnumMap<>(RouteSource.class); // in order of preference
    private final Consumer<Prefix> changed;

    /**
     * @param changed told of each prefix whose next hop is another one now
     */
    LocalRoutes(Consumer<Prefix> changed) {
        this.changed = changed;
    }

    void add(RouteSource source, Prefix prefix, NextHop nextHop) {
        check(source, nextHop);
        if (!nextHop.equals(of(source).put(prefix, nextHop))) {
            changed.accept(prefix);
        }
    }

    void remove(RouteSource source, Prefix prefix) {
        if (of(source).remove(prefix) != null) {
            changed.accept(prefix);
        }
    }

    void replace(RouteSource source, Map<Prefix, NextHop> routes) {
        routes.values().forEach(nextHop -> check(source, nextHop));
        Map<Prefix, NextHop> before = sources.put(source, new HashMap<>(routes));
        if (before != null) {
            before.keySet().stream().filter(p -> !routes.containsKey(p)).forEach(changed);
        }
        routes.forEach(
                (prefix, nextHop) -> {
                    if (before == null || !nextHop.equals(before.get(prefix))) {
                        changed.accept(prefix);
                    }
                });
    }

    private Map<Prefix, NextHop> of(RouteSource source) {
        return sources.computeIfAbsent(source, s -> new HashMap<>());
    }

    private static void check(RouteSource source, NextHop nextHop) {
        boolean isSet = source.isLocal() && source != RouteSource.BGP;
        if (!isSet || nextHop.kind() == NextHop.Kind.SITE) {
            throw new IllegalArgumentException("not a local route: " + source + " " + nextHop);
        }
    }

    /** The route where no other site has one, or null. */
    Route last(Prefix prefix) {
        return route(RouteSource.POP, prefix);
    }

    /** The route that goes before those of other sites, or null. */
    Route best(Prefix prefix) {
        Route connected = route(RouteSource.CONNECTED, prefix);
        return connected == null ? route(RouteSource.STATIC, prefix) : connected;
    }

    private Route route(RouteSource source, Prefix prefix) {
        Map<Prefix, NextHop> routes = sources.get(source);
        NextHop nextHop = routes == null ? null : routes.get(prefix);
        return nextHop == null ? null : route(source, prefix, nextHop);
    }

    /** Those of one prefix, the most preferred first. */
    void forEach(Prefix prefix, Consumer<Route> consumer) {
        sources.forEach(
                (source, routes) -> {
                    NextHop nextHop = routes.get(prefix);
                    if (nextHop != null) {
                        consumer.accept(route(source, prefix, nextHop));
                    }
                });
    }

    void forEach(Consumer<Route> consumer) {
        sources.forEach(
                (source, routes) ->
                        routes.forEach(
                                (prefix, hop) -> consumer.accept(route(source, prefix, hop))));
    }

    private static Route route(RouteSource source, Prefix prefix, NextHop nextHop) {
        return new Route(prefix, source, nextHop, 0, 0, PLAIN, null);
    }
}
