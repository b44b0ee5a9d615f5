package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;

/**
 * Numbers prefixes of both families: a number (slot) stays while its prefix is there, and is used
 * again afterwards; that of an IPv4 prefix is even, of an IPv6 one odd. What is kept of a prefix
 * lies in {@link SlotValues}, so that one search finds all of it. Not thread safe.
 */
final class PrefixSlots {
    static final int NONE = PrefixTable.NONE;

    private final PrefixTable ipv4 = new PrefixTable(true);
    private final PrefixTable ipv6 = new PrefixTable(false);

    /** The slot, or NONE. */
    int find(Prefix prefix) {
        PrefixTable table = prefix.isIpv4() ? ipv4 : ipv6;
        int index = table.find(prefix.high(), prefix.low(), prefix.length());
        return index == NONE ? NONE : slot(prefix, index);
    }

    /** The prefix's slot, a new one if it has none. */
    int add(Prefix prefix) {
        PrefixTable table = prefix.isIpv4() ? ipv4 : ipv6;
        return slot(prefix, table.add(prefix.high(), prefix.low(), prefix.length()));
    }

    private static int slot(Prefix prefix, int index) {
        return index << 1 | (prefix.isIpv4() ? 0 : 1);
    }

    /** Of a slot that is in use. */
    Prefix prefix(int slot) {
        boolean isIpv4 = isIpv4(slot);
        PrefixTable table = isIpv4 ? ipv4 : ipv6;
        int index = slot >>> 1;
        return new Prefix(isIpv4, table.high(index), table.low(index), table.length(index));
    }

    /** Its number may be another prefix's from now on. */
    void remove(int slot) {
        (isIpv4(slot) ? ipv4 : ipv6).remove(slot >>> 1);
    }

    private static boolean isIpv4(int slot) {
        return (slot & 1) == 0;
    }

    /** Prefixes there are. */
    int size() {
        return ipv4.size() + ipv6.size();
    }

    /** Every slot is below. */
    int end() {
        return 2 * Math.max(ipv4.slotEnd(), ipv6.slotEnd());
    }
}
