package io.spillway.bench.micro;

import io.spillway.dataplane.header.Checksum;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The Internet checksum of one IPv4 header, one segment, one super-frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChecksumBenchmark {
    @Param({"20", "1400", "65000"})
    public int length;

    private UnsafeBuffer bytes;

    @Setup
    public void start() {
        bytes = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        bytes.setMemory(0, length, (byte) 0x5a);
    }

    @Benchmark
    public int sum() {
        return Checksum.sum(bytes, 0, length);
    }
}
