package io.spillway.dataplane.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MS = 1_000_000;

    @Test
    void shouldGiveEveryByteItsTime() {
        Pace pace = new Pace(10_000_000_000L, 4 * MS, 1_000 * MS, 0);

        for (int i = 0; i < 1_000_000; i++) {
            pace.spend(101, 0); // 80.8 ns
        }

        assertEquals(80_800_000 - 4 * MS, pace.freeNs());
    }

    @Test
    void shouldLetABurstPassAfterAPause() {
        Pace pace = new Pace(8_000_000, 4 * MS, 1_000 * MS, 0);

        pace.spend(1000, 500 * MS);

        assertEquals(500 * MS - 4 * MS + MS, pace.freeNs());
    }

    @Test
    void shouldForgetWhatIsTooMuchToPay() {
        Pace pace = new Pace(8_000_000, 4 * MS, 100 * MS, 0);

        for (int i = 0; i < 1000; i++) {
            pace.spend(1000, 0);
        }

        assertEquals(100 * MS, pace.freeNs());
    }

    @Test
    void shouldKeepTheRateOverTheClocksOverflow() {
        long nowNs = Long.MAX_VALUE - MS;
        Pace pace = new Pace(8_000_000, 0, 1_000 * MS, nowNs);

        pace.spend(10_000, nowNs);

        assertEquals(10 * MS, pace.freeNs() - nowNs);
    }
}
