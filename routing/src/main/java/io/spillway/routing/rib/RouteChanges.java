package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Which prefixes a reader of the {@link Rib} has to look at again: their route in use may be
 * another one, or gone. Each is told once however often it changed meanwhile, in the order of the
 * first change. Owned by control.
 *
 * <pre>
 *   ring    ... | slot, family | slot, family | ...    from head, size of them
 *   tables  the prefixes that wait, by slot
 * </pre>
 */
public final class RouteChanges {
    private static final int CAPACITY_MIN = 64; // a power of two

    /** Memory for more is given back once it is not needed. */
    private static final int CAPACITY_KEPT = 1 << 16;

    private PrefixTable ipv4 = new PrefixTable(true);
    private PrefixTable ipv6 = new PrefixTable(false);
    private int[] ring = new int[CAPACITY_MIN];
    private int head;
    private int size;

    RouteChanges() {}

    void add(Prefix prefix) {
        PrefixTable table = prefix.isIpv4() ? ipv4 : ipv6;
        int before = table.size();
        int slot = table.add(prefix.high(), prefix.low(), prefix.length());
        if (table.size() == before) {
            return;
        }
        if (size == ring.length) {
            grow();
        }
        ring[head + size++ & ring.length - 1] = slot << 1 | (prefix.isIpv4() ? 0 : 1);
    }

    private void grow() {
        int[] longer = Arrays.copyOf(ring, 2 * ring.length);
        System.arraycopy(ring, 0, longer, ring.length, head); // what had wrapped around
        ring = longer;
    }

    void clear() {
        ipv4 = new PrefixTable(true);
        ipv6 = new PrefixTable(false);
        ring = new int[CAPACITY_MIN];
        head = 0;
        size = 0;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    /**
     * Takes the first {@code max}; ask {@link Rib#inUse} what has become of each. The reader must
     * not change routes meanwhile.
     *
     * @return how many were taken
     */
    public int drain(Consumer<Prefix> reader, int max) {
        int taken = 0;
        for (; taken < max && size > 0; taken++) {
            reader.accept(take());
        }
        if (size == 0 && ring.length > CAPACITY_KEPT) {
            clear();
        }
        return taken;
    }

    private Prefix take() {
        int next = ring[head];
        head = head + 1 & ring.length - 1;
        size--;
        boolean isIpv4 = (next & 1) == 0;
        PrefixTable table = isIpv4 ? ipv4 : ipv6;
        int slot = next >>> 1;
        Prefix prefix = new Prefix(isIpv4, table.high(slot), table.low(slot), table.length(slot));
        table.remove(slot);
        return prefix;
    }
}
