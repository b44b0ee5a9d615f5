package io.spillway.control.readiness;

import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.recovery.Liveness;
import java.util.OptionalLong;

/**
 * A tunnel to a peer as it is.
 *
 * @param lastReplyNs when a PROBE was last answered; empty: never
 * @param setupFault what the last attempt to open it failed with; null: it is open, or nobody tried
 */
public record TunnelStatus(
        TunnelPlan.Key key,
        Liveness.State liveness,
        OptionalLong lastReplyNs,
        ReasonCode setupFault) {
    /** 3 × 15 s: three chances per window (D26). */
    public static final long PROOF_WINDOW_NS = 45_000_000_000L;

    /** There is none: no way was found for it. */
    public static TunnelStatus missing(TunnelPlan.Key key, ReasonCode fault) {
        return new TunnelStatus(key, Liveness.State.UNKNOWN, OptionalLong.empty(), fault);
    }

    /**
     * A PROBE was answered within the proof window, and the tunnel is not known to be down since.
     */
    public boolean isProven(long nowNs) {
        return liveness != Liveness.State.DOWN
                && lastReplyNs.isPresent()
                && nowNs - lastReplyNs.getAsLong() <= PROOF_WINDOW_NS;
    }
}
