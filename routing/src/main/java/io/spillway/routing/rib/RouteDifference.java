package io.spillway.routing.rib;

import java.util.List;

/**
 * What an operation did to the routes in use, sorted by prefix. A route that only got a newer
 * generation is in none of the lists.
 *
 * @param added prefixes that had no route in use
 * @param removed prefixes that have none any more, with the route they had
 * @param changed prefixes that now lead to another site or leave by another way
 */
public record RouteDifference(List<Route> added, List<Route> removed, List<Change> changed) {
    public static final RouteDifference NONE = new RouteDifference(List.of(), List.of(), List.of());

    /** Both routes have the same prefix. */
    public record Change(Route before, Route after) {}

    public RouteDifference {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
    }

    /** Of each list at most so many, the first in order. */
    public RouteDifference first(int countMax) {
        return new RouteDifference(
                added.stream().limit(countMax).toList(),
                removed.stream().limit(countMax).toList(),
                changed.stream().limit(countMax).toList());
    }

    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }
}
