package io.spillway.bench.micro;

import io.spillway.routing.fib.Fib;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Nanoseconds a lookup in 1,000,000 IPv4 and 200,000 IPv6 routes, one by one and 32 at once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FibFullBenchmark {
    private static final int BULK = 32;

    @Param({"random", "realistic"})
    public String stream;

    private final int[] some4 = new int[BULK];
    private final long[] someHighs = new long[BULK];
    private final long[] someLows = new long[BULK];
    private final int[] ids = new int[BULK];
    private Fib fib;
    private AddressStream addresses;
    private int next;

    @Setup
    public void start() {
        FullTable table = new FullTable();
        fib = table.writer.publish(1);
        addresses = new AddressStream(table, stream);
    }

    @Benchmark
    @OperationsPerInvocation(BULK)
    public int single4() {
        int[] all = addresses.addresses4;
        int first = advance();
        int sum = 0;
        for (int i = first; i < first + BULK; i++) {
            sum += fib.lookup4(all[i]);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(BULK)
    public int bulk4() {
        System.arraycopy(addresses.addresses4, advance(), some4, 0, BULK);
        fib.lookup4(some4, ids, BULK);
        return ids[0];
    }

    @Benchmark
    @OperationsPerInvocation(BULK)
    public int single6() {
        int first = advance();
        int sum = 0;
        for (int i = first; i < first + BULK; i++) {
            sum += fib.lookup6(addresses.highs[i], addresses.lows[i]);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(BULK)
    public int bulk6() {
        int first = advance();
        System.arraycopy(addresses.highs, first, someHighs, 0, BULK);
        System.arraycopy(addresses.lows, first, someLows, 0, BULK);
        fib.lookup6(someHighs, someLows, ids, BULK);
        return ids[0];
    }

    private int advance() {
        int first = next;
        next = next + BULK & AddressStream.LENGTH - 1;
        return first;
    }
}
