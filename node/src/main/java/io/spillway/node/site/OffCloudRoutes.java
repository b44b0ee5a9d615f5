package io.spillway.node.site;

import io.spillway.control.recovery.RecoveryMachine;
import io.spillway.node.site.SiteSetup.LocalRoute;
import io.spillway.routing.rib.Rib;
import java.util.List;

/**
 * Routes that are ours only while the cloud is lost: to what the PoP serves else. They come with
 * the transports of the peers, in one publication, and go when the cloud is back and no back-off
 * keeps the peers from it, so that they do not flap with a PoP.
 *
 * <p>Owned by control.
 */
final class OffCloudRoutes {
    private final List<LocalRoute> routes;
    private final Rib rib;
    private final RecoveryMachine machine;
    private boolean areInForce;

    OffCloudRoutes(List<LocalRoute> routes, Rib rib, RecoveryMachine machine) {
        this.routes = routes;
        this.rib = rib;
        this.machine = machine;
    }

    /** Before each publication. */
    void follow(long nowNs) {
        boolean isWaiting = areInForce && machine.backoffRemainingNs(nowNs) > 0;
        boolean isAway = machine.state().isOffCloud() || isWaiting;
        if (isAway == areInForce) {
            return;
        }
        areInForce = isAway;
        for (LocalRoute route : routes) {
            if (isAway) {
                rib.addLocal(route.source(), route.prefix(), route.nextHop());
            } else {
                rib.removeLocal(route.source(), route.prefix());
            }
        }
    }

    boolean areInForce() {
        return areInForce;
    }
}
