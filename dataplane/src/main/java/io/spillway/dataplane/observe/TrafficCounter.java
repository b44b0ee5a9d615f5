package io.spillway.dataplane.observe;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Packets and bytes that passed one point.
 *
 * <p>One writing agent, any number of readers; a reader may see the packet before its bytes.
 */
public final class TrafficCounter {
    private static final int PACKETS_OFFSET = 0;
    private static final int BYTES_OFFSET = 8;
    private static final int LENGTH = 16;

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[LENGTH]);

    /** Owner only. */
    public void count(int bytes) {
        count(1, bytes);
    }

    /** Owner only. Of several packets. */
    public void count(int packets, int bytes) {
        memory.putLongOrdered(PACKETS_OFFSET, memory.getLong(PACKETS_OFFSET) + packets);
        memory.putLongOrdered(BYTES_OFFSET, memory.getLong(BYTES_OFFSET) + bytes);
    }

    public long packets() {
        return memory.getLongVolatile(PACKETS_OFFSET);
    }

    public long bytes() {
        return memory.getLongVolatile(BYTES_OFFSET);
    }
}
