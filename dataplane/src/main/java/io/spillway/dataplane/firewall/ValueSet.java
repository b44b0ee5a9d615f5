package io.spillway.dataplane.firewall;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Values of one field that a rule asks for: ranges of unsigned 128-bit numbers, in order, with gaps
 * between them. Immutable.
 *
 * <p>An IPv4 address is the number of its IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2), so
 * that ranges of both families lie in one set.
 */
public final class ValueSet implements Comparable<ValueSet> {
    /** Nothing is asked. */
    public static final ValueSet ANY = new ValueSet(new long[] {0, 0, -1, -1});

    public static final ValueSet NONE = new ValueSet(new long[0]);

    private static final long IPV4_MAPPED = 0xFFFF_0000_0000L;
    private static final int RANGE_LONGS = 4;

    /** First and last of each range, the upper half in front. */
    private final long[] ends;

    private ValueSet(long[] ends) {
        this.ends = ends;
    }

    /** An IPv4 address, in host order, as the lower half of its number; the upper one is 0. */
    public static long mapped(int address) {
        return IPV4_MAPPED | Integer.toUnsignedLong(address);
    }

    /** From {@code first} to {@code last}, both in it, of 64 bits unsigned. */
    public static ValueSet range(long first, long last) {
        return checked(new long[] {0, first, 0, last});
    }

    public static ValueSet of(Prefix prefix) {
        if (prefix.isIpv4()) {
            int first = prefix.address().toIpv4();
            int size =
                    prefix.length() == 0
                            ? -1
                            : (1 << (Prefix.IPV4_LENGTH_MAX - prefix.length())) - 1;
            return range(mapped(first), mapped(first | size));
        }
        long hostHigh = prefix.length() >= 64 ? 0 : -1L >>> prefix.length();
        long hostLow = prefix.length() <= 64 ? -1 : hostBits(prefix.length() - 64);
        long[] range = {
            prefix.high(), prefix.low(), prefix.high() | hostHigh, prefix.low() | hostLow
        };
        boolean hasMapped =
                compare(range[0], range[1], 0, IPV4_MAPPED) <= 0
                        && compare(range[2], range[3], 0, mapped(-1)) >= 0;
        return hasMapped ? withoutIpv4(range) : new ValueSet(range);
    }

    private static ValueSet withoutIpv4(long[] range) {
        ValueSet others =
                new ValueSet(new long[] {0, 0, 0, IPV4_MAPPED - 1, 0, mapped(-1) + 1, -1, -1});
        return new ValueSet(range).and(others);
    }

    private static long hostBits(int length) {
        return length == 64 ? 0 : -1L >>> length;
    }

    /**
     * @throws IllegalArgumentException when they are of different families, or the first is beyond
     *     the last
     */
    public static ValueSet between(IpAddress first, IpAddress last) {
        if (first.isIpv4() != last.isIpv4()) {
            throw new IllegalArgumentException(first + " and " + last + " are of two families");
        }
        return first.isIpv4()
                ? range(mapped(first.toIpv4()), mapped(last.toIpv4()))
                : checked(new long[] {first.high(), first.low(), last.high(), last.low()});
    }

    private static ValueSet checked(long[] range) {
        if (compare(range[0], range[1], range[2], range[3]) > 0) {
            throw new IllegalArgumentException("the first is beyond the last");
        }
        return new ValueSet(range);
    }

    /** What is in any of them. */
    public static ValueSet anyOf(Collection<ValueSet> sets) {
        List<long[]> ranges = new ArrayList<>();
        for (ValueSet set : sets) {
            for (int i = 0; i < set.size(); i++) {
                ranges.add(Arrays.copyOfRange(set.ends, RANGE_LONGS * i, RANGE_LONGS * (i + 1)));
            }
        }
        ranges.sort((a, b) -> compare(a[0], a[1], b[0], b[1]));
        long[] merged = new long[RANGE_LONGS * ranges.size()];
        int count = 0;
        for (long[] range : ranges) {
            if (count > 0 && isJoined(merged, RANGE_LONGS * (count - 1), range)) {
                extend(merged, RANGE_LONGS * (count - 1), range);
            } else {
                System.arraycopy(range, 0, merged, RANGE_LONGS * count++, RANGE_LONGS);
            }
        }
        return new ValueSet(Arrays.copyOf(merged, RANGE_LONGS * count));
    }

    /** Whether the range begins in the one at {@code at}, or right behind it. */
    private static boolean isJoined(long[] merged, int at, long[] range) {
        long nextLow = merged[at + 3] + 1;
        long nextHigh = merged[at + 2] + (nextLow == 0 ? 1 : 0);
        boolean isLast = (nextLow | nextHigh) == 0;
        return isLast || compare(range[0], range[1], nextHigh, nextLow) <= 0;
    }

    private static void extend(long[] merged, int at, long[] range) {
        if (compare(range[2], range[3], merged[at + 2], merged[at + 3]) > 0) {
            merged[at + 2] = range[2];
            merged[at + 3] = range[3];
        }
    }

    /** What is in both. */
    public ValueSet and(ValueSet other) {
        long[] both = new long[ends.length + other.ends.length];
        int length = 0;
        int own = 0;
        int their = 0;
        while (own < ends.length && their < other.ends.length) {
            boolean isOwnFirst =
                    compare(ends[own], ends[own + 1], other.ends[their], other.ends[their + 1]) > 0;
            long[] later = isOwnFirst ? ends : other.ends;
            int from = isOwnFirst ? own : their;
            boolean isOwnShorter =
                    compare(
                                    ends[own + 2],
                                    ends[own + 3],
                                    other.ends[their + 2],
                                    other.ends[their + 3])
                            < 0;
            long[] sooner = isOwnShorter ? ends : other.ends;
            int to = isOwnShorter ? own : their;
            if (compare(later[from], later[from + 1], sooner[to + 2], sooner[to + 3]) <= 0) {
                both[length++] = later[from];
                both[length++] = later[from + 1];
                both[length++] = sooner[to + 2];
                both[length++] = sooner[to + 3];
            }
            if (isOwnShorter) {
                own += RANGE_LONGS;
            } else {
                their += RANGE_LONGS;
            }
        }
        return new ValueSet(Arrays.copyOf(both, length));
    }

    /** What is in this one alone. */
    public ValueSet without(ValueSet other) {
        return and(other.complement());
    }

    private ValueSet complement() {
        long[] gaps = new long[ends.length + RANGE_LONGS];
        int length = 0;
        long high = 0; // where the next gap begins
        long low = 0;
        boolean isPastLast = false;
        for (int i = 0; i < size(); i++) {
            if (firstHigh(i) != high || firstLow(i) != low) {
                gaps[length++] = high;
                gaps[length++] = low;
                gaps[length++] = firstHigh(i) - (firstLow(i) == 0 ? 1 : 0);
                gaps[length++] = firstLow(i) - 1;
            }
            low = lastLow(i) + 1;
            high = lastHigh(i) + (low == 0 ? 1 : 0);
            isPastLast = (high | low) == 0;
        }
        if (!isPastLast) {
            gaps[length++] = high;
            gaps[length++] = low;
            gaps[length++] = -1;
            gaps[length++] = -1;
        }
        return new ValueSet(Arrays.copyOf(gaps, length));
    }

    /** Whether any value is in both. */
    boolean meets(ValueSet other) {
        int own = 0;
        int their = 0;
        while (own < ends.length && their < other.ends.length) {
            if (compare(ends[own + 2], ends[own + 3], other.ends[their], other.ends[their + 1])
                    < 0) {
                own += RANGE_LONGS;
            } else if (compare(
                            other.ends[their + 2], other.ends[their + 3], ends[own], ends[own + 1])
                    < 0) {
                their += RANGE_LONGS;
            } else {
                return true;
            }
        }
        return false;
    }

    public boolean isAny() {
        return size() == 1 && (ends[0] | ends[1]) == 0 && (ends[2] & ends[3]) == -1;
    }

    public boolean isEmpty() {
        return ends.length == 0;
    }

    /** Ranges. */
    int size() {
        return ends.length / RANGE_LONGS;
    }

    long firstHigh(int range) {
        return ends[RANGE_LONGS * range];
    }

    long firstLow(int range) {
        return ends[RANGE_LONGS * range + 1];
    }

    long lastHigh(int range) {
        return ends[RANGE_LONGS * range + 2];
    }

    long lastLow(int range) {
        return ends[RANGE_LONGS * range + 3];
    }

    public boolean contains(long high, long low) {
        int from = 0;
        int to = size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (compare(high, low, lastHigh(middle), lastLow(middle)) > 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from < size() && compare(high, low, firstHigh(from), firstLow(from)) >= 0;
    }

    /** By where they begin, then by where that range ends. */
    @Override
    public int compareTo(ValueSet other) {
        for (int i = 0; i < Math.min(ends.length, other.ends.length); i++) {
            int order = Long.compareUnsigned(ends[i], other.ends[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(ends.length, other.ends.length);
    }

    /** Unsigned, the upper half first. */
    static int compare(long high, long low, long otherHigh, long otherLow) {
        int order = Long.compareUnsigned(high, otherHigh);
        return order == 0 ? Long.compareUnsigned(low, otherLow) : order;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ValueSet set && Arrays.equals(ends, set.ends);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ends);
    }
}
