package io.spillway.dataplane.firewall;

import java.util.Arrays;
import java.util.List;

/**
 * Parts one field's values into classes, and says which rules hold for each. Made once for a
 * policy, by a sweep over the ends of all ranges; a value's class is that of the last boundary that
 * is not beyond it. Immutable.
 */
final class ValueClasses {
    private static final long BOUNDARY_LENGTH = 2 * Long.BYTES + Integer.BYTES;

    private final long[] highs;
    private final long[] lows;
    private final int[] classes;
    private final RuleSets rules;

    private ValueClasses(long[] highs, long[] lows, int[] classes, RuleSets rules) {
        this.highs = highs;
        this.lows = lows;
        this.classes = classes;
        this.rules = rules;
    }

    /**
     * @param sets what each rule asks, in the rules' order
     * @param lengthMax longs that the classes may take
     * @throws PolicyTooLargeException when they do not suffice
     */
    static ValueClasses of(List<ValueSet> sets, int lengthMax) throws PolicyTooLargeException {
        int words = Long.SIZE * RuleSets.summaries(sets.size());
        long[] any = new long[words];
        int ranges = 0;
        for (int rule = 0; rule < sets.size(); rule++) {
            if (sets.get(rule).isAny()) {
                any[rule / Long.SIZE] |= 1L << rule;
            } else {
                ranges += sets.get(rule).size();
            }
        }
        Ends ends = new Ends(2 * ranges);
        for (int rule = 0; rule < sets.size(); rule++) {
            if (!sets.get(rule).isAny()) {
                ends.add(rule, sets.get(rule));
            }
        }
        return ends.sweep(new RuleSets.Builder(any), words, lengthMax);
    }

    RuleSets rules() {
        return rules;
    }

    /** Boundaries. The first is 0. */
    int size() {
        return classes.length;
    }

    long high(int boundary) {
        return highs[boundary];
    }

    long low(int boundary) {
        return lows[boundary];
    }

    /** Of values from the boundary to the next. */
    int classFrom(int boundary) {
        return classes[boundary];
    }

    /**
     * As {@link #find(long, long, int, int)} for values below 2^63, without branches that nobody
     * can foresee.
     */
    int findLow(long value, int from, int to) {
        long[] ends = lows;
        int first = from;
        for (int left = to - from; left > 1; ) {
            int half = left >>> 1;
            first += half & (int) ~(value - ends[first + half] >> Long.SIZE - 1);
            left -= half;
        }
        return first;
    }

    /** The last boundary from {@code from} to before {@code to} that is not beyond the value. */
    int find(long high, long low, int from, int to) {
        int first = from;
        int end = to;
        while (end - first > 1) {
            int middle = (first + end) >>> 1;
            if (ValueSet.compare(highs[middle], lows[middle], high, low) <= 0) {
                first = middle;
            } else {
                end = middle;
            }
        }
        return first;
    }

    /** Bytes. */
    long length() {
        return BOUNDARY_LENGTH * classes.length + rules.length();
    }

    /** Where ranges begin, and where those behind them do. */
    private static final class Ends {
        private final Integer[] order;
        private final long[] highs;
        private final long[] lows;
        private final int[] rules; // complement: it ends
        private int count;

        Ends(int capacity) {
            order = new Integer[capacity];
            highs = new long[capacity];
            lows = new long[capacity];
            rules = new int[capacity];
        }

        void add(int rule, ValueSet set) {
            for (int i = 0; i < set.size(); i++) {
                add(rule, set.firstHigh(i), set.firstLow(i));
                long low = set.lastLow(i) + 1;
                long high = set.lastHigh(i) + (low == 0 ? 1 : 0);
                if ((high | low) != 0) { // else it goes on to the last value there is
                    add(~rule, high, low);
                }
            }
        }

        private void add(int rule, long high, long low) {
            order[count] = count;
            highs[count] = high;
            lows[count] = low;
            rules[count++] = rule;
        }

        ValueClasses sweep(RuleSets.Builder builder, int words, int lengthMax)
                throws PolicyTooLargeException {
            Arrays.sort(order, 0, count, this::compare);
            long[] active = new long[words];
            long[] foundHighs = new long[count + 1];
            long[] foundLows = new long[count + 1];
            int[] classes = new int[count + 1];
            classes[0] = builder.add(active);
            int last = 0;
            for (int at = 0; at < count; ) {
                long high = highs[order[at]];
                long low = lows[order[at]];
                for (; at < count && isAt(order[at], high, low); at++) {
                    toggle(active, rules[order[at]]);
                }
                int here = builder.add(active);
                if (builder.length() > lengthMax) {
                    throw new PolicyTooLargeException();
                }
                if ((high | low) == 0) {
                    classes[0] = here;
                } else if (here != classes[last]) {
                    last++;
                    foundHighs[last] = high;
                    foundLows[last] = low;
                    classes[last] = here;
                }
            }
            return new ValueClasses(
                    Arrays.copyOf(foundHighs, last + 1),
                    Arrays.copyOf(foundLows, last + 1),
                    Arrays.copyOf(classes, last + 1),
                    builder.build());
        }

        private int compare(int one, int other) {
            return ValueSet.compare(highs[one], lows[one], highs[other], lows[other]);
        }

        private boolean isAt(int end, long high, long low) {
            return highs[end] == high && lows[end] == low;
        }

        private static void toggle(long[] active, int rule) {
            int of = rule < 0 ? ~rule : rule;
            active[of / Long.SIZE] ^= 1L << of;
        }
    }
}
