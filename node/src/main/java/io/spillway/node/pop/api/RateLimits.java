package io.spillway.node.pop.api;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.NanoClock;

/**
 * How often each key may ask, by what it asks for, as published. What was refused does not count.
 * Thread safe.
 */
final class RateLimits {
    /** Of one minute that ends now. */
    enum Kind {
        GENERAL(120, 0),
        ACCOUNT_SNAPSHOT(30, SECOND_NS),
        EVENTS_FEED(100, 0);

        private final int perMinute;
        private final long spacingNs;

        Kind(int perMinute, long spacingNs) {
            this.perMinute = perMinute;
            this.spacingNs = spacingNs;
        }
    }

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MINUTE_NS = 60 * SECOND_NS;

    private record Window(String key, Kind kind) {}

    private final NanoClock clock;
    private final Map<Window, Deque<Long>> taken = new HashMap<>();

    RateLimits(NanoClock clock) {
        this.clock = clock;
    }

    /**
     * Takes all of it, or nothing.
     *
     * @param key its name
     * @return 0: taken; else how long to wait, ns
     */
    synchronized long take(String key, EnumMap<Kind, Integer> counts) {
        long nowNs = clock.nanoTime();
        long waitNs = 0;
        for (Map.Entry<Kind, Integer> wanted : counts.entrySet()) {
            Deque<Long> times = times(key, wanted.getKey(), nowNs);
            waitNs = Math.max(waitNs, wait(times, wanted.getKey(), wanted.getValue(), nowNs));
        }
        if (waitNs == 0) {
            counts.forEach((kind, count) -> add(times(key, kind, nowNs), count, nowNs));
        }
        return waitNs;
    }

    private Deque<Long> times(String key, Kind kind, long nowNs) {
        Deque<Long> times = taken.computeIfAbsent(new Window(key, kind), _ -> new ArrayDeque<>());
        while (!times.isEmpty() && nowNs - times.getFirst() >= MINUTE_NS) {
            times.removeFirst();
        }
        return times;
    }

    private static void add(Deque<Long> times, int count, long nowNs) {
        for (int i = 0; i < count; i++) {
            times.addLast(nowNs);
        }
    }

    private static long wait(Deque<Long> times, Kind kind, int count, long nowNs) {
        int excess = times.size() + count - kind.perMinute;
        if (excess > times.size()) {
            return MINUTE_NS; // never: one query asks for more than a minute's
        }
        long spaced = times.isEmpty() ? 0 : times.getLast() + kind.spacingNs - nowNs;
        long left = excess <= 0 ? 0 : leaving(times, excess) + MINUTE_NS - nowNs;
        return Math.max(0, Math.max(spaced, left));
    }

    /** When that many of the oldest were taken. */
    private static long leaving(Deque<Long> times, int count) {
        return times.stream().skip(count - 1L).findFirst().orElseThrow();
    }
}
