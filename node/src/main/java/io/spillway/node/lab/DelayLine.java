package io.spillway.node.lab;

import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Packets on their way, each with the moment at which it arrives; those of one moment in the order
 * in which they came. Bounded, and without allocation once it was as full as it gets.
 *
 * <p>Owned by one thread.
 */
final class DelayLine {
    /** Of a packet; what an Ethernet carries is shorter. */
    static final int PACKET_LENGTH_MAX = 2048;

    private final UnsafeBuffer memory;
    private final ArrayDeque<Packet> free = new ArrayDeque<>();
    private final PriorityQueue<Packet> waiting = new PriorityQueue<>();
    private long count;

    /**
     * @param capacity packets
     */
    DelayLine(int capacity) {
        memory =
                new UnsafeBuffer(
                        BufferUtil.allocateDirectAligned(capacity * PACKET_LENGTH_MAX, Long.BYTES));
        for (int i = capacity - 1; i >= 0; i--) {
            free.push(new Packet(i * PACKET_LENGTH_MAX));
        }
    }

    boolean isFull() {
        return free.isEmpty();
    }

    /** Where the next packet is to be written before {@link #add}; not when it is full. */
    long incomingAddress() {
        return memory.addressOffset() + free.getFirst().offset;
    }

    /** Four bytes of it in network order. */
    int incomingInt(int index) {
        return memory.getInt(free.getFirst().offset + index, ByteOrder.BIG_ENDIAN);
    }

    /** Takes the packet at {@link #incomingAddress}. */
    void add(int length, long dueNs) {
        put(free.pop(), length, dueNs);
    }

    /**
     * Adds the same once more, before it is added itself.
     *
     * @return false if there is no room for both
     */
    boolean addCopy(int length, long dueNs) {
        if (free.size() < 2) return false;
        Packet original = free.pop();
        Packet copy = free.pop();
        memory.putBytes(copy.offset, memory, original.offset, length);
        put(copy, length, dueNs);
        free.push(original);
        return true;
    }

    private void put(Packet packet, int length, long dueNs) {
        packet.length = length;
        packet.dueNs = dueNs;
        packet.order = count++;
        waiting.add(packet);
    }

    boolean isDue(long nowNs) {
        return remainingNs(nowNs) <= 0;
    }

    /** Until the next one is due; {@link Long#MAX_VALUE} if there is none. */
    long remainingNs(long nowNs) {
        Packet next = waiting.peek();
        return next == null ? Long.MAX_VALUE : next.dueNs - nowNs;
    }

    /** Of the next one. */
    long address() {
        return memory.addressOffset() + waiting.element().offset;
    }

    /** Of the next one. */
    int length() {
        return waiting.element().length;
    }

    /** The next one has arrived: its memory is free again. */
    void remove() {
        free.push(waiting.remove());
    }

    private static final class Packet implements Comparable<Packet> {
        private final int offset;
        private int length;
        private long dueNs;
        private long order;

        Packet(int offset) {
            this.offset = offset;
        }

        @Override
        public int compareTo(Packet other) {
            long earlier = dueNs - other.dueNs;
            return Long.signum(earlier != 0 ? earlier : order - other.order);
        }
    }
}
