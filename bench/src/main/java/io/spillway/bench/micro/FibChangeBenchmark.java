package io.spillway.bench.micro;

import io.spillway.routing.fib.Fib;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One route of a full table changed and published, with a reader that follows at once. */
@State(Scope.Thread)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FibChangeBenchmark {
    private FullTable table;
    private int changes;

    @Setup
    public void start() {
        table = new FullTable();
    }

    @Benchmark
    public Fib changeAndPublish() {
        Fib fib = table.change(changes++);
        fib.adopt();
        return fib;
    }
}
