package io.spillway.control.recovery;

/** The last probes of a tunnel: when each was sent, whether it was answered. */
final class ProbeHistory {
    /** At one probe in 20 ms, more than five seconds; must be a power of two. */
    static final int LENGTH = 256;

    /** Nothing is known where {@code ofCount} is 0. */
    record Loss(int lostCount, int ofCount) {
        static final Loss UNKNOWN = new Loss(0, 0);

        double share() {
            return (double) lostCount / ofCount;
        }
    }

    private static final long SEQUENCE_MASK = 0xFFFF_FFFFL; // 32 bits in the PROBE

    private final long[] sentNs = new long[LENGTH];
    private final boolean[] padded = new boolean[LENGTH];
    private final boolean[] counted = new boolean[LENGTH];
    private final boolean[] answered = new boolean[LENGTH];
    private long count;
    private boolean everAnswered;

    /**
     * Remembers a probe.
     *
     * @param isPadded it probes the path's MTU
     * @param isCounted it is a measure of the path: lost, it is loss; never of a padded one (X06)
     * @return its sequence number, 32 bits, for the PROBE message
     */
    long add(long nowNs, boolean isPadded, boolean isCounted) {
        int slot = slot(count);
        sentNs[slot] = nowNs;
        padded[slot] = isPadded;
        counted[slot] = isCounted && !isPadded;
        answered[slot] = false;
        return count++ & SEQUENCE_MASK;
    }

    /** Marks it answered. @return false if it was before, was never sent, or is too long ago */
    boolean answer(long sequence) {
        int slot = slot(sequence);
        boolean isFirst = isRemembered(sequence) && !answered[slot];
        answered[slot] |= isFirst;
        everAnswered |= isFirst;
        return isFirst;
    }

    long sentNs(long sequence) {
        return sentNs[slot(sequence)];
    }

    boolean isPadded(long sequence) {
        return padded[slot(sequence)];
    }

    /**
     * Of the remembered probes that count, were sent since {@code sinceNs} and had {@code
     * replyWaitNs} to be answered.
     */
    Loss loss(long sinceNs, long nowNs, long replyWaitNs) {
        int ofCount = 0;
        int lostCount = 0;
        for (long i = Math.max(0, count - LENGTH); i < count; i++) {
            int slot = slot(i);
            boolean isResolved = answered[slot] || nowNs - sentNs[slot] >= replyWaitNs;
            if (isResolved && counted[slot] && sentNs[slot] - sinceNs >= 0) {
                ofCount++;
                lostCount += answered[slot] ? 0 : 1;
            }
        }
        return everAnswered ? new Loss(lostCount, ofCount) : Loss.UNKNOWN;
    }

    private boolean isRemembered(long sequence) {
        long age = count - 1 - sequence & SEQUENCE_MASK;
        return age < Math.min(count, LENGTH);
    }

    private static int slot(long sequence) {
        return (int) (sequence & LENGTH - 1);
    }
}
