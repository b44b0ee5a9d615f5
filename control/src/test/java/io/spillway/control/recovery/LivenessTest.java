package io.spillway.control.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.recovery.Liveness.State;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private static final long MS = 1_000_000L;
    private static final long GRAIN_NS = 10 * MS;
    private long nowNs = Long.MAX_VALUE - 5_000 * MS; // overflows under way
    private Liveness tunnel;

    @BeforeEach
    void open() {
        tunnel = new Liveness(new ProbeBeat(1, 2, true), nowNs);
    }

    @Test
    void shouldKnowNothingUntilTheFirstReply() {
        assertEquals(State.UNKNOWN, tunnel.state());
        assertFalse(tunnel.isAlive());
        assertTrue(tunnel.poll(nowNs));
        long sequence = tunnel.onProbeSent(nowNs, false);

        assertEquals(OptionalLong.empty(), tunnel.roundTripNs());
        assertEquals(OptionalDouble.empty(), tunnel.loss(nowNs + 5_000 * MS));
        tunnel.onReply(sequence, nowNs + 7 * MS);

        assertEquals(State.UP, tunnel.state());
        assertEquals(OptionalLong.of(7 * MS), tunnel.roundTripNs());
        assertEquals(OptionalDouble.of(0), tunnel.loss(nowNs + 5_000 * MS));
        assertEquals(OptionalLong.empty(), tunnel.jitterNs(), "one reply has no jitter");
    }

    @Test
    void shouldBeSuspectAfterTwoIntervalsAndDownAfterThree() {
        upAndWatched();
        long lastReplyNs = nowNs;

        assertEquals(State.UP, silentUntil(lastReplyNs + 199 * MS));
        assertEquals(State.SUSPECT, silentUntil(lastReplyNs + 200 * MS));
        int sent = sentUntil(lastReplyNs + 299 * MS);
        assertEquals(State.SUSPECT, tunnel.state());
        assertTrue(sent >= 4 && sent <= 5, sent + " probes at 20 ms");
        assertEquals(State.DOWN, silentUntil(lastReplyNs + 300 * MS));
    }

    @Test
    void shouldWaitForTwoIntervalsAndTheRoundTripOnASlowPath() {
        tunnel.watch(100 * MS, nowNs);
        for (int i = 0; i < 100; i++) {
            answer(600 * MS);
        }
        assertEquals(600 * MS, tunnel.roundTripNs().getAsLong(), 2 * MS);
        long lastReplyNs = nowNs;

        assertEquals(State.SUSPECT, silentUntil(lastReplyNs + 799 * MS));
        assertEquals(State.DOWN, silentUntil(lastReplyNs + 810 * MS));
    }

    @Test
    void shouldNotDecideByErrorsAnybodyCanForge() {
        upAndWatched();
        long untilNs = nowNs + 20_000 * MS;
        int probes = 0;

        while (nowNs - untilNs < 0) {
            tunnel.onError(nowNs);
            if (tunnel.poll(nowNs)) {
                long sequence = tunnel.onProbeSent(nowNs, false);
                probes++;
                tunnel.onReply(sequence, nowNs + MS);
            }
            assertTrue(tunnel.isAlive());
            nowNs += MS;
        }

        assertTrue(probes <= 20_000 / 20 + 1, "a flood of errors makes no flood of probes");
    }

    @Test
    void shouldNotShortenTheRuleByAnError() {
        upAndWatched();
        long lastReplyNs = nowNs;

        tunnel.onError(nowNs);

        assertEquals(State.SUSPECT, tunnel.state());
        assertEquals(State.SUSPECT, silentUntil(lastReplyNs + 299 * MS));
        assertEquals(State.DOWN, silentUntil(lastReplyNs + 300 * MS));
    }

    @Test
    void shouldDecideAtOnceWhenTheLocalLinkGoesDown() {
        upAndWatched();

        tunnel.onLink(false, nowNs);

        assertEquals(State.DOWN, tunnel.state());
        assertFalse(tunnel.poll(nowNs + 60_000 * MS));
        assertTrue(tunnel.deadlineNs() - nowNs > 3_600_000 * MS, "nothing to wait for");
        nowNs += 60_000 * MS;
        tunnel.onLink(true, nowNs);
        answer(MS);
        assertEquals(State.UP, tunnel.state());
    }

    @Test
    void shouldComeUpOnlyByAReplyToAProbeSentSinceItWentDown() {
        upAndWatched();
        nowNs += 100 * MS;
        tunnel.poll(nowNs);
        long before = tunnel.onProbeSent(nowNs, false);
        silentUntil(nowNs + 400 * MS);
        assertEquals(State.DOWN, tunnel.state());

        tunnel.onReply(before, nowNs);
        assertEquals(State.DOWN, tunnel.state());
        answer(MS);

        assertEquals(State.UP, tunnel.state());
    }

    @Test
    void shouldNotLearnTheRoundTripFromRepliesThatAnOutageHeldUp() {
        upAndWatched();
        silentUntil(nowNs + 400 * MS);
        long[] held = new long[20];
        for (int i = 0; i < held.length; i++) {
            nowNs += 1_000 * MS;
            tunnel.poll(nowNs);
            held[i] = tunnel.onProbeSent(nowNs, false);
        }

        for (long sequence : held) {
            tunnel.onReply(sequence, nowNs);
        }
        assertEquals(State.UP, tunnel.state());
        for (int i = 0; i < 2; i++) {
            nowNs += 100 * MS;
            answer(MS);
        }

        assertEquals(300 * MS, tunnel.lostAfterNs(), "as quick as before");
    }

    @Test
    void shouldCountEachReplyOnceAndOnlyOfProbesItSent() {
        upAndWatched();
        nowNs += 50 * MS;
        long sequence = tunnel.onProbeSent(nowNs, false);
        tunnel.onReply(sequence, nowNs);
        long lastReplyNs = tunnel.lastReplyNs().getAsLong();

        tunnel.onReply(sequence, nowNs + 100 * MS);
        tunnel.onReply(sequence + 1, nowNs + 100 * MS);
        tunnel.onReply(sequence + (1L << 31), nowNs + 100 * MS);
        tunnel.onReply(-1, nowNs + 100 * MS);

        assertEquals(lastReplyNs, tunnel.lastReplyNs().getAsLong());
    }

    @Test
    void shouldSendKeepAlivesEvery15SecondsGiveOrTakeOne() {
        tunnel.poll(nowNs);
        answer(MS);
        long sentNs = nowNs - MS;
        for (int i = 0; i < 100; i++) {
            while (!tunnel.poll(nowNs)) {
                nowNs = tunnel.deadlineNs();
            }
            long gapNs = nowNs - sentNs;
            assertTrue(gapNs >= 14_000 * MS && gapNs <= 16_000 * MS, "gap " + gapNs);
            sentNs = nowNs;
            answer(MS);
        }
    }

    @Test
    void shouldGoDownAfterThreeKeepAlivesWithoutAnAnswer() {
        answer(MS);
        int sent = 0;

        while (tunnel.state() != State.DOWN) {
            nowNs = tunnel.deadlineNs();
            if (tunnel.poll(nowNs) && tunnel.state() != State.DOWN) {
                tunnel.onProbeSent(nowNs, false);
                sent++;
                assertTrue(sent <= 3, "three were enough");
            }
        }

        long silenceNs = nowNs - tunnel.lastReplyNs().getAsLong();
        assertTrue(silenceNs >= 43_000 * MS && silenceNs <= 49_100 * MS, "after " + silenceNs);
    }

    @Test
    void shouldNotHoldTheSilenceOfIdlenessAgainstAWatchedTunnel() {
        answer(MS);
        nowNs += 14_000 * MS;

        tunnel.watch(100 * MS, nowNs);

        assertTrue(tunnel.poll(nowNs), "probe at once");
        assertEquals(State.UP, tunnel.state());
        assertEquals(State.SUSPECT, silentUntil(nowNs + 299 * MS));
        assertEquals(State.DOWN, silentUntil(nowNs + 10 * MS));
    }

    @Test
    void shouldNotCountLostMtuProbesAsLoss() {
        upAndWatched();
        for (int i = 0; i < 50; i++) {
            nowNs += 100 * MS;
            tunnel.onProbeSent(nowNs, true);
            answer(MS);
        }

        assertEquals(OptionalDouble.of(0), tunnel.loss(nowNs + 10_000 * MS));
    }

    @Test
    void shouldTellLossAsItIs() {
        upAndWatched();
        for (int i = 0; i < 300; i++) {
            nowNs += 100 * MS;
            long sequence = tunnel.onProbeSent(nowNs, false);
            if (i % 4 != 0) {
                tunnel.onReply(sequence, nowNs + MS);
            }
        }

        assertEquals(0.25, tunnel.loss(nowNs + 10_000 * MS).getAsDouble(), 0.001);
    }

    @Test
    void shouldNotTakeItsOwnStallForThePathsSilence() {
        upAndWatched();

        nowNs += 5_000 * MS; // the process slept
        assertTrue(tunnel.poll(nowNs));

        assertTrue(tunnel.isAlive());
        tunnel.onProbeSent(nowNs, false);
        assertEquals(State.DOWN, silentUntil(nowNs + 310 * MS), "but only for once");
    }

    @Test
    void shouldBeginAnewWithANewAssociation() {
        upAndWatched();
        silentUntil(nowNs + 400 * MS);

        tunnel.restart(nowNs);

        assertEquals(State.UNKNOWN, tunnel.state());
        answer(MS);
        assertEquals(State.UP, tunnel.state());
    }

    private void upAndWatched() {
        tunnel.watch(100 * MS, nowNs);
        for (int i = 0; i < 20; i++) {
            answer(MS);
            nowNs += 99 * MS;
        }
        answer(MS);
        assertEquals(300 * MS, tunnel.lostAfterNs());
    }

    private void answer(long roundTripNs) {
        tunnel.poll(nowNs);
        long sequence = tunnel.onProbeSent(nowNs, false);
        nowNs += roundTripNs;
        tunnel.onReply(sequence, nowNs);
    }

    private State silentUntil(long untilNs) {
        sentUntil(untilNs);
        return tunnel.state();
    }

    private int sentUntil(long untilNs) {
        int sent = 0;
        while (true) {
            if (tunnel.poll(nowNs)) {
                tunnel.onProbeSent(nowNs, false);
                sent++;
            }
            if (nowNs - untilNs >= 0) {
                return sent;
            }
            long nextNs = nowNs + GRAIN_NS;
            nowNs = nextNs - untilNs > 0 ? untilNs : nextNs;
        }
    }
}
