package io.spillway.routing.fib;

import java.lang.foreign.MemorySegment;
import org.agrona.UnsafeApi;
import org.agrona.collections.LongArrayQueue;

/**
 * Where the nodes of a {@link FibWriter}'s tries live: off the heap, in pieces of whole cache lines
 * (units of 64 bytes), named by their offset in bytes. Offset 0 is no node.
 *
 * <p>Address space is reserved once and never moves; the system gives memory to the parts that are
 * written. It is returned when nobody refers to this object any more.
 *
 * <p><b>Who may change a node.</b> Each node carries the number of the snapshot that it was made
 * for. While that one is being built it may be changed; afterwards readers may be in it, and the
 * writer makes another in its place and {@link #retire}s it. It is used again when the reader has
 * said, by {@link #adopt}, that it looks up in a snapshot that does not have it.
 *
 * <p>Owned by the writer, but for {@link #adopt}, which the reader calls, and the memory of nodes
 * that no longer change.
 */
final class NodeMemory {
    static final int UNIT_LENGTH = 64;

    private static final int UNITS_MAX = 64;
    private static final int UNITS_MASK = 0x7F;

    private final int reservedLength;
    private final MemorySegment segment; // keeps the memory
    private final long base;
    private final int[] free = new int[UNITS_MAX + 1]; // by units: the first of a list
    private final LongArrayQueue retired = new LongArrayQueue(0); // pairs: snapshot, node
    private int end = UNIT_LENGTH; // the first unit holds the number of the adopted snapshot
    private int freeLength;
    private int liveLength;
    private long building = 1;
    private boolean isLarge;

    NodeMemory(int reservedLength) {
        this.reservedLength = reservedLength;
        segment = HugePages.reserve(reservedLength);
        base = segment.address();
        UnsafeApi.putLong(base, 0);
    }

    long base() {
        return base;
    }

    /** Number of the snapshot that is being built. */
    long building() {
        return building;
    }

    /** What was built is public from here on: its nodes change no more. */
    long seal() {
        return building++;
    }

    /** The reader is in this snapshot now and never again in an earlier one. */
    void adopt(long snapshot) {
        UnsafeApi.putLongRelease(null, base, snapshot);
    }

    /** Of undefined content. */
    int allocate(int units) {
        liveLength += units * UNIT_LENGTH;
        return take(units);
    }

    private int take(int units) {
        int node = free[units];
        if (node != 0) {
            free[units] = getInt(node);
            freeLength -= units * UNIT_LENGTH;
            return node;
        }
        int length = units * UNIT_LENGTH;
        if (end > reservedLength - length) {
            return split(units);
        }
        node = end;
        end += length;
        if (!isLarge && end > HugePages.SMALL_LENGTH) {
            isLarge = true;
            HugePages.wish(base + end, base + reservedLength);
        }
        return node;
    }

    /** From the smallest free piece that is larger. */
    private int split(int units) {
        for (int larger = units + 1; larger <= UNITS_MAX; larger++) {
            if (free[larger] != 0) {
                int node = take(larger);
                free(node + units * UNIT_LENGTH, larger - units);
                return node;
            }
        }
        throw new IllegalStateException(
                "routes need more than " + reservedLength + " bytes of lookup tables");
    }

    private void free(int node, int units) {
        putInt(node, free[units]);
        free[units] = node;
        freeLength += units * UNIT_LENGTH;
    }

    /**
     * The node is not in the snapshot that is being built.
     *
     * @param birth the snapshot that it was made for
     */
    void retire(int node, int units, long birth) {
        liveLength -= units * UNIT_LENGTH;
        if (birth == building) {
            free(node, units);
        } else {
            retired.addLong(building);
            retired.addLong((long) node << Integer.SIZE | units);
        }
    }

    /** Takes back what the reader has left behind. */
    void reclaim() {
        long adopted = UnsafeApi.getLongAcquire(null, base);
        while (!retired.isEmpty() && retired.peekLong() <= adopted) {
            retired.removeLong();
            long piece = retired.removeLong();
            free((int) (piece >>> Integer.SIZE), (int) piece & UNITS_MASK);
        }
    }

    /** Of nodes in use or still to be left by the reader, in bytes. */
    int usedLength() {
        return end - freeLength;
    }

    /** Of nodes in the snapshot that is being built, in bytes. */
    int liveLength() {
        return liveLength;
    }

    /** Bytes never used so far, in one piece. */
    int untouchedLength() {
        return reservedLength - end;
    }

    /** Bytes ever written, which the system has given memory for. */
    int touchedLength() {
        return end;
    }

    int getInt(int offset) {
        return UnsafeApi.getInt(base + offset);
    }

    long getLong(int offset) {
        return UnsafeApi.getLong(base + offset);
    }

    void putInt(int offset, int value) {
        UnsafeApi.putInt(base + offset, value);
    }

    void putLong(int offset, long value) {
        UnsafeApi.putLong(base + offset, value);
    }

    /** Whole units. */
    void move(int from, int to, int units) {
        for (int i = 0; i < units * UNIT_LENGTH; i += Long.BYTES) {
            putLong(to + i, getLong(from + i));
        }
    }
}
