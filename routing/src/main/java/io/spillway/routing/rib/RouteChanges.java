package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.util.Arrays;

/**
 * Which prefixes a reader of the {@link Rib} has to look at again: their route in use may be
 * another one, or gone. Each is told once however often it changed meanwhile, in the order of the
 * first change. Owned by control.
 *
 * <pre>
 *   ring     ... | slot | slot | ...    from head, size of them
 *   waiting  a bit for each slot: it is in the ring
 * </pre>
 */
public final class RouteChanges {
    /** What reads them. */
    @FunctionalInterface
    public interface Reader {
        /** The route that packets for exactly this prefix follow by now; null: none. */
        void onRoute(Prefix prefix, Route inUse);
    }

    private static final int CAPACITY_MIN = 64; // a power of two

    /** Memory for more is given back once it is not needed. */
    private static final int CAPACITY_KEPT = 1 << 16;

    private final Rib rib;
    private int[] ring = new int[CAPACITY_MIN];
    private long[] waiting = new long[1];
    private int head;
    private int size;

    RouteChanges(Rib rib) {
        this.rib = rib;
    }

    void add(int slot) {
        if (isWaiting(slot)) {
            return;
        }
        int word = slot >>> 6;
        if (word >= waiting.length) {
            waiting = Arrays.copyOf(waiting, Math.max(word + 1, 2 * waiting.length));
        }
        waiting[word] |= 1L << slot;
        if (size == ring.length) {
            grow();
        }
        ring[head + size++ & ring.length - 1] = slot;
    }

    private void grow() {
        int[] longer = Arrays.copyOf(ring, 2 * ring.length);
        System.arraycopy(ring, 0, longer, ring.length, head); // what had wrapped around
        ring = longer;
    }

    /** Whether the slot must stay its prefix's for this reader's sake. */
    boolean isWaiting(int slot) {
        int word = slot >>> 6;
        return word < waiting.length && (waiting[word] & 1L << slot) != 0;
    }

    void clear() {
        while (size > 0) {
            rib.forgetUnused(take());
        }
        shrink();
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    /**
     * Takes the first {@code max}. The reader must not change routes meanwhile.
     *
     * @return how many were taken
     */
    public int drain(Reader reader, int max) {
        int taken = 0;
        for (; taken < max && size > 0; taken++) {
            int slot = take();
            Prefix prefix = rib.prefix(slot);
            reader.onRoute(prefix, rib.inUse(prefix, slot));
            rib.forgetUnused(slot);
        }
        if (size == 0) {
            shrink();
        }
        return taken;
    }

    private int take() {
        int slot = ring[head];
        head = head + 1 & ring.length - 1;
        size--;
        waiting[slot >>> 6] &= ~(1L << slot);
        return slot;
    }

    private void shrink() {
        if (ring.length > CAPACITY_KEPT) {
            ring = new int[CAPACITY_MIN];
            head = 0;
        }
    }
}
