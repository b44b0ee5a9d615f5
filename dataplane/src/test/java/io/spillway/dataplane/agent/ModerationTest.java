package io.spillway.dataplane.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ModerationTest {
    private static final long INTERVAL_NS = 50_000;

    private final Moderation moderation = new Moderation();
    private long nowNs = 7;

    @Test
    void shouldRestOnceForEachCycleOfAStream() {
        stream(1 + Moderation.CYCLES_MIN, 1, 0);

        assertEquals(Moderation.REST_NS, moderation.takeRestNs());
        assertEquals(0, moderation.takeRestNs());
    }

    @Test
    void shouldGoOnRestingAtThePaceOfItsRests() {
        stream(1 + Moderation.CYCLES_MIN, 0, 1);
        moderation.takeRestNs();

        nowNs += 3 * Moderation.REST_NS;
        moderation.note(0, 6, nowNs);

        assertEquals(Moderation.REST_NS, moderation.takeRestNs());
    }

    @Test
    void shouldNotDelayQuestionsAndAnswers() {
        for (int i = 0; i < 10 * Moderation.CYCLES_MIN; i++) {
            stream(1, 1, 0);
            stream(1, 0, 1);
        }

        assertEquals(0, moderation.takeRestNs());
    }

    @Test
    void shouldNotDelaySparsePackets() {
        for (int i = 0; i < 10 * Moderation.CYCLES_MIN; i++) {
            nowNs += Moderation.INTERVAL_MAX_NS;
            moderation.note(1, 0, nowNs);
        }

        assertEquals(0, moderation.takeRestNs());
    }

    @Test
    void shouldEndWithThePauseOfTheStream() {
        stream(1 + Moderation.CYCLES_MIN, 1, 0);
        moderation.takeRestNs();

        nowNs += Moderation.INTERVAL_MAX_NS + 4 * Moderation.REST_NS;
        moderation.note(1, 0, nowNs);

        assertEquals(0, moderation.takeRestNs());
    }

    @Test
    void shouldEndWithAPacketOfTheOtherSide() {
        stream(1 + Moderation.CYCLES_MIN, 1, 0);

        stream(1, 1, 1);

        assertEquals(0, moderation.takeRestNs());
    }

    private void stream(int cycles, int lan, int wan) {
        for (int i = 0; i < cycles; i++) {
            nowNs += INTERVAL_NS;
            moderation.note(lan, wan, nowNs);
        }
    }
}
