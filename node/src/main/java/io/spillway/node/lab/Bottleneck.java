package io.spillway.node.lab;

/**
 * A slow line with a queue before it that nobody tends, as in a modem: first come, first served,
 * and what finds it full is dropped.
 *
 * <p>Owned by the thread of the paths it is on.
 */
final class Bottleneck {
    /** What {@link #pass} says of a packet that found no room. */
    static final long FULL = -1;

    private static final long BIT_NS_PER_BYTE = 8 * 1_000_000_000L;

    private final long bitsPerSecond;
    private final long queueNs;
    private long freeNs;
    private boolean isUsed;

    /**
     * @param queueNs of packets that may wait, as time on the line
     */
    Bottleneck(long bitsPerSecond, long queueNs) {
        this.bitsPerSecond = bitsPerSecond;
        this.queueNs = queueNs;
    }

    /** Nanoseconds until a packet of that length, in bytes, is through; or {@link #FULL}. */
    long pass(int length, long nowNs) {
        if (!isUsed || freeNs - nowNs < 0) {
            freeNs = nowNs;
            isUsed = true;
        }
        if (freeNs - nowNs > queueNs) return FULL;
        freeNs += length * BIT_NS_PER_BYTE / bitsPerSecond;
        return freeNs - nowNs;
    }
}
