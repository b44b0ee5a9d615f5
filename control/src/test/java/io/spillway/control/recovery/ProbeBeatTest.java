package io.spillway.control.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ProbeBeatTest {
    private static final long MS = 1_000_000L;
    private static final long INTERVAL_NS = 100 * MS;
    private static final int TUNNELS = 9;
    private static final long LATENESS_MAX_NS = 10 * MS;
    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void shouldSendThoseToOnePeerTogetherAfterAFewOfThem() {
        ProbeBeat beat = new ProbeBeat(1, 1001, true);
        long startNs = Long.MAX_VALUE - 10_000 * MS; // overflows under way
        long[] sentNs = startedWithin(ProbeBeat.KEEP_ALIVE_NS, startNs);

        for (int i = 0; i < 9; i++) {
            step(sentNs, beat::keepAliveAfterNs, 14_000 * MS, 16_000 * MS + LATENESS_MAX_NS);
        }

        for (int i = 0; i < 100; i++) {
            assertTrue(spreadNs(sentNs) <= LATENESS_MAX_NS, "apart by " + spreadNs(sentNs));
            step(sentNs, beat::keepAliveAfterNs, 14_000 * MS, 16_000 * MS + LATENESS_MAX_NS);
        }
    }

    @Test
    void shouldSendWatchedProbesToOnePeerTogetherAfterASecond() {
        ProbeBeat beat = new ProbeBeat(1, 0, true);
        LongUnaryOperator after = sent -> beat.watchedAfterNs(sent, INTERVAL_NS);
        long[] sentNs = startedWithin(INTERVAL_NS, Long.MAX_VALUE - 50 * MS);

        for (int i = 0; i < 20; i++) {
            step(sentNs, after, 90 * MS, 100 * MS + LATENESS_MAX_NS);
        }

        for (int i = 0; i < 100; i++) {
            long apartNs = spreadNs(withinInterval(sentNs));
            assertTrue(apartNs <= LATENESS_MAX_NS, "apart by " + apartNs);
            step(sentNs, after, 90 * MS, 100 * MS + LATENESS_MAX_NS);
        }
    }

    @Test
    void shouldSendWatchedProbesAtTheirIntervalWithoutABeatForThem() {
        ProbeBeat beat = new ProbeBeat(1, 1001, false);
        long sentNs = Long.MAX_VALUE - 3 * INTERVAL_NS;

        for (int i = 0; i < 10; i++) {
            assertEquals(sentNs + INTERVAL_NS, beat.watchedAfterNs(sentNs, INTERVAL_NS));
            sentNs += INTERVAL_NS + i * MS;
        }
    }

    @Test
    void shouldSpreadPeersOverTheWholeInterval() {
        int seconds = 15;
        int peers = 499;
        int[] inSecond = new int[seconds];
        for (long peer = 0; peer < peers; peer++) {
            ProbeBeat beat = new ProbeBeat(42, 1001 + peer, true);
            long ns = 0;
            for (int i = 0; i < 10; i++) {
                ns = beat.keepAliveAfterNs(ns);
            }
            inSecond[(int) (Math.floorMod(ns, ProbeBeat.KEEP_ALIVE_NS) / (1_000 * MS))]++;
        }

        int mean = peers / seconds;
        for (int count : inSecond) {
            assertTrue(count > mean / 2 && count < 2 * mean, Arrays.toString(inSecond));
        }
    }

    @Test
    void shouldLetNothingRegularHideFromKeepAlives() {
        ProbeBeat beat = new ProbeBeat(1, 1001, true);
        long ns = 0;
        for (int i = 0; i < 10; i++) {
            ns = beat.keepAliveAfterNs(ns);
        }
        long firstNs = ns;
        long gaps =
                LongStream.iterate(firstNs, beat::keepAliveAfterNs)
                        .limit(100)
                        .map(
                                at ->
                                        Math.floorMod(at - firstNs, ProbeBeat.KEEP_ALIVE_NS)
                                                / INTERVAL_NS)
                        .distinct()
                        .count();

        assertTrue(gaps >= 5, gaps + " places within the interval");
    }

    @Test
    void shouldBatchThoseOfManyPeers() {
        for (long peer = 0; peer < 100; peer++) {
            ProbeBeat beat = new ProbeBeat(42, peer, true);
            long ns = random.nextLong(ProbeBeat.KEEP_ALIVE_NS);
            assertEquals(0, beat.keepAliveAfterNs(ns) % ProbeBeat.BATCH_NS);
        }
    }

    private long[] startedWithin(long spanNs, long startNs) {
        return random.longs(TUNNELS, 0, spanNs).map(ns -> startNs + ns).toArray();
    }

    /** Each sends once more, as late as a turn may be. */
    private void step(long[] sentNs, LongUnaryOperator after, long minNs, long maxNs) {
        for (int i = 0; i < sentNs.length; i++) {
            long nextNs = after.applyAsLong(sentNs[i]) + random.nextLong(LATENESS_MAX_NS);
            long gapNs = nextNs - sentNs[i];
            assertTrue(gapNs >= minNs && gapNs <= maxNs, "gap " + gapNs);
            sentNs[i] = nextNs;
        }
    }

    /** Some are an interval ahead of others by now. */
    private static long[] withinInterval(long[] sentNs) {
        long middle = sentNs[0] - INTERVAL_NS / 2;
        return Arrays.stream(sentNs).map(ns -> Math.floorMod(ns - middle, INTERVAL_NS)).toArray();
    }

    private static long spreadNs(long[] sentNs) {
        long first = sentNs[0];
        long[] fromFirst = Arrays.stream(sentNs).map(ns -> ns - first).sorted().toArray();
        return fromFirst[fromFirst.length - 1] - fromFirst[0];
    }
}
