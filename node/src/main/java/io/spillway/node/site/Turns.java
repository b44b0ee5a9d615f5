package io.spillway.node.site;

import java.util.LinkedHashSet;
import java.util.NavigableSet;
import java.util.Set;

/** Whose turn it is, where there are too many sites to look at all of them each time. */
final class Turns {
    private long last;

    /**
     * So many at most, each in its turn: those after the last ones, then from the first on.
     *
     * @param sites may be others each time
     */
    Set<Long> next(NavigableSet<Long> sites, int countMax) {
        Set<Long> next = new LinkedHashSet<>();
        sites.tailSet(last, false).stream().limit(countMax).forEach(next::add);
        sites.stream().limit(countMax - next.size()).forEach(next::add);
        next.forEach(siteId -> last = siteId);
        return next;
    }
}
