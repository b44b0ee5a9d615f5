package io.spillway.dataplane.buffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The packet slots of one data-plane agent: off-heap, made at start, handed out last in, first out,
 * so that the warmest memory is used again.
 *
 * <p>A slot takes a 64 KiB super-frame with headroom and tailroom, or as many datagrams side by
 * side, each with a buffer of its own; it is free again when the last of them is. The stride is not
 * a power of two, else every slot's headers would share one set of the processor's cache.
 *
 * <p>Owned by one agent. Agents that hand packets to each other have pools of one memory ({@link
 * #ofAgents}), in which every buffer has its number. A buffer is released in the pool of whoever
 * has it last; when its slot is of another, it goes home on a ring, and its own agent alone touches
 * free lists and users ({@link #takeHome}).
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

    /** More are further apart than an {@code int} tells. */
    public static final int SLOT_COUNT_MAX = Integer.MAX_VALUE / STRIDE;

    /** Most slots hold one packet, some a message of up to 64 datagrams. */
    static final int BUFFERS_PER_SLOT = 8;

    static {
        check(CONTENT_OFFSET + CONTENT_LENGTH_MAX + TAILROOM <= STRIDE);
        check(STRIDE % CACHE_LINE_LENGTH == 0 && Integer.bitCount(STRIDE) > 1);
    }

    /** What comes home from one other thread in one go. */
    private static final int HOME_PER_RING_MAX = 256;

    private final Arena arena;

    /** Of all pools in this memory, by number. */
    private final PacketBuffer[] buffers;

    private final int index;
    private final int firstSlot;
    private final int[] freeBuffers;
    private final int[] freeSlots;

    /** How many buffers share each slot. */
    private final int[] users;

    /** By the index of the pool that they lead to. */
    private final PacketRing[] waysToOthers;

    private PacketRing[] waysHome = {};
    private int freeBufferCount;
    private int freeCount;
    private boolean isShort;

    /**
     * The only pool of its memory.
     *
     * @param slotCount 1..{@value #SLOT_COUNT_MAX} slots of about 65 KiB
     */
    public PacketPool(int slotCount) {
        this(new Memory(slotCount), 0, 0, slotCount, 1);
    }

    private PacketPool(Memory memory, int index, int firstSlot, int slotCount, int poolCount) {
        arena = memory.arena;
        buffers = memory.buffers;
        this.index = index;
        this.firstSlot = firstSlot;
        users = new int[slotCount];
        freeSlots = new int[slotCount];
        for (int slot = slotCount - 1; slot >= 0; slot--) {
            freeSlots[freeCount++] = firstSlot + slot;
        }
        freeBuffers = new int[slotCount * BUFFERS_PER_SLOT];
        for (int i = freeBuffers.length - 1; i >= 0; i--) {
            int number = firstSlot * BUFFERS_PER_SLOT + i;
            buffers[number] = new PacketBuffer(number, index, memory.bytes);
            freeBuffers[freeBufferCount++] = number;
        }
        waysToOthers = new PacketRing[poolCount];
    }

    /** What all pools of one data plane share. */
    private static final class Memory {
        final Arena arena;
        final UnsafeBuffer bytes;
        final PacketBuffer[] buffers;

        Memory(int slotCount) {
            if (slotCount < 1 || slotCount > SLOT_COUNT_MAX) {
                throw new IllegalArgumentException(
                        "pool slots: " + slotCount + ": expected 1.." + SLOT_COUNT_MAX);
            }
            arena = Arena.ofShared();
            long length = (long) slotCount * STRIDE;
            MemorySegment segment = arena.allocate(length, CACHE_LINE_LENGTH);
            bytes = new UnsafeBuffer(segment.address(), (int) length);
            buffers = new PacketBuffer[slotCount * BUFFERS_PER_SLOT];
        }
    }

    /**
     * One memory with a pool for each of several agents, and the ways home between them. Closing
     * one frees the memory of all.
     *
     * @param slotCounts of each pool; together at most {@value #SLOT_COUNT_MAX}
     */
    public static List<PacketPool> ofAgents(int... slotCounts) {
        Memory memory = new Memory(IntStream.of(slotCounts).sum());
        List<PacketPool> pools = new ArrayList<>();
        int firstSlot = 0;
        for (int slotCount : slotCounts) {
            int index = pools.size();
            pools.add(new PacketPool(memory, index, firstSlot, slotCount, slotCounts.length));
            firstSlot += slotCount;
        }
        pools.forEach(pool -> pool.join(pools));
        return pools;
    }

    private void join(List<PacketPool> pools) {
        for (PacketPool home : pools) {
            if (home != this) {
                waysToOthers[home.index] = home.newWayHome();
            }
        }
    }

    /**
     * A ring by which another thread gives buffers back; it holds all there are. Before the threads
     * start.
     */
    public PacketRing newWayHome() {
        PacketRing way = new PacketRing(this, freeBuffers.length);
        waysHome = Arrays.copyOf(waysHome, waysHome.length + 1);
        waysHome[waysHome.length - 1] = way;
        return way;
    }

    /** An empty buffer with a slot of its own, or null when every one is in use. */
    public PacketBuffer acquire() {
        if (freeCount == 0 || freeBufferCount == 0) {
            isShort = true;
            return null;
        }
        return enter(freeSlots[--freeCount]);
    }

    /**
     * Another buffer in the slot of {@code buffer}, which is of this pool, or null when all are in
     * use. The two have the same {@link PacketBuffer#endpointAddress()}; their contents do not
     * overlap.
     */
    public PacketBuffer share(PacketBuffer buffer) {
        return freeBufferCount == 0 ? null : enter(buffer.slot());
    }

    /**
     * Takes a whole train back, or sends it home: all its slots are of one pool. The caller never
     * touches it again.
     */
    public void release(PacketBuffer first) {
        if (first.home() == index) {
            takeBack(first);
        } else {
            boolean isOnItsWay = waysToOthers[first.home()].offer(first);
            assert isOnItsWay : "the way home holds every buffer";
        }
    }

    /** Takes back what other threads released; once a cycle. Returns how many trains came. */
    public int takeHome() {
        isShort = false;
        int taken = 0;
        for (PacketRing way : waysHome) {
            taken += takeHome(way);
        }
        return taken;
    }

    private int takeHome(PacketRing way) {
        int taken = 0;
        while (taken < HOME_PER_RING_MAX) {
            PacketBuffer first = way.poll();
            if (first == null) {
                break;
            }
            takeBack(first);
            taken++;
        }
        return taken;
    }

    /**
     * Whether an {@link #acquire} of this cycle found nothing: slots of ours that others hold come
     * home without a wake-up.
     */
    public boolean isShort() {
        return isShort;
    }

    /** The buffer that a number in a ring stands for, whichever pool it is of. */
    public PacketBuffer buffer(int number) {
        return buffers[number];
    }

    private PacketBuffer enter(int slot) {
        PacketBuffer buffer = buffers[freeBuffers[--freeBufferCount]];
        buffer.enter(slot);
        users[slot - firstSlot]++;
        return buffer;
    }

    private void takeBack(PacketBuffer first) {
        PacketBuffer buffer = first;
        while (buffer != null) {
            PacketBuffer next = buffer.next();
            leave(buffer);
            buffer = next;
        }
    }

    private void leave(PacketBuffer buffer) {
        int place = buffer.slot() - firstSlot;
        assert users[place] > 0 : "slot " + buffer.slot() + " released twice";
        freeBuffers[freeBufferCount++] = buffer.number();
        if (--users[place] == 0) {
            freeSlots[freeCount++] = buffer.slot();
        }
    }

    public int slotCount() {
        return users.length;
    }

    /** Slots of this pool that nobody uses, those on their way home not counted. */
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
