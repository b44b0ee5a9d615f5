package io.spillway.control.route;

import io.spillway.routing.rib.PrefixSet;

/**
 * From one state of a site's routes to another; immutable.
 *
 * @param base generation of the state that it starts from; 0: from nothing, {@code announced} is
 *     the whole
 * @param generation of the state that it leads to
 */
public record RouteChange(long base, long generation, PrefixSet withdrawn, PrefixSet announced) {

    public boolean isWhole() {
        return base == 0;
    }

    int size() {
        return withdrawn.size() + announced.size();
    }

    /** This one, and then that. */
    RouteChange then(RouteChange next) {
        return new RouteChange(
                base,
                next.generation,
                withdrawn.with(next.announced, next.withdrawn),
                announced.with(next.withdrawn, next.announced));
    }
}
