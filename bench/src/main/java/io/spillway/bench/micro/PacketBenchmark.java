package io.spillway.bench.micro;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.observe.Counters;
import java.nio.ByteBuffer;
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

    private static final int IPV4_HEADER_LENGTH = 20;
    private static final int IPV6_HEADER_LENGTH = 40;
    private static final int SEGMENT_LENGTH = 1380;
    private static final byte TCP = 6;
    private static final byte TTL = 64;
    private static final byte DATA_OFFSET = 5 << 4;
    private static final int PORT = 443;

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
            byte[] bytes = ipVersion == 4 ? packet4(i) : packet6(i);
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

    /** RFC 791 §3.1, without a checksum of the segment, which the decoder does not look at. */
    private static byte[] packet4(int flow) {
        ByteBuffer packet = ByteBuffer.allocate(IPV4_HEADER_LENGTH + SEGMENT_LENGTH);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity());
        packet.putInt(0).put(TTL).put(TCP).putShort((short) 0);
        packet.putInt(0x0a01_0001).putInt(0x0a02_0001);
        packet.putShort(10, checksum(packet));
        return segment(packet, flow);
    }

    /** RFC 8200 §3. */
    private static byte[] packet6(int flow) {
        ByteBuffer packet = ByteBuffer.allocate(IPV6_HEADER_LENGTH + SEGMENT_LENGTH);
        packet.putInt(0x6000_0000).putShort((short) SEGMENT_LENGTH).put(TCP).put(TTL);
        packet.putLong(0xfd00_0001L << 32).putLong(1);
        packet.putLong(0xfd00_0002L << 32).putLong(1);
        return segment(packet, flow);
    }

    /** RFC 9293 §3.1. */
    private static byte[] segment(ByteBuffer packet, int flow) {
        packet.putShort((short) (PORT + 1 + flow)).putShort((short) PORT);
        packet.putLong(0).put(DATA_OFFSET);
        return packet.array();
    }

    private static short checksum(ByteBuffer header) {
        int sum = 0;
        for (int offset = 0; offset < IPV4_HEADER_LENGTH; offset += Short.BYTES) {
            sum += header.getShort(offset) & 0xffff;
        }
        return (short) ~((sum & 0xffff) + (sum >>> Short.SIZE));
    }
}
