package io.spillway.control.route;

import io.spillway.routing.rib.PrefixSet;

/** The routes of one site as one sender told them. Owned by control. */
public final class ToldRoutes {
    private PrefixSet prefixes;
    private long generation;

    /** Null until the whole was told. */
    public PrefixSet prefixes() {
        return prefixes;
    }

    /**
     * @return false when it starts from a state that we do not have: nothing changed, and the
     *     sender is to be asked for the whole
     */
    public boolean apply(RouteChange change) {
        if (change.isWhole()) {
            prefixes = change.announced();
        } else if (prefixes != null && change.base() == generation) {
            prefixes = prefixes.with(change.withdrawn(), change.announced());
        } else {
            return false;
        }
        generation = change.generation();
        return true;
    }

    /** Not all of it is kept: no difference starts from here. */
    public void keepFirst(int count) {
        prefixes = prefixes.first(count);
        generation = 0;
    }
}
