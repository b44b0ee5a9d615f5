package io.spillway.control.readiness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.readiness.ProofStatus.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TunnelProofTest {
    private static final long MS = 1_000_000L;
    private static final long WAIT = 250 * MS;
    private static final int FULL = 1400;
    private final TunnelProof proof =
            new TunnelProof(ProofConfig.DEFAULT, new SplittableRandom(1), 0);
    private final List<Long> fullSentMs = new ArrayList<>();
    private boolean passesFull = true;
    private boolean passesSmall = true;
    private long nowNs;

    @Test
    void shouldBeProvenAtOnce() {
        run(10);

        assertTrue(proof.status().isProven(nowNs));
        assertEquals(FULL, proof.length());
        assertEquals(List.of(0L), fullSentMs);
    }

    @Test
    void shouldBeProvenEveryFifteenSecondsGiveOrTakeOne() {
        run(150_000);

        for (int i = 1; i < fullSentMs.size(); i++) {
            long gapMs = fullSentMs.get(i) - fullSentMs.get(i - 1);
            assertTrue(gapMs >= 13_990 && gapMs <= 16_020, () -> "gap " + gapMs);
        }
        assertTrue(fullSentMs.size() >= 10);
    }

    @Test
    void shouldHoldForTheWindowAndNotLonger() {
        run(10);
        passesFull = false;
        passesSmall = false;

        run(44_000);
        assertTrue(proof.status().isProven(nowNs));
        run(2_000);

        assertFalse(proof.status().isProven(nowNs));
        assertEquals(Outcome.ALL_LOST, proof.status().outcome());
    }

    @Test
    void shouldTellThatOnlyLargeOnesAreLost() {
        passesFull = false;

        run(10_000);

        assertFalse(proof.status().isProven(nowNs));
        assertEquals(Outcome.LARGE_LOST, proof.status().outcome());
    }

    @Test
    void shouldSayNothingBeforeThreeAreLost() {
        passesFull = false;
        passesSmall = false;

        run(600);
        assertEquals(Outcome.PENDING, proof.status().outcome());
        run(10_000);

        assertEquals(Outcome.ALL_LOST, proof.status().outcome());
        assertTrue(fullSentMs.get(2) <= 600, () -> "tries at " + fullSentMs);
    }

    @Test
    void shouldForgetWhatWasLostOnceOneComesBack() {
        passesFull = false;
        run(60_000);
        passesFull = true;

        run(16_000);

        assertTrue(proof.status().isProven(nowNs));
        assertEquals(Outcome.PENDING, proof.status().outcome());
        assertEquals(0, proof.lostCount());
    }

    @Test
    void shouldDoubtTheTunnelOnceWhenNothingCameBackForAWindow() {
        run(10);
        passesFull = false;
        passesSmall = false;
        run(59_000);
        assertFalse(proof.takeDoubt(nowNs));

        run(3_000);

        assertTrue(proof.takeDoubt(nowNs));
        assertFalse(proof.takeDoubt(nowNs));
        passesSmall = true;
        run(60_000);
        assertFalse(proof.takeDoubt(nowNs));
    }

    @Test
    void shouldNotTryMoreOftenThanTheIntervalForLong() {
        passesFull = false;

        run(300_000);

        assertTrue(fullSentMs.size() <= 300 / 15 + 6, () -> "tries " + fullSentMs);
    }

    @Test
    void shouldTakeEachReplyOnceAndNoneOfWhatWasNeverSent() {
        assertTrue(proof.poll(0));
        int sequence = proof.next(WAIT, 0);

        proof.onReply(sequence + 1, FULL, 0, 5 * MS);
        proof.onReply(-7, FULL, 0, 5 * MS);
        assertFalse(proof.status().isProven(5 * MS));
        proof.onReply(sequence, FULL, 0, 6 * MS);
        proof.onReply(sequence, FULL, 0, 40_000 * MS);

        assertEquals(6 * MS, proof.status().provenNs().orElseThrow());
    }

    @Test
    void shouldCountALateReply() {
        assertTrue(proof.poll(0));
        int sequence = proof.next(WAIT, 0);
        assertTrue(proof.poll(WAIT));
        assertEquals(1, proof.lostCount());

        proof.onReply(sequence, FULL, 0, 2 * WAIT);

        assertTrue(proof.status().isProven(2 * WAIT));
        assertEquals(0, proof.lostCount());
    }

    /** A path of 4 ms there and back, looked at every 10 ms. */
    private void run(long ms) {
        for (long endNs = nowNs + ms * MS; nowNs - endNs < 0; nowNs += 10 * MS) {
            if (!proof.poll(nowNs)) {
                continue;
            }
            if (!proof.isNextFull()) {
                int small = proof.next(0, nowNs);
                answer(passesSmall, small, 128);
            }
            fullSentMs.add(nowNs / MS);
            answer(passesFull, proof.next(WAIT, nowNs), FULL);
        }
    }

    private void answer(boolean passes, int sequence, int length) {
        if (passes) {
            proof.onReply(sequence, length, nowNs, nowNs + 4 * MS);
        }
    }
}
