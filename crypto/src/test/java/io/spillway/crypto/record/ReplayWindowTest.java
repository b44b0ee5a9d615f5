package io.spillway.crypto.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    private static final int ROUNDS = RecordTraffic.isLong() ? 2_000 : 100;
    private static final int STEPS = 20_000;

    private final ReplayWindow window = new ReplayWindow();

    @Test
    void shouldAcceptAnyFirstSequenceNumber() {
        assertTrue(window.isFresh(0));
        assertTrue(window.isFresh(RecordHeader.SEQUENCE_MAX));
    }

    @Test
    void shouldNotChangeByAsking() {
        window.advance(10);

        window.isFresh(1_000_000);

        assertTrue(window.isFresh(9));
        assertFalse(window.isFresh(10));
    }

    @Test
    void shouldKnowExactly2048SequenceNumbers() {
        window.advance(65_536);
        window.advance(65_536 + 2047);
        assertFalse(window.isFresh(65_536), "seen");
        assertTrue(window.isFresh(65_537));

        window.advance(65_536 + 2048);

        assertFalse(window.isFresh(65_536), "too old");
        assertTrue(window.isFresh(65_537), "the oldest known");
    }

    @Test
    void shouldForgetEverythingAfterAGreatLeap() {
        for (int sequence = 0; sequence < 5000; sequence++) {
            window.advance(sequence);
        }

        window.advance(RecordHeader.SEQUENCE_MAX);

        for (int distance = 1; distance < ReplayWindow.LENGTH; distance++) {
            assertTrue(window.isFresh(RecordHeader.SEQUENCE_MAX - distance));
        }
        assertFalse(window.isFresh(RecordHeader.SEQUENCE_MAX - ReplayWindow.LENGTH));
        assertFalse(window.isFresh(4999));
    }

    @Test
    void shouldDecideAsItsSlowTwin() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            compareWithTwin(random, "seed " + seed + " round " + round);
        }
    }

    private static void compareWithTwin(SplittableRandom random, String where) {
        ReplayWindow window = new ReplayWindow();
        SlowWindow twin = new SlowWindow();
        long base = random.nextLong(1L << 20);
        for (int step = 0; step < STEPS; step++) {
            base += random.nextInt(100) == 0 ? random.nextInt(6000) : random.nextInt(3);
            long sequence = Math.max(0, base - random.nextInt(random.nextBoolean() ? 80 : 3000));

            boolean isFresh = window.isFresh(sequence);

            assertEquals(twin.isFresh(sequence), isFresh, where + " sequence " + sequence);
            if (isFresh && random.nextInt(10) > 0) {
                window.advance(sequence);
                twin.advance(sequence);
            }
        }
    }

    /** Remembers everything. */
    private static final class SlowWindow {
        private final Set<Long> seen = new HashSet<>();
        private long highest = -1;

        boolean isFresh(long sequence) {
            return sequence > highest - 2048 && !seen.contains(sequence);
        }

        void advance(long sequence) {
            seen.add(sequence);
            highest = Math.max(highest, sequence);
        }
    }
}
