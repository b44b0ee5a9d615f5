package io.spillway.crypto.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.spillway.crypto.record.RecordTraffic.Case;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packet's way allocates nothing (STYLE rule 8): 0 bytes, not 0 on average. */
class RecordAllocationTest {
    private static final int WARM_UP_COUNT = 50_000;
    private static final int MEASURED_COUNT = 200_000;
    private static final int LENGTH = 300;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final UnsafeBuffer plaintext = RecordTraffic.offHeap(LENGTH + 1);
    private final UnsafeBuffer record = RecordTraffic.offHeap(LENGTH + 64);

    static List<Case> nativeCases() {
        return RecordTraffic.nativeCases();
    }

    @ParameterizedTest
    @MethodSource("nativeCases")
    void shouldSealAndOpenWithoutAllocation(Case which) {
        try (RecordTraffic traffic = which.start()) {
            sealAndOpen(traffic, WARM_UP_COUNT);
            THREADS.getCurrentThreadAllocatedBytes();

            long before = THREADS.getCurrentThreadAllocatedBytes();
            long opened = sealAndOpen(traffic, MEASURED_COUNT);
            long after = THREADS.getCurrentThreadAllocatedBytes();

            assertEquals((long) MEASURED_COUNT * LENGTH, opened);
            assertEquals(0, after - before);
        }
    }

    private long sealAndOpen(RecordTraffic traffic, int count) {
        long opened = 0;
        for (int i = 0; i < count; i++) {
            int length = traffic.sealer.seal(plaintext, 0, LENGTH, record, 0);
            opened += traffic.open(record, 0, length);
        }
        return opened;
    }
}
