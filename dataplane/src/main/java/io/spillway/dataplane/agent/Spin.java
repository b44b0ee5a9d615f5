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
    static final int SCORE_MAX = 32;

    private static final int HIT = 2;

    /**
     * A wait less than twice as long is no hit and hardly a miss: a dialogue's waits are that long
     * where its threads sleep, and only a spin would shorten them.
     */
    private static final int NEAR = 1;

    /** A spin in vain costs as much processor time as several wake-ups. */
    private static final int MISS = 8;

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
        int change = idleNs < spinNs ? HIT : idleNs < 2 * spinNs ? -NEAR : -MISS;
        score = Math.clamp(score + change, 0, SCORE_MAX);
    }

    boolean isWorthwhile() {
        return score >= SCORE_MAX / 2;
    }
}
