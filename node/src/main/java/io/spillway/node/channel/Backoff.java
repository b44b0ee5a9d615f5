package io.spillway.node.channel;

import java.util.random.RandomGenerator;

/** Waits that double up to a bound, each shortened at random by up to a half. One owner. */
final class Backoff {
    private final long firstMs;
    private final long maxMs;
    private final RandomGenerator random;
    private long nextMs;

    Backoff(ChannelTiming timing, RandomGenerator random) {
        this.firstMs = timing.backoffFirst().toMillis();
        this.maxMs = timing.backoffMax().toMillis();
        this.random = random;
        this.nextMs = firstMs;
    }

    long nextMs() {
        long fullMs = nextMs;
        nextMs = Math.min(fullMs * 2, maxMs);
        return fullMs - random.nextLong(fullMs / 2 + 1);
    }

    void reset() {
        nextMs = firstMs;
    }

    /** The longest wait is next. */
    void exhaust() {
        nextMs = maxMs;
    }
}
