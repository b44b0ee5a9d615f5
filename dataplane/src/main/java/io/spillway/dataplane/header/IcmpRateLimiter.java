package io.spillway.dataplane.header;

/**
 * Owned by the lan agent. Token bucket for ICMP errors (RFC 1812 §4.3.2.8, RFC 4443 §2.4 f): {@code
 * perSecond} on average, {@code burst} at once, full at the start. Time is given.
 */
public final class IcmpRateLimiter {
    private static final long SECOND_NS = 1_000_000_000L;

    private final long tokenNs;
    private final long capacityNs;
    private long creditNs; // time saved up: one token costs tokenNs
    private long lastNs;

    /**
     * @param perSecond 1..1,000,000
     * @param burst 1..1,000,000
     */
    public IcmpRateLimiter(int perSecond, int burst, long nowNs) {
        if (perSecond < 1 || perSecond > 1_000_000 || burst < 1 || burst > 1_000_000) {
            throw new IllegalArgumentException(perSecond + "/s, burst " + burst);
        }
        this.tokenNs = SECOND_NS / perSecond;
        this.capacityNs = tokenNs * burst;
        this.creditNs = capacityNs;
        this.lastNs = nowNs;
    }

    /** Takes a token if there is one: false means stay silent. */
    public boolean tryAcquire(long nowNs) {
        long elapsedNs = Math.max(0, nowNs - lastNs);
        lastNs = nowNs;
        creditNs =
                elapsedNs >= capacityNs ? capacityNs : Math.min(capacityNs, creditNs + elapsedNs);
        if (creditNs < tokenNs) {
            return false;
        }
        creditNs -= tokenNs;
        return true;
    }
}
