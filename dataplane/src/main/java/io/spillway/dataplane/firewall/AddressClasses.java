package io.spillway.dataplane.firewall;

/**
 * Finds the class of an address. For IPv4 the upper 16 bits lead to the few boundaries that are
 * left; IPv6 addresses are searched for among all. Immutable.
 */
final class AddressClasses {
    private static final int INDEX_LENGTH = 1 << 16;
    private static final int INDEX_SHIFT = 16;
    private static final int IPV4_SHIFT = 32;
    private static final long MAPPED = ValueSet.mapped(0) >>> IPV4_SHIFT;

    private final ValueClasses classes;

    /** The last boundary that is not beyond the first address with these 16 bits. */
    private final int[] firsts = new int[INDEX_LENGTH + 1];

    AddressClasses(ValueClasses classes) {
        this.classes = classes;
        for (int i = 0; i < INDEX_LENGTH; i++) {
            long low = ValueSet.mapped(i << INDEX_SHIFT);
            firsts[i] = classes.find(0, low, i == 0 ? 0 : firsts[i - 1], classes.size());
        }
        long last = ValueSet.mapped(-1);
        firsts[INDEX_LENGTH] = classes.find(0, last, 0, classes.size());
    }

    int find(long high, long low) {
        boolean isIpv4 = high == 0 && low >>> IPV4_SHIFT == MAPPED;
        if (!isIpv4) {
            return classes.classFrom(classes.find(high, low, 0, classes.size()));
        }
        int upper = (int) (low >>> INDEX_SHIFT) & INDEX_LENGTH - 1;
        int boundary = classes.findLow(low, firsts[upper], firsts[upper + 1] + 1);
        return classes.classFrom(boundary);
    }
}
