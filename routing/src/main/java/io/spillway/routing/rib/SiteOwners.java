package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Which sites have a route in force for a prefix, the lowest ID first. Owned by control, through
 * {@link Rib}.
 */
final class SiteOwners {
    private final PrefixSlots slots;
    private final SlotValues<long[]> owners = new SlotValues<>();
    private final IntConsumer changed;

    /**
     * @param changed told the slot of each prefix that has other owners now
     */
    SiteOwners(PrefixSlots slots, IntConsumer changed) {
        this.slots = slots;
        this.changed = changed;
    }

    /** What one site has in force was {@code before} and is {@code after}. */
    void shift(long[] site, PrefixSet before, PrefixSet after) {
        for (Prefix prefix : before.without(after)) {
            int slot = slots.find(prefix);
            remove(slot, site[0]);
            changed.accept(slot);
        }
        for (Prefix prefix : after.without(before)) {
            int slot = slots.add(prefix);
            long[] others = owners.get(slot);
            owners.put(slot, others == null ? site : with(others, site));
            changed.accept(slot);
        }
    }

    private static long[] with(long[] ids, long[] site) {
        int index = 0;
        while (index < ids.length && Long.compareUnsigned(ids[index], site[0]) < 0) {
            index++;
        }
        long[] more = Arrays.copyOf(ids, ids.length + 1);
        System.arraycopy(ids, index, more, index + 1, ids.length - index);
        more[index] = site[0];
        return more;
    }

    private void remove(int slot, long siteId) {
        long[] ids = owners.get(slot);
        boolean isAlone = ids.length == 1;
        long[] others = isAlone ? null : Arrays.stream(ids).filter(id -> id != siteId).toArray();
        owners.put(slot, others);
    }

    /** The lowest site ID; 0 = none. */
    long first(int slot) {
        long[] ids = owners.get(slot);
        return ids == null ? 0 : ids[0];
    }

    boolean has(int slot) {
        return owners.get(slot) != null;
    }

    /** Every prefix that a site has in force. */
    void forEach(Consumer<Prefix> consumer) {
        for (int slot = 0; slot < slots.end(); slot++) {
            if (has(slot)) {
                consumer.accept(slots.prefix(slot));
            }
        }
    }
}
