package io.spillway.control.readiness;

import io.spillway.control.directory.TunnelPlan;
import java.util.Comparator;

/**
 * One thing that keeps a peer from being connected.
 *
 * @param tunnel the tunnel it keeps down; null: the pair as a whole
 */
public record Fault(Cause cause, TunnelPlan.Key tunnel) {
    static final Comparator<Fault> URGENCY = Comparator.comparing(Fault::code);

    public ReasonCode code() {
        return cause.code();
    }

    public ReasonCode.Side side() {
        return cause.side();
    }
}
