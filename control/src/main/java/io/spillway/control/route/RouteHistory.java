package io.spillway.control.route;

import io.spillway.control.wire.RoutePart;
import io.spillway.routing.rib.PrefixSet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The routes of one site, for those who are told of them: the set as it is, once, and what led to
 * it of late. Who has a state that is remembered is told the difference, everybody else the whole,
 * which is encoded once for all of them. Owned by control.
 *
 * <p>What is remembered holds no more prefixes than a quarter of the set, or {@value
 * #REMEMBERED_MIN}.
 */
public final class RouteHistory {
    private static final int REMEMBERED_MIN = 1024;
    private static final int REMEMBERED_SHARE = 4;

    private final Deque<RouteChange> changes = new ArrayDeque<>(); // each begins where one ended
    private int changeSize;
    private PrefixSet prefixes = PrefixSet.EMPTY;
    private long generation;
    private List<RoutePart> whole = List.of();
    private long wholeGeneration; // 0: not encoded

    /** Of the newest state; 0: there is none yet. */
    public long generation() {
        return generation;
    }

    public PrefixSet prefixes() {
        return prefixes;
    }

    /**
     * The site has these routes now.
     *
     * @param next another generation than before, not 0
     */
    public void update(long next, PrefixSet now) {
        if (generation != 0) {
            remember(
                    new RouteChange(
                            generation, next, prefixes.without(now), now.without(prefixes)));
        }
        prefixes = now;
        generation = next;
    }

    private void remember(RouteChange change) {
        changes.add(change);
        changeSize += change.size();
        int sizeMax = Math.max(REMEMBERED_MIN, prefixes.size() / REMEMBERED_SHARE);
        while (changeSize > sizeMax) {
            changeSize -= changes.remove().size();
        }
    }

    /**
     * What leads from a state to the newest one; where {@code base} is not remembered, the whole,
     * of a state that is.
     *
     * @param base 0: no state
     */
    List<RoutePart> partsFrom(long base) {
        if (base == generation) {
            return RouteParts.of(
                    new RouteChange(base, generation, PrefixSet.EMPTY, PrefixSet.EMPTY));
        }
        return remembers(base) ? RouteParts.of(changeFrom(base)) : whole();
    }

    private boolean remembers(long base) {
        return base == generation || changes.stream().anyMatch(change -> change.base() == base);
    }

    private RouteChange changeFrom(long base) {
        RouteChange from = null;
        for (RouteChange change : changes) {
            if (from != null) {
                from = from.then(change);
            } else if (change.base() == base) {
                from = change;
            }
        }
        return from;
    }

    private List<RoutePart> whole() {
        if (wholeGeneration == 0 || !remembers(wholeGeneration)) {
            whole = RouteParts.of(new RouteChange(0, generation, PrefixSet.EMPTY, prefixes));
            wholeGeneration = generation;
        }
        return whole;
    }
}
