package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AlarmTimerTest {
    private static final long MS = 1_000_000L;

    private final LinuxCalls calls = new LinuxCalls();

    @Test
    void shouldBecomeReadableWhenItsTimeHasCome() throws Exception {
        try (AlarmTimer alarm = AlarmTimer.open()) {
            alarm.arm(20 * MS);
            assertEquals(-Errno.EAGAIN, read(alarm));
            TimeUnit.MILLISECONDS.sleep(60);
            assertEquals(Long.BYTES, read(alarm));
        }
    }

    @Test
    void shouldForgetWhatWasArmedBefore() throws Exception {
        try (AlarmTimer alarm = AlarmTimer.open()) {
            alarm.arm(1);
            TimeUnit.MILLISECONDS.sleep(5);
            alarm.arm(3600_000 * MS);
            assertEquals(-Errno.EAGAIN, read(alarm));
        }
    }

    @Test
    void shouldRefuseToRingInThePast() throws Exception {
        try (AlarmTimer alarm = AlarmTimer.open()) {
            assertThrows(IllegalArgumentException.class, () -> alarm.arm(0));
        }
    }

    @Test
    void shouldSleepAtLeastThatLong() {
        ThreadSleep sleep = new ThreadSleep();
        long startNs = System.nanoTime();
        sleep.sleep(3 * MS);
        assertTrue(System.nanoTime() - startNs >= 3 * MS);
    }

    private int read(AlarmTimer alarm) {
        try (Arena arena = Arena.ofConfined()) {
            return calls.read(alarm.fd(), arena.allocate(Long.BYTES).address(), Long.BYTES);
        }
    }
}
