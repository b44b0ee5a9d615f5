package io.spillway.tap;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the kernel was last known to hold of one kind (links, addresses or routes), so that a
 * listing tells what is gone, and so that news is only what differs.
 *
 * @param <K> what makes an entry the same one, though changed.
 */
final class LinkTable<K, V> {
    private final Map<K, V> entries = new HashMap<>();
    private final Set<K> listed = new HashSet<>();

    void put(K key, V value, Consumer<V> news) {
        listed.add(key);
        if (!value.equals(entries.put(key, value))) {
            news.accept(value);
        }
    }

    void remove(K key, Consumer<V> news) {
        listed.remove(key);
        V gone = entries.remove(key);
        if (gone != null) {
            news.accept(gone);
        }
    }

    /** A full listing begins: what does not occur until {@link #endListing} is gone. */
    void beginListing() {
        listed.clear();
    }

    void endListing(Consumer<V> news) {
        Iterator<Map.Entry<K, V>> iterator = entries.entrySet().iterator();
        while (iterator.hasNext()) {
            Map.Entry<K, V> entry = iterator.next();
            if (!listed.contains(entry.getKey())) {
                iterator.remove();
                news.accept(entry.getValue());
            }
        }
    }

    /** Identity of a {@link LinkAddress}. */
    record AddressKey(int linkIndex, InetAddress address, int prefixLength) {
        static AddressKey of(LinkAddress address) {
            return new AddressKey(address.linkIndex(), address.address(), address.prefixLength());
        }
    }
}
