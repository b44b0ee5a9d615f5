package io.spillway.dataplane.buffer;

/**
 * The packets that walk the pipeline together, in order. A step looks at each once, keeps survivors
 * and drops the rest.
 *
 * <pre>{@code
 * int kept = 0;
 * for (int i = 0; i < batch.size(); i++) {
 *     PacketBuffer packet = batch.get(i);
 *     if (decode(packet)) {
 *         batch.set(kept++, packet);
 *     }
 * }
 * batch.truncate(kept);
 * }</pre>
 */
public final class PacketBatch {
    private final PacketBuffer[] packets;
    private int size;

    public PacketBatch(int capacity) {
        packets = new PacketBuffer[capacity];
    }

    public int capacity() {
        return packets.length;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public boolean isFull() {
        return size == packets.length;
    }

    public PacketBuffer get(int index) {
        assert index < size;
        return packets[index];
    }

    public void add(PacketBuffer packet) {
        packets[size++] = packet;
    }

    /** Moves a survivor forward; {@code index} never passes the packet being looked at. */
    public void set(int index, PacketBuffer packet) {
        assert index < size;
        packets[index] = packet;
    }

    /** Keeps the first {@code count} packets. */
    public void truncate(int count) {
        assert count <= size;
        size = count;
    }

    /** Takes the first {@code count} packets away; their new owner has them. */
    public void removeFirst(int count) {
        assert count <= size;
        System.arraycopy(packets, count, packets, 0, size - count);
        size -= count;
    }

    public void clear() {
        size = 0;
    }
}
