package io.spillway.node.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LogLimitTest {
    @Test
    void shouldLetSoManyLinesThroughInASecond() {
        LogLimit limit = new LogLimit();
        long nowNs = System.nanoTime() + 5_000_000_000L;
        int written = 0;

        for (int i = 0; i < 1000; i++) {
            written += limit.mayWrite(nowNs + i) ? 1 : 0;
        }

        assertEquals(10, written);
        assertTrue(limit.mayWrite(nowNs + 1_000_000_000L));
    }
}
