package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Prefixes in order, each once; immutable. Takes 9 bytes for an IPv4 prefix and 17 for an IPv6 one,
 * so that a site's whole table may be kept, pinned and compared. Thread safe.
 */
public final class PrefixSet extends AbstractSet<Prefix> {
    public static final PrefixSet EMPTY = new PrefixSet(new long[0], new long[0], new byte[0]);

    private final long[] highs;
    private final long[] lows; // of the IPv6 prefixes only, which come last
    private final byte[] lengths;
    private final int ipv4Count;

    private PrefixSet(long[] highs, long[] lows, byte[] lengths) {
        this.highs = highs;
        this.lows = lows;
        this.lengths = lengths;
        ipv4Count = highs.length - lows.length;
    }

    /** Of prefixes in any order, also several times the same. */
    public static PrefixSet of(Collection<Prefix> prefixes) {
        if (prefixes instanceof PrefixSet set) {
            return set;
        }
        Builder builder = new Builder();
        prefixes.stream().sorted().distinct().forEach(builder::add);
        return builder.build();
    }

    @Override
    public int size() {
        return highs.length;
    }

    /** Those of IPv4 have the indexes below. */
    public int ipv4Count() {
        return ipv4Count;
    }

    public boolean isIpv4(int index) {
        return index < ipv4Count;
    }

    /** As {@link Prefix#high}. */
    public long high(int index) {
        return highs[index];
    }

    /** As {@link Prefix#low}. */
    public long low(int index) {
        return index < ipv4Count ? 0 : lows[index - ipv4Count];
    }

    /** As {@link Prefix#length}. */
    public int length(int index) {
        return Byte.toUnsignedInt(lengths[index]);
    }

    public Prefix get(int index) {
        return new Prefix(isIpv4(index), high(index), low(index), length(index));
    }

    @Override
    public boolean contains(Object other) {
        if (!(other instanceof Prefix prefix)) {
            return false;
        }
        int index = firstFrom(prefix);
        return index < size() && compare(index, prefix) == 0;
    }

    /** Index of the first that is not before {@code prefix}, which need not be one of them. */
    public int firstFrom(Prefix prefix) {
        return firstFrom(prefix, 0);
    }

    /** Index behind the last that {@code network} contains. */
    public int endOf(Prefix network) {
        int low = firstFrom(network);
        int high = size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (network.contains(get(middle))) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int firstFrom(Prefix prefix, int start) {
        int low = start;
        int high = size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (compare(middle, prefix) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int compare(int index, Prefix prefix) {
        if (isIpv4(index) != prefix.isIpv4()) {
            return isIpv4(index) ? -1 : 1;
        }
        return compare(index, prefix.high(), prefix.low(), prefix.length());
    }

    private int compare(int index, PrefixSet other, int otherIndex) {
        if (isIpv4(index) != other.isIpv4(otherIndex)) {
            return isIpv4(index) ? -1 : 1;
        }
        return compare(
                index, other.high(otherIndex), other.low(otherIndex), other.length(otherIndex));
    }

    private int compare(int index, long high, long low, int length) {
        int order = Long.compareUnsigned(highs[index], high);
        if (order == 0) {
            order = Long.compareUnsigned(low(index), low);
        }
        return order != 0 ? order : Integer.compare(length(index), length);
    }

    /** A prefix in both is announced. What is between the changes is copied in one piece. */
    public PrefixSet with(PrefixSet withdrawn, PrefixSet announced) {
        Builder result = new Builder(size() + announced.size());
        int index = 0;
        int gone = 0;
        int come = 0;
        while (gone < withdrawn.size() || come < announced.size()) {
            boolean isGone =
                    come == announced.size()
                            || gone < withdrawn.size()
                                    && withdrawn.compare(gone, announced, come) < 0;
            Prefix changed = isGone ? withdrawn.get(gone++) : announced.get(come++);
            int end = firstFrom(changed, index);
            result.addAll(this, index, end);
            index = end < size() && compare(end, changed) == 0 ? end + 1 : end;
            if (!isGone) {
                result.add(changed);
                boolean isWithdrawnToo =
                        gone < withdrawn.size() && withdrawn.compare(gone, changed) == 0;
                gone += isWithdrawnToo ? 1 : 0;
            }
        }
        result.addAll(this, index, size());
        return result.build();
    }

    /** Those that are not in {@code other}. */
    public PrefixSet without(PrefixSet other) {
        if (other == this) {
            return EMPTY;
        }
        if (other.size() == 0) {
            return this;
        }
        Builder result = new Builder();
        int index = 0;
        int otherIndex = 0;
        while (index < size() && otherIndex < other.size()) {
            int order = compare(index, other, otherIndex);
            if (order < 0) {
                result.addAll(this, index, index + 1);
            }
            index += order <= 0 ? 1 : 0;
            otherIndex += order >= 0 ? 1 : 0;
        }
        result.addAll(this, index, size());
        return result.build();
    }

    /** At most so many. */
    public PrefixSet first(int count) {
        if (count >= size()) {
            return this;
        }
        Builder result = new Builder(count);
        result.addAll(this, 0, count);
        return result.build();
    }

    @Override
    public Iterator<Prefix> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < size();
            }

            @Override
            public Prefix next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return get(next++);
            }
        };
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof PrefixSet set)) {
            return super.equals(other);
        }
        return set == this
                || Arrays.equals(highs, set.highs)
                        && Arrays.equals(lows, set.lows)
                        && Arrays.equals(lengths, set.lengths);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** Collects prefixes; cheap where they come in order. Not thread safe. */
    public static final class Builder {
        private static final int CAPACITY_MIN = 16;

        private long[] highs;
        private long[] lows = new long[0];
        private byte[] lengths;
        private int ipv4Count;
        private int ipv6Count;

        public Builder() {
            this(CAPACITY_MIN);
        }

        private Builder(int capacity) {
            highs = new long[capacity];
            lengths = new byte[capacity];
        }

        public int size() {
            return ipv4Count + ipv6Count;
        }

        /**
         * Returns whether it was added: false when it does not come after what was added before.
         */
        public boolean add(Prefix prefix) {
            return add(prefix.isIpv4(), prefix.high(), prefix.low(), prefix.length());
        }

        /** The same of a prefix's parts, which are valid. */
        public boolean add(boolean isIpv4, long high, long low, int length) {
            if (!isAfterLast(isIpv4, high, low, length)) {
                return false;
            }
            reserve(1, isIpv4 ? 0 : 1);
            highs[size()] = high;
            lengths[size()] = (byte) length;
            if (isIpv4) {
                ipv4Count++;
            } else {
                lows[ipv6Count++] = low;
            }
            return true;
        }

        private boolean isAfterLast(boolean isIpv4, long high, long low, int length) {
            int last = size() - 1;
            if (last < 0 || !isIpv4 && ipv6Count == 0) {
                return true;
            }
            if (isIpv4 && ipv6Count > 0) {
                return false;
            }
            int order = Long.compareUnsigned(highs[last], high);
            if (order == 0 && !isIpv4) {
                order = Long.compareUnsigned(lows[ipv6Count - 1], low);
            }
            return order != 0 ? order < 0 : Byte.toUnsignedInt(lengths[last]) < length;
        }

        /** A piece of a set that comes after what was added before. */
        private void addAll(PrefixSet set, int start, int end) {
            int ipv4End = Math.min(end, set.ipv4Count);
            int ipv6Start = Math.max(start, set.ipv4Count);
            int more6 = Math.max(0, end - ipv6Start);
            reserve(end - start, more6);
            System.arraycopy(set.highs, start, highs, size(), end - start);
            System.arraycopy(set.lengths, start, lengths, size(), end - start);
            System.arraycopy(
                    set.lows, more6 == 0 ? 0 : ipv6Start - set.ipv4Count, lows, ipv6Count, more6);
            ipv4Count += Math.max(0, ipv4End - start);
            ipv6Count += more6;
        }

        private void reserve(int more, int more6) {
            if (size() + more > highs.length) {
                int capacity = Math.max(size() + more, highs.length + (highs.length >> 1));
                highs = Arrays.copyOf(highs, Math.max(capacity, CAPACITY_MIN));
                lengths = Arrays.copyOf(lengths, highs.length);
            }
            if (ipv6Count + more6 > lows.length) {
                int capacity = Math.max(ipv6Count + more6, lows.length + (lows.length >> 1));
                lows = Arrays.copyOf(lows, Math.max(capacity, CAPACITY_MIN));
            }
        }

        public PrefixSet build() {
            return size() == 0
                    ? EMPTY
                    : new PrefixSet(
                            Arrays.copyOf(highs, size()),
                            Arrays.copyOf(lows, ipv6Count),
                            Arrays.copyOf(lengths, size()));
        }
    }
}
