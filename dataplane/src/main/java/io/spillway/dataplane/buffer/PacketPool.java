package io.spillway.dataplane.buffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * All packet bytes of one data-plane agent: off-heap slots made at start, handed out last in, first
 * out, so that the warmest memory is used again.
 *
 * <p>A slot takes a 64 KiB super-frame with headroom and tailroom. The stride is not a power of
 * two, else every slot's headers would share one set of the processor's cache.
 *
 * <p>Owned by the data-plane agent. Slots that left for another thread come home by a {@link
 * PacketRing}, never by {@link #release} from there.
 */
public final class PacketPool implements AutoCloseable {
    /** Room for a sockaddr in front of each slot. */
    public static final int ENDPOINT_LENGTH = 32;

    /** Room in front of the content for virtio-net, Ethernet, VLAN and record headers. */
    public static final int HEADROOM = 128;

    /** Largest content: a 64 KiB super-frame with its headers. */
    public static final int CONTENT_LENGTH_MAX = 65_536;

    /** Room behind the content for the inner content type and a tag. */
    public static final int TAILROOM = 64;

    static final int CONTENT_OFFSET = ENDPOINT_LENGTH + HEADROOM;
    static final int STRIDE = 66_240;

    private static final int CACHE_LINE_LENGTH = 64;
    private static final int SLOT_COUNT_MAX = Integer.MAX_VALUE / STRIDE;

    static {
        check(CONTENT_OFFSET + CONTENT_LENGTH_MAX + TAILROOM <= STRIDE);
        check(STRIDE % CACHE_LINE_LENGTH == 0 && Integer.bitCount(STRIDE) > 1);
    }

    private final Arena arena = Arena.ofShared();
    private final PacketBuffer[] slots;
    private final int[] free;
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
        slots = new PacketBuffer[slotCount];
        free = new int[slotCount];
        for (int slot = slotCount - 1; slot >= 0; slot--) {
            slots[slot] = new PacketBuffer(slot, slot * STRIDE, memory);
            free[freeCount++] = slot;
        }
    }

    /** An empty buffer, or null when every slot is in use. */
    public PacketBuffer acquire() {
        if (freeCount == 0) {
            return null;
        }
        PacketBuffer buffer = slots[free[--freeCount]];
        buffer.clear();
        return buffer;
    }

    /** Takes a buffer back; the caller never touches it again. */
    public void release(PacketBuffer buffer) {
        assert freeCount < free.length : "slot " + buffer.slot() + " released twice";
        free[freeCount++] = buffer.slot();
    }

    /** The buffer of a slot number that came through a ring. */
    public PacketBuffer slot(int slot) {
        return slots[slot];
    }

    public int slotCount() {
        return slots.length;
    }

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
