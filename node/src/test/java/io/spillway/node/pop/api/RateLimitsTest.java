package io.spillway.node.pop.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.node.pop.api.RateLimits.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private long nowNs = Long.MAX_VALUE - 30 * SECOND_NS; // overflows meanwhile
    private final RateLimits limits = new RateLimits(() -> nowNs);

    private long take(String key, Kind kind, int count) {
        return limits.take(key, new EnumMap<>(Map.of(kind, count)));
    }

    @Test
    void shouldAllowAsManyAMinuteAsPublished() {
        for (int i = 0; i < 120; i++) {
            assertEquals(0, take("noc", Kind.GENERAL, 1));
            nowNs += 1000;
        }

        assertEquals(60 * SECOND_NS - 120_000, take("noc", Kind.GENERAL, 1));
        assertEquals(0, take("other", Kind.GENERAL, 1));
        assertEquals(0, take("noc", Kind.EVENTS_FEED, 100));
        nowNs += 60 * SECOND_NS - 120_000;
        assertEquals(0, take("noc", Kind.GENERAL, 1));
        assertEquals(1000, take("noc", Kind.GENERAL, 1));
    }

    @Test
    void shouldSpaceSnapshots() {
        assertEquals(0, take("noc", Kind.ACCOUNT_SNAPSHOT, 1));
        nowNs += SECOND_NS / 4;
        assertEquals(SECOND_NS * 3 / 4, take("noc", Kind.ACCOUNT_SNAPSHOT, 1));
        nowNs += SECOND_NS * 3 / 4;
        assertEquals(0, take("noc", Kind.ACCOUNT_SNAPSHOT, 1));
    }

    @Test
    void shouldTakeAllOrNothing() {
        assertEquals(0, take("noc", Kind.EVENTS_FEED, 100));
        assertEquals(60 * SECOND_NS, take("noc", Kind.ACCOUNT_SNAPSHOT, 31));

        Map<Kind, Integer> both = Map.of(Kind.EVENTS_FEED, 1, Kind.ACCOUNT_SNAPSHOT, 1);
        assertEquals(60 * SECOND_NS, limits.take("noc", new EnumMap<>(both)));
        assertEquals(0, take("noc", Kind.ACCOUNT_SNAPSHOT, 30));
    }

    /** The waiting time is exact: a moment before it is refused, and then it is not. */
    @Test
    void shouldAgreeWithItsTwin() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Deque<Long> twin = new ArrayDeque<>();
        for (int i = 0; i < 5_000; i++) {
            nowNs += random.nextLong(SECOND_NS);
            twin.removeIf(ns -> nowNs - ns >= 60 * SECOND_NS);
            int count = 1 + random.nextInt(3);
            boolean isAllowed = twin.size() + count <= 100;

            long waitNs = take("noc", Kind.EVENTS_FEED, count);

            assertEquals(isAllowed, waitNs == 0, "seed " + seed);
            if (!isAllowed) {
                nowNs += waitNs;
                assertEquals(0, take("noc", Kind.EVENTS_FEED, count), "seed " + seed);
            }
            for (int j = 0; j < count; j++) {
                twin.add(nowNs);
            }
        }
    }
}
