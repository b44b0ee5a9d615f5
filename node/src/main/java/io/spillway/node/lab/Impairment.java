package io.spillway.node.lab;

import java.util.concurrent.TimeUnit;

/**
 * What a path does to each packet, by itself and at random.
 *
 * @param jitterNs a packet takes up to so much less or more than the delay, so packets within twice
 *     that of each other may change places
 * @param loss share of the packets that vanish, 0 to 1
 * @param duplicate share that arrives twice, the second time with a jitter of its own
 * @param reorder share that is overtaken: it comes {@code heldBackNs} later
 * @param bottleneck that all packets with this impairment pass; null: none
 */
record Impairment(
        long delayNs,
        long jitterNs,
        double loss,
        double duplicate,
        double reorder,
        long heldBackNs,
        Bottleneck bottleneck) {
    static final Impairment NONE = new Impairment(0, 0, 0, 0, 0, 0, null);

    Impairment {
        if (jitterNs < 0 || jitterNs > delayNs || heldBackNs < 0) {
            throw new IllegalArgumentException("0 <= jitter <= delay, 0 <= heldBack expected");
        }
        for (double share : new double[] {loss, duplicate, reorder}) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("share " + share + ": expected 0 to 1");
            }
        }
    }

    /** One way; a round trip takes twice as long. */
    static Impairment delayed(double ms) {
        long ns = Math.round(ms * TimeUnit.MILLISECONDS.toNanos(1));
        return new Impairment(ns, 0, 0, 0, 0, 0, null);
    }

    Impairment withJitter(long ms) {
        long ns = TimeUnit.MILLISECONDS.toNanos(ms);
        return new Impairment(delayNs, ns, loss, duplicate, reorder, heldBackNs, bottleneck);
    }

    Impairment losing(double share) {
        return new Impairment(delayNs, jitterNs, share, duplicate, reorder, heldBackNs, bottleneck);
    }

    Impairment duplicating(double share) {
        return new Impairment(delayNs, jitterNs, loss, share, reorder, heldBackNs, bottleneck);
    }

    Impairment reordering(double share, long lateMs) {
        long ns = TimeUnit.MILLISECONDS.toNanos(lateMs);
        return new Impairment(delayNs, jitterNs, loss, duplicate, share, ns, bottleneck);
    }

    /** As many bits a second at most; more waits, as long as {@code queueMs} take. */
    Impairment narrow(long bitsPerSecond, long queueMs) {
        long queueNs = TimeUnit.MILLISECONDS.toNanos(queueMs);
        var narrow = new Bottleneck(bitsPerSecond, queueNs);
        return new Impairment(delayNs, jitterNs, loss, duplicate, reorder, heldBackNs, narrow);
    }
}
