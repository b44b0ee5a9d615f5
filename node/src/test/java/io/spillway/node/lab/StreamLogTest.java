package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class StreamLogTest {
    private static final long MS = 1_000_000;
    private final StreamLog log = new StreamLog();

    @Test
    void shouldMeasureAGapBetweenTheNeighboursThatArrived() {
        for (long i = 0; i < 1000; i++) {
            send(i);
            if (i < 300 || i >= 650) arrive(i);
        }

        StreamLoss loss = log.loss(0, 1000);

        assertEquals(350, loss.lost());
        assertEquals(351 * MS, loss.longestGapNs());
        assertEquals(351, loss.outageMs());
    }

    @Test
    void shouldTellHowLongTheArrivedTook() {
        for (long i = 0; i < 4; i++) {
            log.onSent(i, 10 * MS + i);
        }
        log.onArrived(0, 19 * MS);
        log.onArrived(2, 13 * MS + 2);

        assertArrayEquals(new long[] {3 * MS, 9 * MS}, log.delaysNs(0, 4));
        assertArrayEquals(new long[0], log.delaysNs(3, 4));
    }

    @Test
    void shouldCountAnOutageInPiecesAsTheirSum() {
        for (long i = 0; i < 1000; i++) {
            send(i);
            boolean isLost = i >= 100 && i < 500 && i % 100 != 0;
            if (!isLost) arrive(i);
        }

        StreamLoss loss = log.loss(0, 1000);

        assertEquals(100 * MS, loss.longestGapNs());
        assertEquals(396, loss.outageMs());
    }

    @Test
    void shouldMeasureAnOutageThatHasNoEndOrNoBeginning() {
        for (long i = 0; i < 300; i++) {
            send(i);
            if (i >= 100 && i < 200) arrive(i);
        }

        assertEquals(100 * MS, log.loss(0, 200).longestGapNs());
        assertEquals(100 * MS, log.loss(150, 300).longestGapNs());
    }

    @Test
    void shouldReportNoOutageWithoutLoss() {
        for (long i = 0; i < 10; i++) {
            send(i);
            arrive(i);
        }

        assertEquals(0, log.loss(0, 10).outageMs());
        assertEquals(0, log.loss(3, 3).outageMs());
    }

    @Test
    void shouldCountDuplicatesAndReorderedPackets() {
        for (long i = 0; i < 5; i++) {
            send(i);
        }
        for (long i : new long[] {0, 2, 1, 2, 4, 3, 99, -1}) {
            arrive(i);
        }

        assertEquals(5, log.arrived());
        assertEquals(1, log.duplicates());
        assertEquals(2, log.reordered());
        assertEquals(0, log.loss(0, 5).lost());
    }

    @Test
    void shouldRefuseAWindowItNoLongerHolds() {
        for (long i = 0; i < StreamLog.CAPACITY + 10; i++) {
            send(i);
        }

        assertThrows(IllegalArgumentException.class, () -> log.loss(9, 20));
        assertThrows(IllegalArgumentException.class, () -> log.loss(20, log.next() + 1));
        assertEquals(StreamLog.CAPACITY, log.loss(10, log.next()).lost());
    }

    @Test
    void shouldAgreeWithASlowTwinOnRandomTraffic() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        BitSet arrived = new BitSet();
        int count = StreamLog.CAPACITY + 50_000;
        for (int i = 0; i < count; i++) {
            send(i);
            if (random.nextInt(100) < 90) {
                int late = Math.max(0, i - random.nextInt(20));
                arrive(late);
                arrived.set(late);
            }
        }
        for (int i = 0; i < 50; i++) {
            int from = random.nextInt(count - StreamLog.CAPACITY, count);
            int to = random.nextInt(from, count);
            long lost = to - from - arrived.get(from, to).cardinality();
            assertEquals(lost, log.loss(from, to).lost(), "seed " + seed);
        }
    }

    private void send(long sequence) {
        log.onSent(sequence, (sequence + 1) * MS);
    }

    private void arrive(long sequence) {
        log.onArrived(sequence, (sequence + 2) * MS);
    }
}
