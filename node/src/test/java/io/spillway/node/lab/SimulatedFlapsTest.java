package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SimulatedFlapsTest {
    private final SimulatedFlaps flaps = new SimulatedFlaps();

    @Test
    void shouldWaitLongerForACloudThatFlaps() {
        for (long wait : new long[] {0, 8, 16, 32}) {
            assertEquals(wait, flaps.flap(2), 0.3);
        }
    }

    @Test
    void shouldTrustACloudThatHeld() {
        flaps.flap(1);
        flaps.flap(1);
        flaps.stay(1024);

        assertEquals(0, flaps.flap(1), 0.3);
    }

    @Test
    void shouldEndAWaitByHand() {
        flaps.flap(1);

        assertEquals(3, flaps.flapEndedByHand(1, 3), 0.3);
        assertEquals(16, flaps.flap(1), 0.3);
    }
}
