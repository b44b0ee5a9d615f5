package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.util.List;

/**
 * Some of the routes that a {@link RouteQuery} asked for: by prefix, the one in use first, then
 * those that lost against it with the reason, then those that wait.
 *
 * @param moreCount how many others follow
 * @param last the prefix after which they do; null: nothing was found
 */
public record RoutePage(List<Route> routes, long moreCount, Prefix last) {
    public RoutePage {
        routes = List.copyOf(routes);
    }
}
