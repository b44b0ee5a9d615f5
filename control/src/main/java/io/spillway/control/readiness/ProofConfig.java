package io.spillway.control.readiness;

/**
 * How often tunnels are proven, and how long a proof counts (D26).
 *
 * @param windowNs a proof that is older is stale
 * @param intervalNs between two proofs of a tunnel; a third of the window or less, so that one that
 *     is lost does not matter
 */
public record ProofConfig(long windowNs, long intervalNs) {
    /** Intervals that a window has at least. */
    public static final int CHANCES = 3;

    public static final ProofConfig DEFAULT = new ProofConfig(45_000_000_000L, 15_000_000_000L);

    public ProofConfig {
        if (intervalNs <= 0 || windowNs < CHANCES * intervalNs) {
            throw new IllegalArgumentException(
                    "proof window " + windowNs + " ns, interval " + intervalNs + " ns");
        }
    }

    /** What they become where a link has so many tunnels that proofs must be rarer. */
    public ProofConfig stretched(long longerIntervalNs) {
        return longerIntervalNs <= intervalNs
                ? this
                : new ProofConfig(Math.max(windowNs, CHANCES * longerIntervalNs), longerIntervalNs);
    }
}
