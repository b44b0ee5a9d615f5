package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BottleneckTest {
    private static final long MS = 1_000_000;
    private final Bottleneck line = new Bottleneck(8_000_000, 10 * MS); // a byte in a microsecond

    @Test
    void shouldLetPacketsPassOneAfterTheOther() {
        assertEquals(MS, line.pass(1000, 5));
        assertEquals(3 * MS, line.pass(2000, 5));
        assertEquals(2 * MS, line.pass(1000, 5 + 2 * MS));
    }

    @Test
    void shouldHoldNothingAgainstWhoComesLater() {
        line.pass(1000, 0);

        assertEquals(MS, line.pass(1000, 50 * MS));
    }

    @Test
    void shouldDropWhatFindsItsQueueFull() {
        for (int i = 1; i <= 11; i++) {
            assertEquals(i * MS, line.pass(1000, 0));
        }

        assertEquals(Bottleneck.FULL, line.pass(1000, 0));
        assertEquals(11 * MS, line.pass(1000, MS));
    }
}
