package io.spillway.routing.bgp;

import java.util.concurrent.TimeUnit;

/**
 * Helps a neighbour that restarts (RFC 4724 section 4.2): its routes stay, marked as stale, until
 * it has told them anew, says that it did not keep them, or does not come back in time.
 */
final class GracefulRestart {
    /** For a neighbour that is back to tell all it knows. */
    private static final long END_OF_RIB_NS = TimeUnit.MINUTES.toNanos(6);

    private final RouteTable routes;
    private final int owner;
    private final Deadline deadline = new Deadline();

    GracefulRestart(RouteTable routes, int owner) {
        this.routes = routes;
        this.owner = owner;
    }

    /** Stale routes are kept. */
    boolean isActive() {
        return deadline.isArmed();
    }

    /** The connection has gone. */
    void begin(Capabilities theirs, long nowNs) {
        boolean isAny = false;
        for (boolean isIpv4 : new boolean[] {true, false}) {
            if (theirs.isRestarted(isIpv4)) {
                isAny = true;
                routes.family(isIpv4).withdrawAll(owner, true); // stale for the second time
                routes.family(isIpv4).markStale(owner);
            } else {
                routes.family(isIpv4).withdrawAll(owner, false);
            }
        }
        if (isAny) {
            deadline.arm(nowNs, TimeUnit.SECONDS.toNanos(theirs.restartTimeS()));
        }
    }

    /** The neighbour is back; of a family that the session does not have it tells nothing anew. */
    void onEstablished(Capabilities theirs, SessionTerms terms, long nowNs) {
        if (!isActive()) {
            return;
        }
        for (boolean isIpv4 : new boolean[] {true, false}) {
            if (!theirs.isKept(isIpv4) || !terms.hasFamily(isIpv4)) {
                routes.family(isIpv4).withdrawAll(owner, true);
            }
        }
        deadline.arm(nowNs, END_OF_RIB_NS);
    }

    /** All families have been told anew. */
    void complete() {
        deadline.disarm();
    }

    /** Nothing is kept any more. */
    void end() {
        deadline.disarm();
        routes.family(true).withdrawAll(owner, false);
        routes.family(false).withdrawAll(owner, false);
    }

    void poll(long nowNs) {
        if (deadline.take(nowNs)) {
            routes.family(true).withdrawAll(owner, true);
            routes.family(false).withdrawAll(owner, true);
        }
    }

    long earlier(long otherNs) {
        return deadline.earlier(otherNs);
    }
}
