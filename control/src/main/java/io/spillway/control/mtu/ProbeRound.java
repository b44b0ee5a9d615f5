package io.spillway.control.mtu;

import java.util.Collection;

/**
 * Probes that go out together: the sizes in question, the largest first, and behind them a small
 * one, which shows whether the path carried anything at all at that moment.
 */
final class ProbeRound {
    /** Shorter than any probe, so the shortest there is. */
    static final int SMALL = 1;

    private final int[] sizes;
    private final long[] sequences;
    private final boolean[] answered;
    private int sentCount;
    private long sentNs;

    /**
     * @param inQuestion in descending order
     */
    ProbeRound(Collection<Integer> inQuestion) {
        sizes = new int[inQuestion.size() + 1];
        int at = 0;
        for (int size : inQuestion) {
            sizes[at++] = size;
        }
        sizes[at] = SMALL;
        sequences = new long[sizes.length];
        answered = new boolean[sizes.length];
    }

    boolean isSent() {
        return sentCount == sizes.length;
    }

    /** The size to be sent now, of a round that is not sent yet. */
    int next() {
        return sizes[sentCount];
    }

    void onSent(long sequence, long nowNs) {
        sequences[sentCount++] = sequence;
        sentNs = nowNs;
    }

    void onReply(long sequence) {
        for (int i = 0; i < sentCount; i++) {
            answered[i] |= sequences[i] == sequence;
        }
    }

    /** When its last probe went out. */
    long sentNs() {
        return sentNs;
    }

    boolean isAllAnswered() {
        for (boolean each : answered) {
            if (!each) {
                return false;
            }
        }
        return true;
    }

    /** Whether the path carried any of them. */
    boolean isPathAlive() {
        for (boolean each : answered) {
            if (each) {
                return true;
            }
        }
        return false;
    }

    /** 0: none of the sizes in question. */
    int largestAnswered() {
        for (int i = 0; i < sizes.length - 1; i++) {
            if (answered[i]) {
                return sizes[i];
            }
        }
        return 0;
    }

    /** The smallest size in question above {@code size}; 0: there is none. */
    int smallestAbove(int size) {
        int smallest = 0;
        for (int i = 0; i < sizes.length - 1 && sizes[i] > size; i++) {
            smallest = sizes[i];
        }
        return smallest;
    }
}
