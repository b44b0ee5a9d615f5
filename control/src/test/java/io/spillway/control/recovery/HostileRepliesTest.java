package io.spillway.control.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * X15: the incumbent crashed in its round-trip measurement. Whatever replies come, in whatever
 * order, as often and from whatever time, figures stay figures.
 */
class HostileRepliesTest {
    private static final long MS = 1_000_000L;
    private static final int SEEDS = 200;
    private static final int STEPS = 5_000;
    private static final double HOSTILE = 0.5;

    @Test
    void shouldMeasureSomethingSaneWhateverRepliesComeX15() {
        for (long seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long nowNs = random.nextLong();
            Liveness tunnel = new Liveness(new ProbeBeat(random.nextLong(), 2, true), nowNs);
            List<Long> sent = new ArrayList<>(List.of(0L));
            for (int step = 0; step < STEPS; step++) {
                nowNs += random.nextLong(40 * MS);
                step(tunnel, sent, random, nowNs);
                check(tunnel, nowNs, "seed " + seed + ", step " + step);
            }
        }
    }

    private static void step(
            Liveness tunnel, List<Long> sent, SplittableRandom random, long nowNs) {
        switch (random.nextInt(8)) {
            case 0 -> tunnel.watch((1 + random.nextInt(1_000)) * MS, nowNs);
            case 1 -> tunnel.idle(nowNs);
            case 2 -> tunnel.onError(nowNs);
            case 3 -> tunnel.onLink(random.nextInt(4) > 0, nowNs);
            case 4 -> tunnel.restart(nowNs);
            default -> {}
        }
        if (tunnel.poll(nowNs)) {
            sent.add(tunnel.onProbeSent(nowNs, random.nextInt(10) == 0));
        }
        boolean isHostile = random.nextDouble() < HOSTILE;
        long sequence =
                isHostile
                        ? random.nextLong() >>> random.nextInt(64)
                        : sent.get(sent.size() - 1 - random.nextInt(Math.min(300, sent.size())));
        long receivedNs = isHostile ? random.nextLong() : nowNs - random.nextLong(5 * MS);
        for (int times = random.nextInt(3); times >= 0; times--) {
            tunnel.onReply(sequence, receivedNs);
        }
    }

    private static void check(Liveness tunnel, long nowNs, String where) {
        tunnel.roundTripNs()
                .ifPresent(ns -> assertTrue(ns >= 0 && ns <= RoundTrip.SAMPLE_MAX_NS, where + ns));
        tunnel.jitterNs()
                .ifPresent(ns -> assertTrue(ns >= 0 && ns <= RoundTrip.SAMPLE_MAX_NS, where + ns));
        tunnel.loss(nowNs).ifPresent(loss -> assertTrue(loss >= 0 && loss <= 1, where));
        if (tunnel.isWatched()) {
            long longestNs = Math.max(3_000 * MS, 2_000 * MS + 5 * RoundTrip.SAMPLE_MAX_NS);
            assertTrue(tunnel.lostAfterNs() > 0 && tunnel.lostAfterNs() <= longestNs, where);
        }
    }

    /** A reply counts once, and one from the future or to nothing we sent counts nothing. */
    @Test
    void shouldNotBelieveWhatItDidNotAskX15() {
        Liveness tunnel = new Liveness(new ProbeBeat(1, 2, true), 0);

        for (long sequence = -5; sequence < 1_000; sequence++) {
            tunnel.onReply(sequence, 5 * MS);
        }
        assertEquals(Liveness.State.UNKNOWN, tunnel.state());

        long sequence = tunnel.onProbeSent(10 * MS, false);
        tunnel.onReply(sequence, 10 * MS + 7 * MS);
        tunnel.onReply(sequence, 10 * MS + 900 * MS);
        assertEquals(7 * MS, tunnel.roundTripNs().orElseThrow());
    }
}
