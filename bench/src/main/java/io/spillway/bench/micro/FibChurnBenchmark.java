package io.spillway.bench.micro;

import io.spillway.routing.fib.Fib;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What 32 lookups in a full table take while another thread changes routes so many times a second,
 * with a snapshot for each change, which the reader follows at once.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FibChurnBenchmark {
    private static final int BULK = 32;
    private static final long NS_PER_S = 1_000_000_000L;

    @Param({"0", "10000"})
    public int changesPerSecond;

    private final int[] some = new int[BULK];
    private final int[] ids = new int[BULK];
    private FullTable table;
    private AddressStream addresses;
    private volatile Fib current;
    private volatile boolean isOver;
    private Thread writer;
    private int next;
    private int changes;

    @Setup
    public void start() {
        table = new FullTable();
        addresses = new AddressStream(table, "random");
        current = table.writer.publish(1);
        writer = new Thread(this::churn);
        if (changesPerSecond > 0) {
            writer.start();
        }
    }

    private void churn() {
        long dueNs = System.nanoTime();
        while (!isOver) {
            dueNs += NS_PER_S / changesPerSecond;
            while (dueNs - System.nanoTime() > 0 && !isOver) {
                LockSupport.parkNanos(dueNs - System.nanoTime());
            }
            current = table.change(changes++);
        }
    }

    @TearDown
    public void stop() throws InterruptedException {
        isOver = true;
        writer.join();
    }

    @Benchmark
    public int lookups() {
        Fib fib = current;
        fib.adopt();
        System.arraycopy(addresses.addresses4, next, some, 0, BULK);
        next = next + BULK & AddressStream.LENGTH - 1;
        fib.lookup4(some, ids, BULK);
        return ids[0];
    }
}
