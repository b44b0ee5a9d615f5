package io.spillway.bench.micro;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.segment.Coalescer;
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

/**
 * One packet of a batch coupled to its flow's train, and taken out of it again so that the next
 * round finds single packets; beside it the same trains made and undone without looking at a
 * packet.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CoalescerBenchmark {
    private static final int COUNT = 64;
    private static final int PAYLOAD_LENGTH = 1300;

    /** A train ends before it exceeds an IP packet. */
    private static final int TRAIN_MAX = 50;

    /** One flow of TCP, eight that take turns, one of UDP. */
    public enum Traffic {
        TCP(1),
        TCP8(8),
        UDP(1);

        private final int flowCount;

        Traffic(int flowCount) {
            this.flowCount = flowCount;
        }
    }

    @Param public Traffic traffic;

    private final PacketPool pool = new PacketPool(COUNT);
    private final PacketBuffer[] packets = new PacketBuffer[COUNT];
    private final PacketBatch batch = new PacketBatch(COUNT);
    private final Coalescer coalescer = new Coalescer();

    @Setup
    public void start() {
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = packet(i % traffic.flowCount, i / traffic.flowCount);
            packets[i] = pool.acquire();
            packets[i].reset(bytes.length);
            packets[i].memory().putBytes(packets[i].offset(), bytes);
            batch.add(packets[i]);
        }
        new PacketDecoder(new Drops(new Counters(), pool)).process(batch);
        requireTrains(coalesce());
        requireTrains(append());
    }

    @TearDown
    public void stop() {
        pool.close();
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int coalesce() {
        coalescer.process(batch);
        return undo();
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int append() {
        batch.clear();
        int flowCount = traffic.flowCount;
        for (int i = 0; i < COUNT; i++) {
            int index = i / flowCount % TRAIN_MAX;
            if (index == 0) {
                batch.add(packets[i]);
            } else {
                packets[i - index * flowCount].append(packets[i]);
            }
        }
        return undo();
    }

    /** Returns the number of trains that were there. */
    private int undo() {
        int trains = batch.size();
        for (int i = 0; i < trains; i++) {
            PacketBuffer packet = batch.get(i);
            while (packet != null) {
                packet = packet.detach();
            }
        }
        batch.clear();
        for (PacketBuffer packet : packets) {
            batch.add(packet);
        }
        return trains;
    }

    private byte[] packet(int flow, int index) {
        return traffic == Traffic.UDP
                ? FlowPackets.udp(4, flow, PAYLOAD_LENGTH)
                : FlowPackets.tcp(4, flow, index * PAYLOAD_LENGTH, PAYLOAD_LENGTH);
    }

    private void requireTrains(int trains) {
        int expected = traffic.flowCount + (COUNT / traffic.flowCount > TRAIN_MAX ? 1 : 0);
        if (trains != expected) {
            throw new IllegalStateException(trains + " trains instead of " + expected);
        }
    }
}
