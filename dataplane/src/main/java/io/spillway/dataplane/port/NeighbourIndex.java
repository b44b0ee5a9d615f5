package io.spillway.dataplane.port;

import java.util.Arrays;

/**
 * Finds the entry of (LAN interface, address): a hash with chains through flat arrays. An entry
 * keeps its number while it lives. No allocation after construction. Not thread safe.
 *
 * <pre>
 *  heads[hash] -> entry -> chain[entry] -> chain[...] -> NONE
 *  free        -> entry -> chain[entry] -> ...
 * </pre>
 */
final class NeighbourIndex {
    static final int NONE = -1;

    private final int[] heads;
    private final int[] chain;
    private final int[] interfaceIndex;
    private final long[] high;
    private final long[] low;
    private int free = NONE;
    private int count;

    NeighbourIndex(int capacity) {
        heads = new int[Integer.highestOneBit(Math.max(2, capacity * 2 - 1))];
        Arrays.fill(heads, NONE);
        chain = new int[capacity];
        interfaceIndex = new int[capacity];
        high = new long[capacity];
        low = new long[capacity];
        for (int entry = capacity - 1; entry >= 0; entry--) {
            chain[entry] = free;
            free = entry;
        }
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return free == NONE;
    }

    int interfaceIndex(int entry) {
        return interfaceIndex[entry];
    }

    long high(int entry) {
        return high[entry];
    }

    long low(int entry) {
        return low[entry];
    }

    /** The entry, or {@link #NONE}. */
    int find(int lanInterface, long addressHigh, long addressLow) {
        int entry = heads[bucket(lanInterface, addressHigh, addressLow)];
        while (entry != NONE && !isAt(entry, lanInterface, addressHigh, addressLow)) {
            entry = chain[entry];
        }
        return entry;
    }

    private boolean isAt(int entry, int lanInterface, long addressHigh, long addressLow) {
        return low[entry] == addressLow
                && high[entry] == addressHigh
                && interfaceIndex[entry] == lanInterface;
    }

    /** Adds what is not there yet; the index must not be full. Returns the entry. */
    int add(int lanInterface, long addressHigh, long addressLow) {
        assert !isFull() && find(lanInterface, addressHigh, addressLow) == NONE;
        int entry = free;
        free = chain[entry];
        interfaceIndex[entry] = lanInterface;
        high[entry] = addressHigh;
        low[entry] = addressLow;
        int bucket = bucket(lanInterface, addressHigh, addressLow);
        chain[entry] = heads[bucket];
        heads[bucket] = entry;
        count++;
        return entry;
    }

    void remove(int entry) {
        int bucket = bucket(interfaceIndex[entry], high[entry], low[entry]);
        if (heads[bucket] == entry) {
            heads[bucket] = chain[entry];
        } else {
            int before = heads[bucket];
            while (chain[before] != entry) {
                before = chain[before];
            }
            chain[before] = chain[entry];
        }
        chain[entry] = free;
        free = entry;
        count--;
    }

    private int bucket(int lanInterface, long addressHigh, long addressLow) {
        long mixed = (addressHigh * 31 + addressLow) * 31 + lanInterface;
        mixed *= 0x9E37_79B9_7F4A_7C15L; // 2^64 / golden ratio: spreads neighbouring addresses
        return (int) (mixed >>> 32) & heads.length - 1;
    }
}
