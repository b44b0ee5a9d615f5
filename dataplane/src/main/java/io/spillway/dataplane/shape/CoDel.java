package io.spillway.dataplane.shape;

/**
 * Controlled delay of one queue (RFC 8289 §5): whether the packet that leaves is to be dropped or
 * marked, because for a while none was quick enough.
 *
 * <p>Owned by one agent.
 */
final class CoDel {
    /** Of a queue that never held more, no packet is dropped (§4.4). */
    static final int MTU = 1514;

    static final long TARGET_NS = 5_000_000;
    static final long INTERVAL_NS = 100_000_000;

    /** A pause shorter than so many intervals goes on where the last one ended (§5.4). */
    private static final int MEMORY_INTERVALS = 16;

    private final long targetNs;
    private boolean isAbove;
    private long aboveEndNs;
    private boolean isDropping;
    private long nextNs;
    private int count;
    private int lastCount;

    /**
     * @param targetNs how long a packet may wait for long: at least the time of a packet of full
     *     size
     */
    CoDel(long targetNs) {
        this.targetNs = targetNs;
    }

    /**
     * Asked once of every packet that leaves.
     *
     * @param sojournNs how long it waited
     * @param behindLength bytes that wait behind it
     */
    boolean isDue(long sojournNs, int behindLength, long nowNs) {
        if (!isLate(sojournNs, behindLength, nowNs)) {
            isDropping = false;
            return false;
        }
        if (!isDropping) {
            begin(nowNs);
            return true;
        }
        if (nowNs - nextNs < 0) {
            return false;
        }
        count++;
        nextNs += spacingNs();
        return true;
    }

    /** No packet was quick for a whole interval. */
    private boolean isLate(long sojournNs, int behindLength, long nowNs) {
        if (sojournNs < targetNs || behindLength <= MTU) {
            isAbove = false;
            return false;
        }
        if (!isAbove) {
            isAbove = true;
            aboveEndNs = nowNs + INTERVAL_NS;
            return false;
        }
        return nowNs - aboveEndNs >= 0;
    }

    private void begin(long nowNs) {
        isDropping = true;
        int recent = count - lastCount;
        boolean goesOn = recent > 1 && nowNs - nextNs < MEMORY_INTERVALS * INTERVAL_NS;
        count = goesOn ? recent : 1;
        lastCount = count;
        nextNs = nowNs + spacingNs();
    }

    private long spacingNs() {
        return (long) (INTERVAL_NS / Math.sqrt(count));
    }
}
