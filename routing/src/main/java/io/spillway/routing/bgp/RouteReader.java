package io.spillway.routing.bgp;

import io.spillway.routing.rib.PrefixTable;
import java.util.Arrays;

/**
 * What one reader of a {@link FamilyRoutes} has been told and has not: two bits a slot. So a reader
 * that is slow costs no memory but for the prefixes it was told, and of many changes to one it
 * hears the last.
 */
final class RouteReader {
    private final boolean isOfLearnt;
    private long[] due = new long[1];
    private long[] told = new long[1];
    private int dueCount;
    private int cursor;

    /**
     * @param isOfLearnt of all that neighbours tell, rather than of the best path
     */
    RouteReader(boolean isOfLearnt) {
        this.isOfLearnt = isOfLearnt;
    }

    boolean isOfLearnt() {
        return isOfLearnt;
    }

    /** The slot's best path is another one. */
    void mark(int slot) {
        int word = slot >>> 6;
        if (word >= due.length) {
            int length = Math.max(word + 1, 2 * due.length);
            due = Arrays.copyOf(due, length);
            told = Arrays.copyOf(told, length);
        }
        long bit = 1L << slot;
        if ((due[word] & bit) == 0) {
            due[word] |= bit;
            dueCount++;
        }
    }

    /** The slot has no path any more: nobody needs to hear of what was never told. */
    void gone(int slot) {
        if (isTold(slot)) {
            mark(slot);
        } else if (needs(slot)) {
            due[slot >>> 6] &= ~(1L << slot);
            dueCount--;
        }
    }

    int dueCount() {
        return dueCount;
    }

    boolean isTold(int slot) {
        int word = slot >>> 6;
        return word < told.length && (told[word] & 1L << slot) != 0;
    }

    void told(int slot, boolean isTold) {
        if (isTold) {
            told[slot >>> 6] |= 1L << slot;
        } else {
            told[slot >>> 6] &= ~(1L << slot);
        }
    }

    /** Whether the slot must stay as it is for this reader's sake. */
    boolean needs(int slot) {
        int word = slot >>> 6;
        return word < due.length && ((due[word] | told[word]) & 1L << slot) != 0;
    }

    int toldCount() {
        int count = 0;
        for (long word : told) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** The next slot that is due, and is so no more; PrefixTable.NONE when there is none. */
    int next() {
        if (dueCount == 0) {
            return PrefixTable.NONE;
        }
        int word = cursor;
        while (due[word] == 0) {
            word = word + 1 == due.length ? 0 : word + 1;
        }
        cursor = word;
        dueCount--;
        int bit = Long.numberOfTrailingZeros(due[word]);
        due[word] &= due[word] - 1;
        return word << 6 | bit;
    }
}
