package io.spillway.control.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReturnBackoffTest {
    private static final long SECOND = 1_000_000_000L;
    private final ReturnBackoff backoff = new ReturnBackoff(ReturnBackoff.Config.DEFAULT);
    private long nowNs = Long.MAX_VALUE - 100 * SECOND;

    @Test
    void shouldReturnAtOnceTheFirstTime() {
        backoff.onLost(nowNs);
        backoff.onBack(nowNs);

        assertTrue(backoff.isOver(nowNs));
        assertEquals(0, backoff.remainingNs(nowNs));
    }

    @Test
    void shouldDoubleFrom8To1024SecondsWhileTheCloudFlaps() {
        shouldReturnAtOnceTheFirstTime();

        for (long wait : new long[] {8, 16, 32, 64, 128, 256, 512, 1024, 1024}) {
            nowNs += SECOND;
            backoff.onLost(nowNs);
            backoff.onBack(nowNs);
            assertEquals(wait * SECOND, backoff.remainingNs(nowNs));
            nowNs += wait * SECOND - 1;
            assertFalse(backoff.isOver(nowNs));
            nowNs += 1;
            assertTrue(backoff.isOver(nowNs));
        }
    }

    @Test
    void shouldTrustACloudThatHeldFor1024Seconds() {
        shouldReturnAtOnceTheFirstTime();
        backoff.onLost(nowNs + SECOND);
        backoff.onBack(nowNs + SECOND); // returns 8 s later

        backoff.onLost(nowNs + (9 + 1024) * SECOND);

        assertEquals(0, backoff.waitNs());
    }

    @Test
    void shouldWaitLongerForACloudThatIsLostBeforeTheReturn() {
        shouldReturnAtOnceTheFirstTime();
        backoff.onLost(nowNs + SECOND);
        backoff.onBack(nowNs + SECOND);

        backoff.onLost(nowNs + 2 * SECOND);

        assertEquals(16 * SECOND, backoff.waitNs());
    }

    @Test
    void shouldEndByHandAndRememberItsLength() {
        shouldReturnAtOnceTheFirstTime();
        backoff.onLost(nowNs);
        backoff.onBack(nowNs);

        backoff.returnNow(nowNs);

        assertTrue(backoff.isOver(nowNs));
        backoff.onLost(nowNs);
        assertEquals(16 * SECOND, backoff.waitNs());
    }

    @Test
    void shouldRefuseAConfigurationThatMakesNoSense() {
        assertThrows(IllegalArgumentException.class, () -> new ReturnBackoff.Config(2, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new ReturnBackoff.Config(-1, 1, 1));
    }
}
