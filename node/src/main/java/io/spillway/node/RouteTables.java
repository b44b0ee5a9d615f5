package io.spillway.node;

import io.spillway.routing.fib.Fib;
import io.spillway.routing.rib.Rib;
import io.spillway.routing.rib.RouteInstaller;
import java.util.function.LongToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** A node's routes for its data plane, and word of those that find no room. Owned by control. */
public final class RouteTables {
    private static final Logger LOG = LoggerFactory.getLogger(RouteTables.class);

    private final RouteInstaller installer;
    private boolean isFull;

    public RouteTables(Rib rib) {
        installer = new RouteInstaller(rib);
    }

    /** As {@link RouteInstaller#install}. */
    public Fib install(long generation, LongToIntFunction siteIndexOf) {
        Fib fib = installer.install(generation, siteIndexOf);
        boolean wasFull = isFull;
        int leftOut = installer.leftOutCount();
        isFull = leftOut > 0;
        if (isFull && !wasFull) {
            LOG.warn("the lookup tables are full: {} routes left out so far", leftOut);
        } else if (!isFull && wasFull) {
            LOG.info("the lookup tables have room again: no route is left out");
        }
        return fib;
    }

    /** As {@link RouteInstaller#isBehind}. */
    public boolean isBehind() {
        return installer.isBehind();
    }

    /** For the status. */
    public void describe(ObjectNode answer) {
        if (isFull) {
            answer.put("routesLeftOut", installer.leftOutCount());
        }
    }
}
