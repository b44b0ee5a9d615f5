package io.spillway.dataplane.firewall;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which rules hold for each class of one field's values. Values are of one class when the same
 * rules ask for them.
 *
 * <p>A bit for each rule, in words of 64; only words that are not 0 are kept, behind a summary with
 * a bit for each. Rules that ask nothing of the field are kept once, not in each class:
 *
 * <pre>
 *   class -> | summary 0, place of its words | summary 1, place | ... | words ...
 *   any, anySummary      the same of the rules that ask nothing, whole
 * </pre>
 *
 * <p>A class is named by where it stands. Immutable.
 */
final class RuleSets {
    private static final int WORD_BITS = Long.SIZE;

    private final long[] data;
    private final long[] any;
    private final long[] anySummary;

    private RuleSets(long[] data, long[] any) {
        this.data = data;
        this.any = any;
        anySummary = summary(any);
    }

    /** Summary words of so many rules. */
    static int summaries(int rules) {
        return Math.ceilDiv(Math.ceilDiv(rules, WORD_BITS), WORD_BITS);
    }

    /** Of words {@code 64 * index} to {@code 64 * index + 63}: may any rule there hold? */
    long summary(int of, int index) {
        return data[of + 2 * index] | anySummary[index];
    }

    /** Rules of word {@code 64 * index + bit}. */
    long word(int of, int index, int bit) {
        int at = of + 2 * index;
        long summary = data[at];
        long place = 1L << bit;
        long own =
                (summary & place) == 0
                        ? 0
                        : data[(int) data[at + 1] + Long.bitCount(summary & place - 1)];
        return own | any[WORD_BITS * index + bit];
    }

    /** Bytes. */
    long length() {
        return Long.BYTES * ((long) data.length + any.length + anySummary.length);
    }

    private static long[] summary(long[] words) {
        long[] summary = new long[Math.ceilDiv(words.length, WORD_BITS)];
        for (int i = 0; i < words.length; i++) {
            if (words[i] != 0) {
                summary[i / WORD_BITS] |= 1L << i;
            }
        }
        return summary;
    }

    /** Collects classes; equal ones are the same. */
    static final class Builder {
        private final long[] any;
        private final Map<Words, Integer> known = new HashMap<>();
        private long[] data = new long[1024];
        private int length;

        /** Summary, then the words that are not 0. */
        private record Words(long[] packed) {
            @Override
            public boolean equals(Object other) {
                return other instanceof Words them && Arrays.equals(packed, them.packed);
            }

            @Override
            public int hashCode() {
                return Arrays.hashCode(packed);
            }
        }

        /**
         * @param any a bit for each rule that asks nothing, in whole summaries' words
         */
        Builder(long[] any) {
            this.any = any;
        }

        /**
         * The class of values for which these rules hold, besides those that ask nothing.
         *
         * @param words as many as {@code any} has; not kept
         */
        int add(long[] words) {
            Words packed = new Words(packed(words));
            Integer before = known.putIfAbsent(packed, length);
            return before == null ? append(packed.packed) : before;
        }

        private static long[] packed(long[] words) {
            long[] summary = summary(words);
            int count = Arrays.stream(summary).mapToInt(Long::bitCount).sum();
            long[] packed = Arrays.copyOf(summary, summary.length + count);
            int next = summary.length;
            for (long word : words) {
                if (word != 0) {
                    packed[next++] = word;
                }
            }
            return packed;
        }

        private int append(long[] packed) {
            int summaries = any.length / WORD_BITS;
            int at = length;
            int words = at + 2 * summaries;
            int count = packed.length - summaries;
            reserve(words + count);
            System.arraycopy(packed, summaries, data, words, count);
            length = words + count;
            for (int i = 0; i < summaries; i++) {
                data[at + 2 * i] = packed[i];
                data[at + 2 * i + 1] = words;
                words += Long.bitCount(packed[i]);
            }
            return at;
        }

        private void reserve(int end) {
            if (end > data.length) {
                data = Arrays.copyOf(data, Math.max(end, data.length + data.length / 2));
            }
        }

        /** Longs so far. */
        int length() {
            return length;
        }

        RuleSets build() {
            return new RuleSets(Arrays.copyOf(data, length), any);
        }
    }
}
