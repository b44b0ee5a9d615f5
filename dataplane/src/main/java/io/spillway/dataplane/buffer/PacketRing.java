package io.spillway.dataplane.buffer;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A bounded queue of buffer numbers: one offering agent, one polling agent (they may be the same).
 *
 * <pre>
 *   | tail, head as offering agent last saw it | head, tail as polling agent last saw it |
 *   | buffer number x capacity |
 * </pre>
 *
 * <p>Each side writes to cache lines of its own, and looks at the other's only when what it saw
 * last does not tell.
 *
 * <p>Offering gives the buffer away, with its train and everything written in it: the tail is
 * published with an ordered store and read with a volatile load. Full is a normal answer, never a
 * wait.
 */
public final class PacketRing {
    private static final int TAIL_OFFSET = 64;
    private static final int HEAD_SEEN_OFFSET = 72;
    private static final int HEAD_OFFSET = 192;
    private static final int TAIL_SEEN_OFFSET = 200;
    private static final int ENTRIES_OFFSET = 320;

    private final PacketPool pool;
    private final UnsafeBuffer memory;
    private final int capacity;
    private final int mask;

    /**
     * @param capacity buffers, rounded up to a power of two
     */
    public PacketRing(PacketPool pool, int capacity) {
        this.pool = pool;
        this.capacity = BitUtil.findNextPositivePowerOfTwo(capacity);
        mask = this.capacity - 1;
        memory =
                new UnsafeBuffer(
                        ByteBuffer.allocateDirect(ENTRIES_OFFSET + this.capacity * Integer.BYTES));
    }

    /** Offering agent only. False when full: the caller still owns the buffer. */
    public boolean offer(PacketBuffer buffer) {
        long tail = memory.getLong(TAIL_OFFSET);
        if (tail - memory.getLong(HEAD_SEEN_OFFSET) == capacity) {
            long head = memory.getLongVolatile(HEAD_OFFSET);
            memory.putLong(HEAD_SEEN_OFFSET, head);
            if (tail - head == capacity) {
                return false;
            }
        }
        memory.putInt(ENTRIES_OFFSET + ((int) tail & mask) * Integer.BYTES, buffer.number());
        memory.putLongOrdered(TAIL_OFFSET, tail + 1);
        return true;
    }

    /** Polling agent only. Null when empty. */
    public PacketBuffer poll() {
        long head = memory.getLong(HEAD_OFFSET);
        if (head == memory.getLong(TAIL_SEEN_OFFSET)) {
            long tail = memory.getLongVolatile(TAIL_OFFSET);
            memory.putLong(TAIL_SEEN_OFFSET, tail);
            if (head == tail) {
                return null;
            }
        }
        int number = memory.getInt(ENTRIES_OFFSET + ((int) head & mask) * Integer.BYTES);
        memory.putLongOrdered(HEAD_OFFSET, head + 1);
        return pool.buffer(number);
    }

    /** Polling agent only. Adds to {@code batch} until it is full or the ring is empty. */
    public int poll(PacketBatch batch) {
        int polled = 0;
        while (!batch.isFull()) {
            PacketBuffer buffer = poll();
            if (buffer == null) {
                break;
            }
            batch.add(buffer);
            polled++;
        }
        return polled;
    }

    /** Any thread; a moment's view. */
    public int size() {
        long head = memory.getLongVolatile(HEAD_OFFSET);
        return (int) (memory.getLongVolatile(TAIL_OFFSET) - head);
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    public int capacity() {
        return capacity;
    }
}
