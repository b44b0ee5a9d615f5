package io.spillway.dataplane.agent;

/**
 * Whether the thread should go on looking a moment before it sleeps. To be woken costs more than
 * most packets, and a round trip would pay that four times; where packets follow each other
 * closely, the next is there before the moment is over. Where they do not, nothing is spent on
 * waiting.
 *
 * <p>Owned by the data-plane thread.
 */
final class Spin {
    static final int SCORE_MAX = 16;

    /** A spin in vain costs as much processor time as several wake-ups. */
    static final int MISS = 4;

    private final long spinNs;
    private int score;

    /**
     * @param spinNs how long to look at most; 0 for never
     */
    Spin(long spinNs) {
        this.spinNs = spinNs;
    }

    /** How long to look at most. */
    long lengthNs() {
        return spinNs;
    }

    /**
     * @param idleNs how long nothing came, spinning or asleep
     */
    void note(long idleNs) {
        score = idleNs < spinNs ? Math.min(score + 1, SCORE_MAX) : Math.max(score - MISS, 0);
    }

    boolean isWorthwhile() {
        return score >= SCORE_MAX / 2;
    }
}
