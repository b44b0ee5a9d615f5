package io.spillway.crypto.record;

/**
 * Which of the latest {@value #LENGTH} sequence numbers of an epoch were seen (RFC 6347 §4.1.2.6).
 * Owned by its {@link RecordOpener}.
 *
 * <pre>
 * bit s % 64 of word (s / 64) % 64 is set: s was seen
 *
 *        highest - 2047                          highest
 * -------[---------------------------------------]------
 *  stale  known: fresh or seen                    fresh
 * </pre>
 *
 * <p>A word is cleared when {@code highest} enters it (RFC 6479 §3). Twice the words that the
 * window needs, so that a word in use is never shared with one just entered, and a mask finds a
 * word.
 */
public final class ReplayWindow {
    /** GSO bursts reorder by dozens of records a flow; 64 would be too few (DESIGN §4). */
    public static final int LENGTH = 2048;

    private static final int WORD_BITS = 6;
    private static final int WORD_COUNT = 2 * LENGTH >>> WORD_BITS;

    private final long[] words = new long[WORD_COUNT];
    private long highest = -1;

    /** Whether the sequence number was not seen and is not too old to know. Changes nothing. */
    public boolean isFresh(long sequence) {
        if (sequence > highest) {
            return true;
        }
        return highest - sequence < LENGTH && (words[indexOf(sequence)] >>> sequence & 1) == 0;
    }

    /** Marks a fresh sequence number as seen: only after its record was authenticated. */
    public void advance(long sequence) {
        assert isFresh(sequence);
        if (sequence > highest) {
            if (wordOf(sequence) != wordOf(highest)) {
                clearUpTo(wordOf(sequence));
            }
            highest = sequence;
        }
        words[indexOf(sequence)] |= 1L << sequence;
    }

    private void clearUpTo(long last) {
        long entered = wordOf(highest) + 1;
        for (long word = Math.max(entered, last - WORD_COUNT + 1); word <= last; word++) {
            words[(int) word & WORD_COUNT - 1] = 0;
        }
    }

    /** -1 before the first. */
    private static long wordOf(long sequence) {
        return sequence >> WORD_BITS;
    }

    private static int indexOf(long sequence) {
        return (int) wordOf(sequence) & WORD_COUNT - 1;
    }
}
