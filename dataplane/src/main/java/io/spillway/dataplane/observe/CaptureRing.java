package io.spillway.dataplane.observe;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Copies of one agent's packets on their way to whoever captures: bounded, off-heap. What finds no
 * room is lost and counted by its place; the agent never waits.
 *
 * <p>The agent claims and commits, another thread takes. Its memory is there from making to {@link
 * #close}, which neither may survive.
 */
public final class CaptureRing implements AutoCloseable {
    /** {@link #claim} found no room. */
    public static final int FULL = -1;

    /** What the ring must hold, several times over: a frame of 64 KiB. */
    public static final int LENGTH_MIN = 1 << 20;

    private static final int ENTRY = 1;

    /** Takes what a ring holds. */
    public interface Reader {
        /**
         * @param entry index of a {@link CaptureEntry}; until return the reader may write there and
         *     behind it
         * @param kept bytes of the packet behind it
         */
        void onEntry(MutableDirectBuffer memory, int entry, int kept);
    }

    private final CapturePlan plan;
    private final Arena arena = Arena.ofShared();
    private final UnsafeBuffer memory;
    private final OneToOneRingBuffer ring;
    private final UnsafeBuffer lost;
    private final ControlledMessageHandler look = this::look;
    private final ControlledMessageHandler take = this::take;
    private boolean hasNext;
    private long nextNs;
    private Reader reader;

    /**
     * @param length bytes, a power of two of at least {@value #LENGTH_MIN}
     */
    public CaptureRing(CapturePlan plan, int length) {
        this.plan = plan;
        int whole = length + RingBufferDescriptor.TRAILER_LENGTH;
        MemorySegment segment = arena.allocate(whole, BitUtil.CACHE_LINE_LENGTH);
        memory = new UnsafeBuffer(segment.address(), whole);
        ring = new OneToOneRingBuffer(memory);
        lost = new UnsafeBuffer(new byte[plan.placeCount() * BitUtil.SIZE_OF_LONG]);
    }

    public CapturePlan plan() {
        return plan;
    }

    /** {@link CapturePoint#bit Bits} of the points at which the agent copies. */
    public int points() {
        return plan.points();
    }

    /**
     * Agent only. Copies as much of a packet as the plan keeps; its facts are still to be written,
     * and {@link #commit} ends it.
     *
     * @return index of its {@link CaptureEntry} in {@link #memory()}, or {@link #FULL}
     */
    public int claim(int place, DirectBuffer source, int offset, int length) {
        int kept = Math.min(length, plan.snapLength());
        int entry = ring.tryClaim(ENTRY, CaptureEntry.LENGTH + kept);
        if (entry < 0) {
            int counter = place * BitUtil.SIZE_OF_LONG;
            lost.putLongOrdered(counter, lost.getLong(counter) + 1);
            return FULL;
        }
        CaptureEntry.start(memory, entry, place, length);
        memory.putBytes(entry + CaptureEntry.LENGTH, source, offset, kept);
        return entry;
    }

    /** Agent only. From here on the entry is the reader's. */
    public void commit(int entry) {
        ring.commit(entry);
    }

    public MutableDirectBuffer memory() {
        return memory;
    }

    /** Packets that found no room, by place. Any thread. */
    public long lost(int place) {
        return lost.getLongVolatile(place * BitUtil.SIZE_OF_LONG);
    }

    /** Reader only. Looks whether there is an entry. */
    public boolean hasNext() {
        hasNext = false;
        ring.controlledRead(look, 1);
        if (!hasNext) {
            ring.controlledRead(look, 1); // the first may have come to the memory's end only
        }
        return hasNext;
    }

    /** Reader only. Time of the oldest entry, which {@link #hasNext} has found. */
    public long nextNs() {
        return nextNs;
    }

    private ControlledMessageHandler.Action look(
            int type, MutableDirectBuffer buffer, int entry, int length) {
        hasNext = true;
        nextNs = CaptureEntry.timeNs(buffer, entry);
        return ControlledMessageHandler.Action.ABORT;
    }

    /** Reader only. Hands over the oldest entry, if there is one. */
    public void take(Reader taker) {
        reader = taker;
        ring.controlledRead(take, 1);
    }

    private ControlledMessageHandler.Action take(
            int type, MutableDirectBuffer buffer, int entry, int length) {
        reader.onEntry(buffer, entry, length - CaptureEntry.LENGTH);
        return ControlledMessageHandler.Action.CONTINUE;
    }

    /** Frees the memory. */
    @Override
    public void close() {
        arena.close();
    }
}
