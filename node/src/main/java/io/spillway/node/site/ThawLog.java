package io.spillway.node.site;

import io.spillway.routing.rib.RouteDifference;
import java.util.ArrayList;
import java.util.List;

/** What the last return to the cloud made of the routes, site by site. Owned by control. */
final class ThawLog {
    /** Routes that are kept of each kind, of all sites together. */
    static final int ROUTES_MAX = 1_000;

    /**
     * One site's return.
     *
     * @param shown of what it changed the first in order
     */
    record Thaw(
            long timeMs, long siteId, int added, int removed, int changed, RouteDifference shown) {}

    private final List<Thaw> thaws = new ArrayList<>();
    private boolean isOver;

    /** Routes are pinned where none were: the next return is another one. */
    void onFreeze() {
        isOver = true;
    }

    Thaw add(long timeMs, long siteId, RouteDifference difference) {
        if (isOver) {
            thaws.clear();
            isOver = false;
        }
        int kept = thaws.stream().mapToInt(ThawLog::longest).sum();
        Thaw thaw =
                new Thaw(
                        timeMs,
                        siteId,
                        difference.added().size(),
                        difference.removed().size(),
                        difference.changed().size(),
                        difference.first(Math.max(0, ROUTES_MAX - kept)));
        thaws.add(thaw);
        return thaw;
    }

    private static int longest(Thaw thaw) {
        RouteDifference shown = thaw.shown();
        int longest = Math.max(shown.added().size(), shown.removed().size());
        return Math.max(longest, shown.changed().size());
    }

    /** Oldest first; empty before the first return. */
    List<Thaw> last() {
        return List.copyOf(thaws);
    }
}
