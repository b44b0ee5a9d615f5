package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Which sites have a route in force for a prefix, the lowest ID first. Owned by control, through
 * {@link Rib}.
 */
final class SiteOwners {
    private final PrefixMap<long[]> owners = new PrefixMap<>();
    private final Consumer<Prefix> changed;

    /**
     * @param changed told of each prefix that has other owners now
     */
    SiteOwners(Consumer<Prefix> changed) {
        this.changed = changed;
    }

    /** What one site has in force was {@code before} and is {@code after}. */
    void shift(long[] site, PrefixSet before, PrefixSet after) {
        for (Prefix prefix : before.without(after)) {
            remove(prefix, site[0]);
            changed.accept(prefix);
        }
        for (Prefix prefix : after.without(before)) {
            long[] others = owners.get(prefix);
            owners.put(prefix, others == null ? site : with(others, site));
            changed.accept(prefix);
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

    private void remove(Prefix prefix, long siteId) {
        long[] ids = owners.get(prefix);
        if (ids != null && ids.length > 1) {
            owners.put(prefix, Arrays.stream(ids).filter(id -> id != siteId).toArray());
        } else {
            owners.remove(prefix);
        }
    }

    /** The lowest site ID; 0 = none. */
    long first(Prefix prefix) {
        long[] ids = owners.get(prefix);
        return ids == null ? 0 : ids[0];
    }

    /** Every prefix that a site has in force. */
    void forEach(Consumer<Prefix> consumer) {
        owners.forEachPrefix(consumer);
    }
}
