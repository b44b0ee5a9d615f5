package io.spillway.control.readiness;

import io.spillway.control.readiness.ReasonCode.Side;

/** Why something does not work, and at which end. */
public record Cause(ReasonCode code, Side side) {
    /** Where the code tells its side by itself. */
    public static Cause of(ReasonCode code) {
        return new Cause(code, code.side());
    }
}
