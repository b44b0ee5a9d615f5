package io.spillway.bench.micro;

import io.spillway.crypto.record.ReplayWindow;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One sequence number looked up in the replay window, and marked when it is fresh. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReplayWindowBenchmark {
    /** Neighbours in a burst that came by two ways. */
    private static final int SWAP = 1;

    private final ReplayWindow window = new ReplayWindow();
    private long sequence;
    private long seen;

    @Setup
    public void start() {
        for (int i = 0; i < ReplayWindow.LENGTH; i++) {
            window.advance(sequence++);
        }
        seen = sequence - ReplayWindow.LENGTH / 2;
    }

    @Benchmark
    public boolean inOrder() {
        return accept(sequence++);
    }

    @Benchmark
    public boolean reordered() {
        return accept(sequence++ ^ SWAP);
    }

    /** Half a window old; nothing changes. */
    @Benchmark
    public boolean replayed() {
        return window.isFresh(seen);
    }

    private boolean accept(long number) {
        boolean isFresh = window.isFresh(number);
        if (isFresh) {
            window.advance(number);
        }
        return isFresh;
    }
}
