package io.spillway.dataplane.agent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpinTest {
    private static final long SPIN_NS = 100_000;
    private static final long SOON_NS = SPIN_NS - 1;
    private static final long NEAR_NS = SPIN_NS;
    private static final long LATE_NS = 2 * SPIN_NS;
    private static final int ENOUGH = 8;

    private Spin spin = new Spin(SPIN_NS);

    @Test
    void shouldNotSpinBeforeItPays() {
        assertFalse(spin.isWorthwhile());
        note(ENOUGH - 1, SOON_NS);
        assertFalse(spin.isWorthwhile());
        note(1, SOON_NS);
        assertTrue(spin.isWorthwhile());
    }

    @Test
    void shouldForgiveAPauseInACloseExchange() {
        note(2 * ENOUGH, SOON_NS);
        note(1, LATE_NS);
        assertTrue(spin.isWorthwhile());
    }

    @Test
    void shouldEndWhenPacketsComeSlowly() {
        note(2 * ENOUGH, SOON_NS);
        note(3, LATE_NS);
        assertFalse(spin.isWorthwhile());
    }

    /** One delay made it slow: every second wait is as long as a sleeper's. */
    @Test
    void shouldComeBackToADialogue() {
        for (int i = 0; i < 2 * ENOUGH; i++) {
            note(1, SOON_NS);
            note(1, NEAR_NS);
        }
        assertTrue(spin.isWorthwhile());
    }

    @Test
    void shouldEndWhenEveryWaitIsTooLong() {
        note(2 * ENOUGH, SOON_NS);
        note(2 * ENOUGH + 1, NEAR_NS);
        assertFalse(spin.isWorthwhile());
    }

    /** Three in a burst, then a pause, again and again: too many spins would be in vain. */
    @Test
    void shouldNotSpinBetweenSmallBursts() {
        for (int i = 0; i < 100; i++) {
            note(3, SOON_NS);
            note(1, LATE_NS);
            assertFalse(spin.isWorthwhile());
        }
    }

    @Test
    void shouldNeverSpinWhereItIsSwitchedOff() {
        spin = new Spin(0);
        note(2 * ENOUGH, 0);
        assertFalse(spin.isWorthwhile());
    }

    private void note(int times, long idleNs) {
        for (int i = 0; i < times; i++) {
            spin.note(idleNs);
        }
    }
}
