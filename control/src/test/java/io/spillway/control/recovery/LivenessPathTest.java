package io.spillway.control.recovery;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** A watched tunnel over simulated paths: bad ones that live, and ones that die. */
class LivenessPathTest {
    private static final long MS = 1_000_000L;
    private static final int LOST_IN_A_ROW_MAX = 4; // what Liveness guarantees to bear
    private final long durationNs =
            (Boolean.getBoolean("spillway.long") ? 36_000 : 1_800) * 1_000 * MS;
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final PriorityQueue<Reply> onTheWay =
            new PriorityQueue<>(Comparator.comparingLong(Reply::arrivesNs));
    private final Liveness tunnel = new Liveness(new ProbeBeat(random.nextLong(), 2, true), 0);
    private long nowNs;
    private int lostInARow;

    private record Reply(long sequence, long arrivesNs) {}

    @Test
    void shouldNeverLoseASlowPath() {
        shouldStayAlive(() -> 600 * MS, 0);
    }

    @Test
    void shouldNeverLoseAJitteryPath() {
        shouldStayAlive(() -> random.nextLong(50 * MS, 250 * MS), 0);
    }

    @Test
    void shouldNeverLoseAPathThatLosesAThirdInBurstsWithinTheGuarantee() {
        shouldStayAlive(() -> 5 * MS, 0.3);
    }

    @Test
    void shouldNeverLoseAPathThatIsSlowJitteryAndLossyAtOnce() {
        shouldStayAlive(() -> random.nextLong(500 * MS, 700 * MS), 0.3);
    }

    @Test
    void shouldDetectDeathWithinTheRule() {
        for (long roundTripNs : new long[] {MS, 20 * MS, 80 * MS, 600 * MS}) {
            for (int i = 0; i < 50; i++) {
                onTheWay.clear();
                tunnel.restart(nowNs);
                run(nowNs + random.nextLong(20_000 * MS, 20_500 * MS), () -> roundTripNs, 0);
                onTheWay.clear(); // the path is cut
                long lastReplyNs = tunnel.lastReplyNs().getAsLong();
                long lostAfterNs = tunnel.lostAfterNs();
                run(lastReplyNs + lostAfterNs + 11 * MS, () -> roundTripNs, 1);
                String what = "RTT " + roundTripNs / MS + " ms, seed " + seed;
                assertTrue(tunnel.state() == Liveness.State.DOWN, what);
            }
        }
    }

    private void shouldStayAlive(LongSupplier roundTripNs, double loss) {
        run(5_000 * MS, roundTripNs, 0);
        long endNs = nowNs + durationNs;
        while (nowNs < endNs) {
            run(nowNs + 100 * MS, roundTripNs, loss);
            assertTrue(tunnel.isAlive(), "lost at " + nowNs / MS + " ms, seed " + seed);
        }
    }

    private void run(long untilNs, LongSupplier roundTripNs, double loss) {
        tunnel.watch(Liveness.WATCH_INTERVAL_NS, nowNs);
        while (nowNs < untilNs) {
            nowNs += 10 * MS;
            while (!onTheWay.isEmpty() && onTheWay.peek().arrivesNs() <= nowNs) {
                Reply reply = onTheWay.poll();
                tunnel.onReply(reply.sequence(), reply.arrivesNs());
            }
            if (tunnel.poll(nowNs)) {
                send(tunnel.onProbeSent(nowNs, false), roundTripNs.getAsLong(), loss);
            }
        }
    }

    private void send(long sequence, long roundTripNs, double loss) {
        boolean mayLose = loss == 1 || lostInARow < LOST_IN_A_ROW_MAX;
        if (mayLose && random.nextDouble() < loss) {
            lostInARow++;
            return;
        }
        lostInARow = 0;
        onTheWay.add(new Reply(sequence, nowNs + roundTripNs));
    }
}
