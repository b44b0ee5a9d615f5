package io.spillway.node.channel;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Waits that double up to a bound, each shortened at random by up to a half. One owner. */
public final class Backoff {
    private final long firstMs;
    private final long maxMs;
    private final RandomGenerator random;
    private long nextMs;

    public Backoff(Duration first, Duration max, RandomGenerator random) {
        this.firstMs = first.toMillis();
        this.maxMs = max.toMillis();
        this.random = random;
        this.nextMs = firstMs;
    }

    public long nextMs() {
        long fullMs = nextMs;
        nextMs = Math.min(fullMs * 2, maxMs);
        return fullMs - random.nextLong(fullMs / 2 + 1);
    }

    public void reset() {
        nextMs = firstMs;
    }

    /** The longest wait is next. */
    void exhaust() {
        nextMs = maxMs;
    }
}
