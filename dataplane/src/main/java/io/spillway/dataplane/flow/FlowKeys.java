package io.spillway.dataplane.flow;

import io.spillway.dataplane.buffer.FiveTuple;
import java.util.SplittableRandom;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The flows of a few packets as the entries of {@link FlowTable} name them, one cache line each:
 *
 * <pre>
 *   smaller endpoint's address (16) | larger one's (16) | ports (4) | protocol (4)
 *            | hash (8) | where it was found (4) | direction (4)
 * </pre>
 *
 * <p>Read and written by address: an index is below the capacity, an entry is the table's. Owned by
 * the lan agent.
 */
final class FlowKeys {
    static final int LINE_LENGTH = 64;

    private static final int SMALLER_LOW = 8;
    private static final int LARGER_HIGH = 16;
    private static final int LARGER_LOW = 24;
    private static final int PORTS = 32;
    private static final int HASH = 40;
    private static final int FOUND = 48;
    private static final int DIRECTION = 52;

    private static final int PORT_MASK = 0xFFFF;

    private final UnsafeBuffer memory;
    private final long base;
    private final long seed0;
    private final long seed1;
    private final long seed2;
    private final long seed3;
    private final long seed4;

    /**
     * @param seed random, so that a remote host cannot choose colliding flows
     */
    FlowKeys(int capacity, int seed) {
        int length = capacity * LINE_LENGTH;
        memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, LINE_LENGTH));
        base = memory.addressOffset();
        SplittableRandom random = new SplittableRandom(seed);
        seed0 = random.nextLong();
        seed1 = random.nextLong();
        seed2 = random.nextLong();
        seed3 = random.nextLong();
        seed4 = random.nextLong();
    }

    /** Both directions of a flow have one key. */
    void fill(int index, FiveTuple tuple) {
        long line = line(index);
        boolean isReversed = isReversed(tuple);
        long smallerHigh = isReversed ? tuple.destinationHigh : tuple.sourceHigh;
        long smallerLow = isReversed ? tuple.destinationLow : tuple.sourceLow;
        long largerHigh = isReversed ? tuple.sourceHigh : tuple.destinationHigh;
        long largerLow = isReversed ? tuple.sourceLow : tuple.destinationLow;
        long ports = ports(tuple, isReversed);
        UnsafeApi.putLong(line, smallerHigh);
        UnsafeApi.putLong(line + SMALLER_LOW, smallerLow);
        UnsafeApi.putLong(line + LARGER_HIGH, largerHigh);
        UnsafeApi.putLong(line + LARGER_LOW, largerLow);
        UnsafeApi.putLong(line + PORTS, ports);
        // The seeds go in first: who does not know them cannot choose keys that share buckets.
        long smaller = folded(smallerHigh ^ seed0, smallerLow ^ seed1);
        long larger = folded(largerHigh ^ seed2, largerLow ^ seed3);
        UnsafeApi.putLong(line + HASH, folded(smaller ^ ports ^ seed4, larger ^ seed0));
        UnsafeApi.putInt(line + DIRECTION, isReversed ? FlowTable.REVERSED : 0);
    }

    private static long ports(FiveTuple tuple, boolean isReversed) {
        int smaller = isReversed ? tuple.destinationPort : tuple.sourcePort;
        int larger = isReversed ? tuple.sourcePort : tuple.destinationPort;
        int both = smaller << Short.SIZE | larger;
        return (long) tuple.protocol << Integer.SIZE | Integer.toUnsignedLong(both);
    }

    /** Both halves of the product. */
    private static long folded(long one, long other) {
        return one * other ^ Math.unsignedMultiplyHigh(one, other);
    }

    /** One order for both directions: the smaller endpoint first. */
    static boolean isReversed(FiveTuple tuple) {
        if (tuple.sourceHigh != tuple.destinationHigh) {
            return Long.compareUnsigned(tuple.sourceHigh, tuple.destinationHigh) > 0;
        }
        if (tuple.sourceLow != tuple.destinationLow) {
            return Long.compareUnsigned(tuple.sourceLow, tuple.destinationLow) > 0;
        }
        return tuple.sourcePort > tuple.destinationPort;
    }

    private long line(int index) {
        return base + (long) index * LINE_LENGTH;
    }

    long hash(int index) {
        return UnsafeApi.getLong(line(index) + HASH);
    }

    /** {@link FlowTable#REVERSED} or 0. */
    int direction(int index) {
        return UnsafeApi.getInt(line(index) + DIRECTION);
    }

    /** What {@link #found(int, int)} said last. */
    int found(int index) {
        return UnsafeApi.getInt(line(index) + FOUND);
    }

    void found(int index, int entry) {
        UnsafeApi.putInt(line(index) + FOUND, entry);
    }

    /** Whether it is the key of the entry at that address. */
    boolean isOf(int index, long entry) {
        long line = line(index);
        return (different(line, entry) | different(line, entry, PORTS)) == 0;
    }

    /** Whether the entry at that address is of these two addresses, of whatever ports. */
    boolean isBetween(int index, long entry) {
        return different(line(index), entry) == 0;
    }

    private static long different(long line, long entry) {
        return different(line, entry, 0)
                | different(line, entry, SMALLER_LOW)
                | different(line, entry, LARGER_HIGH)
                | different(line, entry, LARGER_LOW);
    }

    private static long different(long line, long entry, int offset) {
        return UnsafeApi.getLong(entry + offset) ^ UnsafeApi.getLong(line + offset);
    }

    /** Whether who has the entry at that address speaks with itself (the land attack). */
    static boolean isOfOneEnd(long entry) {
        int ports = (int) UnsafeApi.getLong(entry + PORTS);
        return UnsafeApi.getLong(entry) == UnsafeApi.getLong(entry + LARGER_HIGH)
                && UnsafeApi.getLong(entry + SMALLER_LOW) == UnsafeApi.getLong(entry + LARGER_LOW)
                && ports >>> Short.SIZE == (ports & PORT_MASK);
    }

    /** Fills the tuple of the entry at that address, as its smaller endpoint sends. */
    static void read(long entry, FiveTuple tuple) {
        tuple.sourceHigh = UnsafeApi.getLong(entry);
        tuple.sourceLow = UnsafeApi.getLong(entry + SMALLER_LOW);
        tuple.destinationHigh = UnsafeApi.getLong(entry + LARGER_HIGH);
        tuple.destinationLow = UnsafeApi.getLong(entry + LARGER_LOW);
        long ports = UnsafeApi.getLong(entry + PORTS);
        tuple.sourcePort = (int) ports >>> Short.SIZE;
        tuple.destinationPort = (int) ports & PORT_MASK;
        tuple.protocol = (int) (ports >>> Integer.SIZE);
    }

    /** Makes it the key of the entry at that address. */
    void copyTo(int index, long entry) {
        long line = line(index);
        for (int i = 0; i <= PORTS; i += Long.BYTES) {
            UnsafeApi.putLong(entry + i, UnsafeApi.getLong(line + i));
        }
    }
}
