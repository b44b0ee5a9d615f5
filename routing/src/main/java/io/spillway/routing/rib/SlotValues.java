package io.spillway.routing.rib;

import java.util.Arrays;

/** What is kept of each prefix, by its slot in {@link PrefixSlots}. Not thread safe. */
final class SlotValues<V> {
    private static final int CAPACITY_MIN = 64;

    /** One array for each family, which a full table of the one does not make the other pay for. */
    private final Object[][] values = {new Object[CAPACITY_MIN], new Object[CAPACITY_MIN]};

    /** Null where there is none. */
    @SuppressWarnings("unchecked")
    V get(int slot) {
        Object[] family = values[slot & 1];
        int index = slot >>> 1;
        return index < family.length ? (V) family[index] : null;
    }

    /**
     * @param value null: none from now on
     * @return what was there before, or null
     */
    V put(int slot, V value) {
        V before = get(slot);
        int index = slot >>> 1;
        Object[] family = values[slot & 1];
        if (index >= family.length) {
            family = Arrays.copyOf(family, Math.max(index + 1, family.length + family.length / 2));
            values[slot & 1] = family;
        }
        family[index] = value;
        return before;
    }
}
