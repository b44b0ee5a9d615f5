package io.spillway.control.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class LinkQualityTest {
    private static final long MS = 1_000_000L;
    private static final long SECOND = 1_000 * MS;
    private final SplittableRandom random = new SplittableRandom(7);
    private final LinkQuality quality = new LinkQuality(LinkQuality.Floor.DEFAULT);
    private final Liveness tunnel = new Liveness(new ProbeBeat(random.nextLong(), 2, true), 0);
    private long nowNs;
    private int changes;

    @Test
    void shouldMeetTheFloorWhileNothingIsKnown() {
        quality.judge(tunnel, nowNs);

        assertFalse(quality.isBelow(tunnel));
        assertEquals(Long.MAX_VALUE, LinkQuality.costNs(tunnel, nowNs));
    }

    @Test
    void shouldFallBelowByEachOfThreeMeasures() {
        assertTrue(isBelowAfter(60, 0.08, () -> 20 * MS), "loss");
        assertTrue(isBelowAfter(60, 0, () -> 100 * MS + random.nextLong(120 * MS)), "jitter");
        assertTrue(isBelowAfter(60, 0, () -> 700 * MS), "round trip");
        assertFalse(isBelowAfter(60, 0.01, () -> 100 * MS + random.nextLong(30 * MS)));
    }

    @Test
    void shouldFallBelowOnlyAfterTwoMissesAndRiseAfterThreeWithMargin() {
        run(30, 0, () -> 100 * MS);
        long secondsToFall = secondsUntil(true, () -> 900 * MS);
        long secondsToRise = secondsUntil(false, () -> 100 * MS);

        assertTrue(secondsToFall > 10 && secondsToFall <= 30, "fell after " + secondsToFall);
        assertTrue(secondsToRise > 20 && secondsToRise <= 50, "rose after " + secondsToRise);
        assertEquals(2, changes);
    }

    /** X13. */
    @Test
    void shouldNotFlapAtAHighRoundTripThatSwingsAroundTheLimit() {
        run(3_600, 0, () -> 560 * MS + random.nextLong(80 * MS));

        assertTrue(changes <= 1, "changed " + changes + " times in an hour");
    }

    @Test
    void shouldNotJudgeTheLossOfAFewKeepAlives() {
        for (int i = 0; i < 6; i++) {
            probe(i == 2 ? 1 : 0, 20 * MS, 15 * SECOND);
            judge();
        }

        assertFalse(quality.isBelow(tunnel), "one of six");
    }

    @Test
    void shouldDistrustALinkThatWasDownUntilItHasProvenItself() {
        run(30, 0, () -> 20 * MS);
        tunnel.onLink(false, nowNs);
        tunnel.onLink(true, nowNs);
        probe(0, 20 * MS, 100 * MS);

        assertTrue(tunnel.isAlive());
        assertTrue(quality.isBelow(tunnel), "at once");
        long seconds = secondsUntil(false, () -> 20 * MS);
        assertTrue(seconds >= 20 && seconds <= 40, "after " + seconds);
    }

    @Test
    void shouldForgetTheLossesOfAnOutage() {
        run(30, 0, () -> 20 * MS);
        run(20, 1, () -> 0);
        run(20, 0, () -> 20 * MS);

        assertEquals(0, tunnel.loss(nowNs).orElseThrow());
    }

    @Test
    void shouldCostMoreWithLossAndJitter() {
        run(60, 0, () -> 50 * MS);
        long quietNs = LinkQuality.costNs(tunnel, nowNs);
        run(60, 0.1, () -> 50 * MS);

        assertTrue(quietNs >= 50 * MS && quietNs < 60 * MS, "cost " + quietNs);
        assertTrue(LinkQuality.costNs(tunnel, nowNs) > quietNs + 100 * MS);
    }

    private boolean isBelowAfter(int seconds, double loss, LongSupplier roundTrip) {
        LinkQualityTest other = new LinkQualityTest();
        other.run(seconds, loss, roundTrip);
        return other.quality.isBelow(other.tunnel);
    }

    private long secondsUntil(boolean isBelow, LongSupplier roundTrip) {
        long startNs = nowNs;
        while (quality.isBelow(tunnel) != isBelow && nowNs - startNs < 300 * SECOND) {
            run(1, 0, roundTrip);
        }
        return (nowNs - startNs) / SECOND;
    }

    @Test
    void shouldNotJudgeByQuestionsWhetherItLives() {
        run(30, 0, () -> MS);
        tunnel.question(true);
        shortOutage();
        tunnel.question(false);
        judge();
        judge();
        assertFalse(quality.isBelow(tunnel));

        shortOutage();
        judge();
        judge();
        assertTrue(quality.isBelow(tunnel));
    }

    /** As a tunnel has it that is asked every 20 ms and does not die of it. */
    private void shortOutage() {
        for (int i = 0; i < 10; i++) {
            probe(1, MS, 20 * MS);
        }
        probe(0, MS, 2_000 * MS);
    }

    private void run(int seconds, double loss, LongSupplier roundTrip) {
        tunnel.watch(100 * MS, nowNs);
        for (int i = 0; i < seconds * 10; i++) {
            probe(loss, roundTrip.getAsLong(), 100 * MS);
            if (nowNs / MS % 10_000 == 0) {
                judge();
            }
        }
    }

    private void judge() {
        changes += quality.judge(tunnel, nowNs) ? 1 : 0;
    }

    private void probe(double loss, long roundTripNs, long intervalNs) {
        tunnel.poll(nowNs);
        long sequence = tunnel.onProbeSent(nowNs, false);
        if (random.nextDouble() >= loss) {
            tunnel.onReply(sequence, nowNs + roundTripNs);
        }
        nowNs += intervalNs;
    }
}
