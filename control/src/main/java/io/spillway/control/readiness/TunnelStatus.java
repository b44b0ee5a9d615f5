package io.spillway.control.readiness;

import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.recovery.Liveness;
import java.util.OptionalLong;

/**
 * A tunnel to a peer as it is.
 *
 * @param lastReplyNs when a PROBE was last answered; empty: never
 * @param lostNs when it was found to be dead last; empty: never
 * @param proof of what full-size echoes say while it lives
 * @param isBeingOpened a way to open it by has been there for so short a time that silence says
 *     nothing yet
 * @param setupFault what the last attempt to open it failed with; null: it is open, or nobody tried
 */
public record TunnelStatus(
        TunnelPlan.Key key,
        Liveness.State liveness,
        OptionalLong lastReplyNs,
        OptionalLong lostNs,
        ProofStatus proof,
        boolean isBeingOpened,
        Cause setupFault) {
    /** There is none yet. */
    public static TunnelStatus missing(TunnelPlan.Key key, boolean isBeingOpened, Cause fault) {
        return new TunnelStatus(
                key,
                Liveness.State.UNKNOWN,
                OptionalLong.empty(),
                OptionalLong.empty(),
                ProofStatus.NONE,
                isBeingOpened,
                fault);
    }

    public boolean isAlive() {
        return liveness == Liveness.State.UP || liveness == Liveness.State.SUSPECT;
    }

    /** An echo of full size came back within the window, and the tunnel lives (D26). */
    public boolean isProven(long nowNs) {
        return isAlive() && proof.isProven(nowNs);
    }

    /** A PROBE was answered after the first of the echoes that were lost had been sent. */
    boolean isHeardWhileLosing() {
        return lastReplyNs.isPresent() && lastReplyNs.getAsLong() - proof.losingSinceNs() > 0;
    }
}
