package io.spillway.routing.rib;

import java.util.Arrays;

/**
 * Numbers prefixes of one family: a number (slot) stays while its prefix is in the table, and is
 * used again afterwards. Open addressing, half full at most; no object for each. Not thread safe.
 */
public final class PrefixTable {
    public static final int NONE = -1;
    private static final int CAPACITY_MIN = 1024;
    private static final int LINE = 16; // ints

    private final boolean isIpv4;
    private int[] hashed = filled(2 * CAPACITY_MIN);
    private long[] high = new long[CAPACITY_MIN];
    private long[] low;
    private byte[] lengths = new byte[CAPACITY_MIN];
    private int slotEnd;
    private int firstFree = NONE;
    private int size;

    public PrefixTable(boolean isIpv4) {
        this.isIpv4 = isIpv4;
        low = new long[isIpv4 ? 0 : CAPACITY_MIN];
    }

    private static int[] filled(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, NONE);
        return slots;
    }

    public int size() {
        return size;
    }

    /** Every slot is below. */
    public int slotEnd() {
        return slotEnd;
    }

    /** Slots there is room for. */
    public int capacity() {
        return high.length;
    }

    public long high(int slot) {
        return high[slot];
    }

    public long low(int slot) {
        return isIpv4 ? 0 : low[slot];
    }

    public int length(int slot) {
        return lengths[slot] & 0xFF; // 128 is one
    }

    /** The slot, or NONE. */
    public int find(long prefixHigh, long prefixLow, int length) {
        return hashed[search(prefixHigh, prefixLow, length)];
    }

    /** The prefix's slot, a new one if it has none. */
    public int add(long prefixHigh, long prefixLow, int length) {
        int at = search(prefixHigh, prefixLow, length);
        if (hashed[at] != NONE) {
            return hashed[at];
        }
        int slot = take();
        high[slot] = prefixHigh;
        lengths[slot] = (byte) length;
        if (!isIpv4) {
            low[slot] = prefixLow;
        }
        hashed[at] = slot;
        size++;
        if (2 * size > hashed.length) {
            rehash();
        }
        return slot;
    }

    private int take() {
        if (firstFree != NONE) {
            int slot = firstFree;
            firstFree = (int) high[slot];
            return slot;
        }
        if (slotEnd == high.length) {
            int capacity = high.length + (high.length >> 1);
            high = Arrays.copyOf(high, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
            low = Arrays.copyOf(low, isIpv4 ? 0 : capacity);
        }
        return slotEnd++;
    }

    private void rehash() {
        int[] before = hashed;
        hashed = filled(2 * before.length);
        for (int slot : before) {
            if (slot != NONE) {
                int at = home(high[slot], low(slot), length(slot));
                while (hashed[at] != NONE) {
                    at = at + 1 & hashed.length - 1;
                }
                hashed[at] = slot;
            }
        }
    }

    /** Its number may be another prefix's from now on. */
    public void remove(int slot) {
        int mask = hashed.length - 1;
        int hole = search(high[slot], low(slot), length(slot));
        for (int at = hole + 1 & mask; hashed[at] != NONE; at = at + 1 & mask) {
            int other = hashed[at];
            int home = home(high[other], low(other), length(other));
            if ((at - home & mask) >= (at - hole & mask)) {
                hashed[hole] = other;
                hole = at;
            }
        }
        hashed[hole] = NONE;
        high[slot] = firstFree;
        firstFree = slot;
        size--;
    }

    /** Where the prefix is, or where it belongs. */
    private int search(long prefixHigh, long prefixLow, int length) {
        int at = home(prefixHigh, prefixLow, length);
        while (hashed[at] != NONE && !is(hashed[at], prefixHigh, prefixLow, length)) {
            at = at + 1 & hashed.length - 1;
        }
        return at;
    }

    private boolean is(int slot, long prefixHigh, long prefixLow, int length) {
        return high[slot] == prefixHigh && lengths[slot] == (byte) length && low(slot) == prefixLow;
    }

    /** Neighbours, which mostly come together, stand together: {@value #LINE} in a cache line. */
    private int home(long prefixHigh, long prefixLow, int length) {
        long number = length <= Long.SIZE ? prefixHigh : prefixLow;
        int place = length == 0 ? 0 : (int) (number >>> -length) & LINE - 1;
        long others = number & ~((LINE - 1L) << -length);
        long rest = length <= Long.SIZE ? prefixLow : prefixHigh;
        long hash = (others ^ length) * 0x9E37_79B9_7F4A_7C15L + rest;
        hash = (hash ^ hash >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        return ((int) (hash >>> 32) & -LINE | place) & hashed.length - 1;
    }
}
