package io.spillway.bench.micro;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.observe.Counters;
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
import org.openjdk.jmh.annotations.TearDown;

/** One TCP packet parsed, and its flow found: a batch of packets, each of another known flow. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PacketBenchmark {
    private static final int COUNT = 64;
    private static final int FLOW_CAPACITY = 65_536;
    private static final int SEED = 1;
    private static final int PAYLOAD_LENGTH = 1360;

    @Param({"4", "6"})
    public int ipVersion;

    private final PacketPool pool = new PacketPool(COUNT);
    private final PacketBatch batch = new PacketBatch(COUNT);
    private final PacketDecoder decoder = new PacketDecoder(new Drops(new Counters(), pool));
    private final FlowTable flows = new FlowTable(FLOW_CAPACITY, SEED);
    private long nowNs;

    @Setup
    public void start() {
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = FlowPackets.tcp(ipVersion, i, 0, PAYLOAD_LENGTH);
            PacketBuffer packet = pool.acquire();
            packet.reset(bytes.length);
            packet.memory().putBytes(packet.offset(), bytes);
            batch.add(packet);
        }
        decoder.process(batch);
        if (batch.size() != COUNT) {
            throw new IllegalStateException("kept " + batch.size() + " of " + COUNT);
        }
    }

    @TearDown
    public void stop() {
        pool.close();
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int decode() {
        decoder.process(batch);
        return batch.size();
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int touchFlow() {
        nowNs++;
        int sum = 0;
        for (int i = 0; i < COUNT; i++) {
            sum += flows.touch(batch.get(i).tuple, nowNs);
        }
        return sum;
    }
}
