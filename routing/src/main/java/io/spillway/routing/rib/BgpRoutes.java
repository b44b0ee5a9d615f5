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

    private final PrefixMap<List<BgpPath>> routes = new PrefixMap<>();
    private final Consumer<Prefix> changed;
    private List<BgpPath> lastPaths = List.of(); // many prefixes share a list
    private NextHopSet lastHops; // of those

    /**
     * @param changed told of each prefix whose paths are others now
     */
    BgpRoutes(Consumer<Prefix> changed) {
        this.changed = changed;
    }

    List<BgpPath> replace(Prefix prefix, List<BgpPath> paths) {
        List<BgpPath> put =
                paths.isEmpty() ? routes.remove(prefix) : routes.put(prefix, List.copyOf(paths));
        List<BgpPath> before = put == null ? List.of() : put;
        if (!paths.equals(before)) {
            changed.accept(prefix);
        }
        return before;
    }

    /** The best path's route, or null. */
    Route best(Prefix prefix) {
        List<BgpPath> paths = routes.get(prefix);
        return paths == null || !paths.getFirst().isUsed() ? null : route(prefix, paths.getFirst());
    }

    /** The next hops of all paths in use; {@link #best} found one. */
    NextHopSet nextHops(Prefix prefix) {
        List<BgpPath> paths = routes.get(prefix);
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
        routes.forEachPrefix(consumer);
    }

    /** Every prefix and how many paths it has. */
    void forEachCount(ObjIntConsumer<Prefix> consumer) {
        routes.forEach((prefix, paths) -> consumer.accept(prefix, paths.size()));
    }

    /** All paths of one prefix, those in use first. */
    void forEach(Prefix prefix, Consumer<Route> consumer) {
        List<BgpPath> paths = routes.get(prefix);
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
