package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class DelayLineTest {
    private static final int LENGTH = 8;
    private final DelayLine line = new DelayLine(64);

    @Test
    void shouldGiveNothingBeforeItsTime() {
        add(1, 100);

        assertFalse(line.isDue(99));
        assertEquals(1, line.remainingNs(99));
        assertTrue(line.isDue(100));
        assertEquals(1, take());
        assertEquals(Long.MAX_VALUE, line.remainingNs(100));
    }

    @Test
    void shouldKeepTheOrderOfOneMoment() {
        for (int i = 0; i < 10; i++) {
            add(i, 5);
        }

        for (int i = 0; i < 10; i++) {
            assertEquals(i, take());
        }
    }

    @Test
    void shouldDuplicate() {
        write(7);
        assertTrue(line.addCopy(LENGTH, 20));
        line.add(LENGTH, 10);

        assertEquals(7, take());
        assertEquals(10, line.remainingNs(10));
        assertEquals(7, take());
    }

    @Test
    void shouldHaveNoRoomForACopyOfTheLastOne() {
        for (int i = 0; i < 63; i++) {
            add(i, 1);
        }

        write(63);
        assertFalse(line.addCopy(LENGTH, 1));
        line.add(LENGTH, 1);
        assertTrue(line.isFull());
    }

    @Test
    void shouldBeAsAListSortedByTime() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<long[]> twin = new ArrayList<>();

        for (int i = 0; i < 10_000; i++) {
            if (random.nextBoolean() && !line.isFull()) {
                long dueNs = random.nextLong(1000);
                add(i, dueNs);
                twin.add(new long[] {i, dueNs});
                twin.sort(Comparator.comparingLong(each -> each[1]));
            } else if (!twin.isEmpty()) {
                assertEquals(twin.removeFirst()[0], take(), "seed " + seed);
            }
        }
    }

    private void add(long value, long dueNs) {
        write(value);
        line.add(LENGTH, dueNs);
    }

    private void write(long value) {
        new UnsafeBuffer(line.incomingAddress(), LENGTH).putLong(0, value);
    }

    private long take() {
        assertEquals(LENGTH, line.length());
        long value = new UnsafeBuffer(line.address(), LENGTH).getLong(0);
        line.remove();
        return value;
    }
}
