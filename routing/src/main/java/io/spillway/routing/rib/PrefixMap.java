package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A map by prefix for a million of them, in no order: an entry takes 21 to 36 bytes of arrays over
 * IPv4, and no object of its own. Not thread safe.
 */
public final class PrefixMap<V> {
    private final Family<V> ipv4 = new Family<>(true);
    private final Family<V> ipv6 = new Family<>(false);

    /** Null where there is none. */
    public V get(Prefix prefix) {
        return of(prefix).get(prefix);
    }

    /**
     * @param value not null
     * @return what was there before, or null
     */
    public V put(Prefix prefix, V value) {
        return of(prefix).put(prefix, value);
    }

    /** What was there before, or null. */
    public V remove(Prefix prefix) {
        return of(prefix).remove(prefix);
    }

    public int size() {
        return ipv4.prefixes.size() + ipv6.prefixes.size();
    }

    public void forEach(BiConsumer<Prefix, V> consumer) {
        ipv4.forEach(consumer);
        ipv6.forEach(consumer);
    }

    public void forEachPrefix(Consumer<Prefix> consumer) {
        forEach((prefix, _) -> consumer.accept(prefix));
    }

    private Family<V> of(Prefix prefix) {
        return prefix.isIpv4() ? ipv4 : ipv6;
    }

    private static final class Family<V> {
        private final boolean isIpv4;
        private final PrefixTable prefixes;
        private Object[] values; // by slot; null: the slot is free

        Family(boolean isIpv4) {
            this.isIpv4 = isIpv4;
            prefixes = new PrefixTable(isIpv4);
            values = new Object[prefixes.capacity()];
        }

        V get(Prefix prefix) {
            int slot = find(prefix);
            return slot == PrefixTable.NONE ? null : value(slot);
        }

        V put(Prefix prefix, V value) {
            int slot = prefixes.add(prefix.high(), prefix.low(), prefix.length());
            if (prefixes.capacity() > values.length) {
                values = Arrays.copyOf(values, prefixes.capacity());
            }
            V before = value(slot);
            values[slot] = value;
            return before;
        }

        V remove(Prefix prefix) {
            int slot = find(prefix);
            if (slot == PrefixTable.NONE) {
                return null;
            }
            V before = value(slot);
            values[slot] = null;
            prefixes.remove(slot);
            return before;
        }

        void forEach(BiConsumer<Prefix, V> consumer) {
            for (int slot = 0; slot < prefixes.slotEnd(); slot++) {
                V value = value(slot);
                if (value != null) {
                    long high = prefixes.high(slot);
                    int length = prefixes.length(slot);
                    consumer.accept(new Prefix(isIpv4, high, prefixes.low(slot), length), value);
                }
            }
        }

        private int find(Prefix prefix) {
            return prefixes.find(prefix.high(), prefix.low(), prefix.length());
        }

        @SuppressWarnings("unchecked")
        private V value(int slot) {
            return (V) values[slot];
        }
    }
}
