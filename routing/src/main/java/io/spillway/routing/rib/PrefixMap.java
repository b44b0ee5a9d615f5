package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.util.function.BiConsumer;

/**
 * A map by prefix for a million of them, in no order: an entry takes 21 to 36 bytes of arrays over
 * IPv4, and no object of its own. Not thread safe.
 */
public final class PrefixMap<V> {
    private final PrefixSlots slots = new PrefixSlots();
    private final SlotValues<V> values = new SlotValues<>();

    /**
     * @param value not null
     * @return what was there before, or null
     */
    public V put(Prefix prefix, V value) {
        return values.put(slots.add(prefix), value);
    }

    /** What was there before, or null. */
    public V remove(Prefix prefix) {
        int slot = slots.find(prefix);
        if (slot == PrefixSlots.NONE) {
            return null;
        }
        slots.remove(slot);
        return values.put(slot, null);
    }

    public int size() {
        return slots.size();
    }

    public void forEach(BiConsumer<Prefix, V> consumer) {
        for (int slot = 0; slot < slots.end(); slot++) {
            V value = values.get(slot);
            if (value != null) {
                consumer.accept(slots.prefix(slot), value);
            }
        }
    }
}
