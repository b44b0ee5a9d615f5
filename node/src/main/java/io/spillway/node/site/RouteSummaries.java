package io.spillway.node.site;

import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the configured summaries are told to routers: each as long as a route of another site
 * lies inside it. Owned by control.
 */
final class RouteSummaries {
    private final Map<Prefix, Set<Prefix>> inside = new LinkedHashMap<>();

    RouteSummaries(List<Prefix> summaries) {
        summaries.forEach(summary -> inside.put(summary, new HashSet<>()));
    }

    /**
     * @param isOfSite the route in use leads to another site
     * @return the summaries that are told from now on, or are no more
     */
    List<Prefix> note(Prefix prefix, boolean isOfSite) {
        List<Prefix> changed = new ArrayList<>();
        inside.forEach(
                (summary, routes) -> {
                    if (summary.contains(prefix) && !summary.equals(prefix)) {
                        boolean was = !routes.isEmpty();
                        boolean isOther = isOfSite ? routes.add(prefix) : routes.remove(prefix);
                        if (isOther && was == routes.isEmpty()) {
                            changed.add(summary);
                        }
                    }
                });
        return changed;
    }

    boolean isTold(Prefix prefix) {
        Set<Prefix> routes = inside.get(prefix);
        return routes != null && !routes.isEmpty();
    }
}
