package io.spillway.dataplane.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ModerationTest {
    private static final long INTERVAL_NS = 20_000;
    private static final long MARGIN_NS = 50_000;

    private final Moderation moderation = new Moderation();
    private long nowNs = 7_000_000;

    @Test
    void shouldRestInAStream() {
        stream(Moderation.CYCLES_MIN - 1, 1, 0);
        assertEquals(0, moderation.restNs());

        stream(1, 1, 0);
        assertTrue(moderation.restNs() > 0);
    }

    @Test
    void shouldRestForSomePackets() {
        stream(4 * Moderation.CYCLES_MIN, 1, 0);

        long wantedNs = Moderation.PACKETS_PER_REST * INTERVAL_NS;
        assertEquals(wantedNs, moderation.restNs(), MARGIN_NS);
    }

    @Test
    void shouldRestLessInAFastStreamAndNeverLong() {
        stream(4 * Moderation.CYCLES_MIN, 64, 0);
        assertEquals(Moderation.REST_MIN_NS, moderation.restNs());

        for (int i = 0; i < 4 * Moderation.CYCLES_MIN; i++) {
            nowNs += Moderation.INTERVAL_MAX_NS - 1;
            moderation.note(1, 0, nowNs);
        }
        assertEquals(Moderation.REST_MAX_NS, moderation.restNs());
    }

    @Test
    void shouldGoOnRestingAtThePaceOfItsRests() {
        stream(Moderation.CYCLES_MIN, 0, 1);

        nowNs += 3 * Moderation.REST_MAX_NS;
        moderation.note(0, 6, nowNs);

        assertTrue(moderation.restNs() > 0);
    }

    @Test
    void shouldNotDelayQuestionsAndAnswers() {
        for (int i = 0; i < 10 * Moderation.CYCLES_MIN; i++) {
            stream(1, 1, 0);
            stream(1, 0, 1);
            assertEquals(0, moderation.restNs());
        }
    }

    /** Also where one side sends several packets for each of the other's. */
    @Test
    void shouldNotDelayAcknowledgedStreams() {
        for (int i = 0; i < 10 * Moderation.CYCLES_MIN; i++) {
            stream(Moderation.SETBACK, 1, 0);
            stream(1, 0, 1);
            assertEquals(0, moderation.restNs());
        }
    }

    @Test
    void shouldNotDelaySparsePackets() {
        for (int i = 0; i < 10 * Moderation.CYCLES_MIN; i++) {
            nowNs += Moderation.INTERVAL_MAX_NS;
            moderation.note(1, 0, nowNs);
        }

        assertEquals(0, moderation.restNs());
    }

    @Test
    void shouldEndWithThePauseOfTheStream() {
        stream(Moderation.CYCLES_MIN, 1, 0);

        nowNs += Moderation.INTERVAL_MAX_NS + 4 * Moderation.REST_MAX_NS;
        moderation.note(1, 0, nowNs);

        assertEquals(0, moderation.restNs());
    }

    @Test
    void shouldSleepAfterLooksThatFoundNothing() {
        stream(Moderation.CYCLES_MIN, 1, 0);

        stream(Moderation.EMPTY_LOOKS_MAX, 0, 0);
        assertTrue(moderation.restNs() > 0);

        stream(1, 0, 0);
        assertEquals(0, moderation.restNs());
    }

    @Test
    void shouldAnswerAtOnceThenRestAgainSoonAfterAProbeAgainstTheStream() {
        stream(Moderation.CYCLES_MIN, 1, 0);

        stream(1, 1, 1);
        assertEquals(0, moderation.restNs());

        stream(Moderation.SETBACK, 1, 0);
        assertTrue(moderation.restNs() > 0);
    }

    private void stream(int cycles, int lan, int wan) {
        for (int i = 0; i < cycles; i++) {
            nowNs += INTERVAL_NS;
            moderation.note(lan, wan, nowNs);
        }
    }
}
