package io.spillway.bench.tunnel.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PacingClockTest {
    private static final long MS = 1_000_000;

    @Test
    void shouldGiveTheRateHoweverOftenItIsAsked() {
        PacingClock clock = new PacingClock(30_000, 256, 0);

        long given = 0;
        for (long nowNs = 0; nowNs <= 1000 * MS; nowNs += MS / 7) {
            given += clock.take(nowNs);
        }

        assertEquals(30_000, given, 10);
    }

    @Test
    void shouldForgiveWhatASleeperMissed() {
        PacingClock clock = new PacingClock(100_000, 64, 0);

        assertEquals(64, clock.take(100 * MS));
        assertEquals(0, clock.take(100 * MS));
        assertEquals(50, clock.take(100 * MS + MS / 2));
    }
}
