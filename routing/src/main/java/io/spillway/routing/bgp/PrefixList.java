package io.spillway.routing.bgp;

import io.spillway.routing.fib.Prefix;
import java.util.List;

/**
 * Which prefixes are taken or told: the first entry that matches decides, and without one the
 * answer is no. Immutable.
 */
public record PrefixList(List<Entry> entries) {
    /** Everything but default routes. */
    public static final PrefixList ANY =
            new PrefixList(
                    List.of(
                            new Entry(Prefix.ofIpv4(0, 0), 1, Prefix.IPV4_LENGTH_MAX, true),
                            new Entry(Prefix.ofIpv6(0, 0, 0), 1, Prefix.IPV6_LENGTH_MAX, true)));

    /**
     * Matches prefixes inside {@code prefix} that are {@code lengthMin} to {@code lengthMax} long.
     */
    public record Entry(Prefix prefix, int lengthMin, int lengthMax, boolean isPermitted) {
        public Entry {
            int familyMax = prefix.isIpv4() ? Prefix.IPV4_LENGTH_MAX : Prefix.IPV6_LENGTH_MAX;
            if (lengthMin < prefix.length() || lengthMax < lengthMin || lengthMax > familyMax) {
                throw new IllegalArgumentException(
                        "lengths " + lengthMin + ".." + lengthMax + " inside " + prefix);
            }
        }

        boolean matches(boolean isIpv4, long high, long low, int length) {
            return prefix.isIpv4() == isIpv4
                    && length >= lengthMin
                    && length <= lengthMax
                    && ((high ^ prefix.high()) & mask(prefix.length())) == 0
                    && ((low ^ prefix.low()) & mask(prefix.length() - Long.SIZE)) == 0;
        }

        /** So many leading ones, none for a negative count. */
        private static long mask(int length) {
            return length <= 0 ? 0 : length >= Long.SIZE ? -1L : -1L << Long.SIZE - length;
        }
    }

    public PrefixList {
        entries = List.copyOf(entries);
    }

    boolean permits(boolean isIpv4, long high, long low, int length) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.matches(isIpv4, high, low, length)) {
                return entry.isPermitted();
            }
        }
        return false;
    }
}
