package io.spillway.control.readiness;

/**
 * How many of the expected sites are connected (R070-R073, D20-D22), of a site or one WAN link.
 *
 * @param reason why it is not applicable or disabled, or what to mend first; null when READY
 */
public record Readiness(Status status, int connected, int expected, ReasonCode reason) {
    /** See D20, D22. */
    public enum Status {
        READY,
        PARTIAL,
        NOT_READY,
        NOT_APPLICABLE,
        DISABLED
    }

    /**
     * The rule; never "0/0 ready". {@code reason}: the most urgent of those missing, else ignored.
     */
    public static Readiness of(int connected, int expected, ReasonCode reason) {
        if (expected == 0) {
            return new Readiness(Status.NOT_APPLICABLE, 0, 0, ReasonCode.NO_PEER);
        }
        if (connected == expected) {
            return new Readiness(Status.READY, connected, expected, null);
        }
        Status status = connected == 0 ? Status.NOT_READY : Status.PARTIAL;
        return new Readiness(status, connected, expected, reason);
    }

    public static Readiness notApplicable(ReasonCode reason) {
        return new Readiness(Status.NOT_APPLICABLE, 0, 0, reason);
    }

    public static Readiness disabled(ReasonCode reason) {
        return new Readiness(Status.DISABLED, 0, 0, reason);
    }

    public boolean isMeasured() {
        return expected > 0;
    }

    /** {@code PARTIAL 16/20} or {@code NOT_APPLICABLE NO_PEER}. */
    @Override
    public String toString() {
        return status + " " + (isMeasured() ? connected + "/" + expected : reason.toString());
    }
}
