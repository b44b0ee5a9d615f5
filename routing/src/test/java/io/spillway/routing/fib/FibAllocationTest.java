package io.spillway.routing.fib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.spillway.routing.Seeds;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FibAllocationTest {
    private static final int LOOKUP_COUNT = 1_000_000;
    private static final int ROUTE_COUNT = 2_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingPerLookup() {
        long seed = Seeds.next();
        SplittableRandom random = new SplittableRandom(seed);
        Fib fib = Fib.of(1, RandomRoutes.table(random, ROUTE_COUNT, true));
        threads.getCurrentThreadAllocatedBytes();
        int warmUp = lookups(fib);

        long before = threads.getCurrentThreadAllocatedBytes();
        int sum = lookups(fib);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertEquals(warmUp, sum);
        assertEquals(0, allocated, () -> "seed " + seed);
    }

    private static int lookups(Fib fib) {
        int sum = 0;
        long address = 1;
        for (int i = 0; i < LOOKUP_COUNT; i++) {
            address = address * 6364136223846793005L + 1442695040888963407L;
            sum += fib.nextHop(fib.lookup4((int) (address >>> 32))).index();
            sum += fib.nextHop(fib.lookup6(address, ~address)).index();
        }
        return sum;
    }
}
