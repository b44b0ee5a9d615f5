package io.spillway.dataplane.buffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * All packet bytes of one data-plane agent: off-heap slots made at start, handed out last in, first
 * out, so that the warmest memory is used again.
 *
 * <p>A slot takes a 64 KiB super-frame with headroom and tailroom, or as many datagrams side by
 * side, each with a buffer of its own; it is free again when the last of them is. The stride is not
 * a power of two, else every slot's headers would share one set of the processor's cache.
 *
 * <p>Owned by the data-plane agent. Slots that left for another thread come home by a {@link
 * PacketRing}, never by {@link #release} from there.
 */
public final class PacketPool implements AutoCloseable {
    /** Room for a sockaddr in front of each slot. */
    public static final int ENDPOINT_LENGTH = 32;

    /** Room in front of the content for virtio-net, Ethernet, VLAN and record headers. */
    public static final int HEADROOM = 128;

    /** Largest content: an IP packet of 65535 bytes with virtio-net, Ethernet and VLAN headers. */
    public static final int CONTENT_LENGTH_MAX = 65_568;

    /** Room behind the content for the inner content type and a tag. */
    public static final int TAILROOM = 64;

    static final int CONTENT_OFFSET = ENDPOINT_LENGTH + HEADROOM;
    static final int STRIDE = 66_240;

    private static final int CACHE_LINE_LENGTH = 64;
    private static final int SLOT_COUNT_MAX = Integer.MAX_VALUE / STRIDE;

    /** Most slots hold one packet, some a message of up to 64 datagrams. */
    private static final int BUFFERS_PER_SLOT = 8;

    static {
        check(CONTENT_OFFSET + CONTENT_LENGTH_MAX + TAILROOM <= STRIDE);
        check(STRIDE % CACHE_LINE_LENGTH == 0 && Integer.bitCount(STRIDE) > 1);
    }

    private final Arena arena = Arena.ofShared();
    private final PacketBuffer[] buffers;
    private final int[] freeBuffers;
    private final int[] freeSlots;

    /** How many buffers share each slot. */
    private final int[] users;

    private int freeBufferCount;
    private int freeCount;

    /**
     * @param slotCount 1..{@value #SLOT_COUNT_MAX} slots of about 65 KiB
     */
    public PacketPool(int slotCount) {
        if (slotCount < 1 || slotCount > SLOT_COUNT_MAX) {
            throw new IllegalArgumentException(
                    "pool slots: " + slotCount + ": expected 1.." + SLOT_COUNT_MAX);
        }
        long bytes = (long) slotCount * STRIDE;
        MemorySegment segment = arena.allocate(bytes, CACHE_LINE_LENGTH);
        UnsafeBuffer memory = new UnsafeBuffer(segment.address(), (int) bytes);
        users = new int[slotCount];
        freeSlots = new int[slotCount];
        for (int slot = slotCount - 1; slot >= 0; slot--) {
            freeSlots[freeCount++] = slot;
        }
        buffers = new PacketBuffer[slotCount * BUFFERS_PER_SLOT];
        freeBuffers = new int[buffers.length];
        for (int number = buffers.length - 1; number >= 0; number--) {
            buffers[number] = new PacketBuffer(number, memory);
            freeBuffers[freeBufferCount++] = number;
        }
    }

    /** An empty buffer with a slot of its own, or null when every one is in use. */
    public PacketBuffer acquire() {
        return freeCount == 0 || freeBufferCount == 0 ? null : enter(freeSlots[--freeCount]);
    }

    /**
     * Another buffer in the slot of {@code buffer}, or null when all are in use. The two have the
     * same {@link PacketBuffer#endpointAddress()}; their contents do not overlap.
     */
    public PacketBuffer share(PacketBuffer buffer) {
        return freeBufferCount == 0 ? null : enter(buffer.slot());
    }

    /** Takes a whole train back; the caller never touches it again. */
    public void release(PacketBuffer first) {
        PacketBuffer buffer = first;
        while (buffer != null) {
            PacketBuffer next = buffer.next();
            leave(buffer);
            buffer = next;
        }
    }

    /** The buffer that a number in a ring stands for. */
    public PacketBuffer buffer(int number) {
        return buffers[number];
    }

    private PacketBuffer enter(int slot) {
        PacketBuffer buffer = buffers[freeBuffers[--freeBufferCount]];
        buffer.enter(slot);
        users[slot]++;
        return buffer;
    }

    private void leave(PacketBuffer buffer) {
        int slot = buffer.slot();
        assert users[slot] > 0 : "slot " + slot + " released twice";
        freeBuffers[freeBufferCount++] = buffer.number();
        if (--users[slot] == 0) {
            freeSlots[freeCount++] = slot;
        }
    }

    public int slotCount() {
        return users.length;
    }

    /** Slots that nobody uses. */
    public int freeCount() {
        return freeCount;
    }

    /** Frees the memory; nothing may use a buffer afterwards. */
    @Override
    public void close() {
        arena.close();
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new ExceptionInInitializerError("packet slot layout");
        }
    }
}
