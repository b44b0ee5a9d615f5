package io.spillway.routing.rib;

import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibWriter;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.NextHopSet;
import io.spillway.routing.fib.Prefix;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongToIntFunction;

/**
 * Keeps a {@link Fib} in step with the routes in use of a {@link Rib}: only what changed since the
 * last time is changed there. Owned by control.
 */
public final class RouteInstaller {
    private final Rib rib;
    private final RouteChanges changes;
    private final FibWriter writer = new FibWriter();
    private final Map<Long, Integer> indexes = new HashMap<>();

    public RouteInstaller(Rib rib) {
        this.rib = rib;
        changes = rib.newChanges();
    }

    /**
     * All routes in use, for the data plane, which {@link Fib#adopt}s it.
     *
     * @param siteIndexOf the dense index of a site ID; negative = there is no way to that site, and
     *     its routes become UNREACHABLE rather than leave by a shorter prefix
     */
    public Fib install(long generation, LongToIntFunction siteIndexOf) {
        for (long siteId : rib.siteIds()) {
            int index = siteIndexOf.applyAsInt(siteId);
            Integer before = indexes.put(siteId, index);
            if (before != null && before != index) {
                rib.prefixesInForce(siteId).forEach(changes::add);
            }
        }
        changes.drain(this::update, Integer.MAX_VALUE);
        return writer.publish(generation);
    }

    private void update(Prefix prefix) {
        Route route = rib.inUse(prefix);
        if (route == null) {
            writer.remove(prefix);
        } else {
            writer.put(prefix, nextHops(route));
        }
    }

    private NextHopSet nextHops(Route route) {
        return switch (route.source()) {
            case CONNECTED, STATIC -> NextHopSet.of(route.nextHop());
            case BGP -> rib.nextHops(route.prefix());
            case CLOUD -> NextHopSet.of(toSite(indexes.getOrDefault(route.siteId(), -1)));
        };
    }

    private static NextHop toSite(int index) {
        return index < 0 ? NextHop.UNREACHABLE : NextHop.site(index);
    }

    /** Memory of the tables in bytes, as {@link FibWriter#usedLength}. */
    public long usedLength() {
        return writer.usedLength();
    }
}
