package io.spillway.bench.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class JavaLogTest {
    private static final String LOG =
            """
            [1.234s] GC(0) Pause Young (Allocation Failure) 17M->3M(61M) 2.310ms
            [1.234s] Safepoint "SerialCollectForAllocation", Time since last: 910 ns, Reaching safepoint: 2000 ns, Cleanup: 100 ns, At safepoint: 2400000 ns, Leaving safepoint: 5000 ns, Total: 2407100 ns, Threads: 1 runnable, 20 total
            [9.000s] GC(1) Pause Full (Heap Inspection Initiated GC) 12M->5M(61M) 20.100ms
            [9.000s] Safepoint "GC_HeapInspection", Time since last: 9 ns, Total: 99000000 ns, Threads: 0 runnable, 20 total
            [9.100s] Safepoint "ICBufferFull", Time since last: 9 ns, Total:    61000 ns, Threads: 0 runnable, 20 total
            """;

    @Test
    void shouldTellPausesButNotThoseWeCaused() {
        assertEquals(
                List.of(
                        new Pause("SerialCollectForAllocation", 2_407_100),
                        new Pause("ICBufferFull", 61_000)),
                JavaLog.pauses(LOG.lines()));
    }

    @Test
    void shouldTellTheHeapAfterOurCollections() {
        assertEquals(List.of(5 * 1024), JavaLog.heapsKib(LOG.lines()));
    }
}
