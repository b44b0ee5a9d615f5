package io.spillway.routing.rib;

import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.NextHopSet;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * The paths that BGP neighbours announce, by prefix, those in use first; which they are the speaker
 * has decided. Owned by control, through {@link Rib}.
 */
final class BgpRoutes {
    private static final RouteStatus IN_USE = new RouteStatus(true, false, false, false, "");
    private static final String STALE = "the session restarts, not confirmed since";

    private final PrefixSlots slots;
    private final SlotValues<List<BgpPath>> routes = new SlotValues<>();
    private List<BgpPath> lastPaths = List.of(); // many prefixes share a list
    private NextHopSet lastHops; // of those

    BgpRoutes(PrefixSlots slots) {
        this.slots = slots;
    }

    /** What was there before. */
    List<BgpPath> replace(int slot, List<BgpPath> paths) {
        List<BgpPath> before = routes.put(slot, paths.isEmpty() ? null : List.copyOf(paths));
        return before == null ? List.of() : before;
    }

    boolean has(int slot) {
        return routes.get(slot) != null;
    }

    /** The best path's route, or null. */
    Route best(Prefix prefix, int slot) {
        List<BgpPath> paths = routes.get(slot);
        return paths == null || !paths.getFirst().isUsed() ? null : route(prefix, paths.getFirst());
    }

    /** The next hops of all paths in use; {@link #best} found one. */
    NextHopSet nextHops(Prefix prefix) {
        List<BgpPath> paths = routes.get(slots.find(prefix));
        if (paths != lastPaths) {
            lastPaths = paths;
            lastHops = nextHops(paths);
        }
        return lastHops;
    }

    private static NextHopSet nextHops(List<BgpPath> paths) {
        List<NextHop> hops = new ArrayList<>();
        for (BgpPath path : paths) {
            boolean isNew = path.isUsed() && !hops.contains(path.nextHop());
            if (isNew && hops.size() < NextHopSet.SIZE_MAX) {
                hops.add(path.nextHop());
            }
        }
        return NextHopSet.of(hops);
    }

    void forEach(Consumer<Prefix> consumer) {
        forEachCount((prefix, _) -> consumer.accept(prefix));
    }

    /** Every prefix and how many paths it has. */
    void forEachCount(ObjIntConsumer<Prefix> consumer) {
        for (int slot = 0; slot < slots.end(); slot++) {
            List<BgpPath> paths = routes.get(slot);
            if (paths != null) {
                consumer.accept(slots.prefix(slot), paths.size());
            }
        }
    }

    /** All paths of one prefix, those in use first. */
    void forEach(Prefix prefix, Consumer<Route> consumer) {
        List<BgpPath> paths = routes.get(slots.find(prefix));
        if (paths != null) {
            paths.forEach(path -> consumer.accept(route(prefix, path)));
        }
    }

    private static Route route(Prefix prefix, BgpPath path) {
        String why = path.reason();
        if (path.isUsed() && !path.isStale() && why.isEmpty()) {
            return new Route(prefix, RouteSource.BGP, path.nextHop(), 0, 0, IN_USE, path);
        }
        if (path.isStale()) {
            why = why.isEmpty() ? STALE : why + "; " + STALE;
        }
        RouteStatus status = new RouteStatus(path.isUsed(), false, false, path.isStale(), why);
        return new Route(prefix, RouteSource.BGP, path.nextHop(), 0, 0, status, path);
    }
}
