package io.spillway.dataplane.firewall;

import java.util.Map;
import org.agrona.collections.Long2LongHashMap;

/**
 * Which site it is that a policy's rules name by a number of their own. Sites come and go and are
 * given other names, while the rules stay as they are. Immutable.
 */
public final class NamedSites {
    public static final NamedSites NONE = new NamedSites(Map.of());

    /** No rule names it. */
    static final int UNNAMED = 0;

    private final Long2LongHashMap numbers = new Long2LongHashMap(UNNAMED);

    /**
     * @param numbers from 1 to 65535, by site ID
     */
    public NamedSites(Map<Long, Integer> numbers) {
        numbers.forEach((siteId, number) -> this.numbers.put(siteId.longValue(), (long) number));
    }

    int number(long siteId) {
        return (int) numbers.get(siteId);
    }
}
