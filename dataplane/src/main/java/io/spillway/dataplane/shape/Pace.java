package io.spillway.dataplane.shape;

/**
 * A token bucket, kept as the time at which it is full again but for its burst: what was sent, laid
 * end to end at the rate.
 *
 * <p>Owned by one agent.
 */
final class Pace {
    private static final long BIT_NS_PER_BYTE = 8 * 1_000_000_000L;

    private final long bitsPerSecond;
    private final long burstNs;
    private final long debtMaxNs;
    private long freeNs;

    /** What a division left over, in bits times nanoseconds. */
    private long rest;

    /**
     * @param burstNs what may be sent at once after a pause, as time at the rate
     * @param debtMaxNs what is remembered of tokens that were not there, as time at the rate
     */
    Pace(long bitsPerSecond, long burstNs, long debtMaxNs, long nowNs) {
        this.bitsPerSecond = bitsPerSecond;
        this.burstNs = burstNs;
        this.debtMaxNs = debtMaxNs;
        freeNs = nowNs - burstNs;
    }

    /** Takes tokens, whether or not they are there. */
    void spend(int length, long nowNs) {
        if (nowNs - freeNs > burstNs) {
            freeNs = nowNs - burstNs;
        }
        long bitNs = length * BIT_NS_PER_BYTE + rest;
        freeNs += bitNs / bitsPerSecond;
        rest = bitNs % bitsPerSecond;
        if (freeNs - nowNs > debtMaxNs) {
            freeNs = nowNs + debtMaxNs;
        }
    }

    /** When all that was sent has had its time. */
    long freeNs() {
        return freeNs;
    }
}
