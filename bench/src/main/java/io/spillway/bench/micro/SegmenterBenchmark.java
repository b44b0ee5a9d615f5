package io.spillway.bench.micro;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.segment.Segmenter;
import io.spillway.tap.VirtioNetHeader;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
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
 * One segment cut from a TCP super-frame of 64 KiB, in place; beside it what cutting by copying
 * costs before any header is written.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SegmenterBenchmark {
    private static final int SEGMENT_LENGTH = 1300;

    /** As many as fit into a packet. */
    private static final int SEGMENT_COUNT = 50;

    private static final int TCP_CHECKSUM_OFFSET = 16;

    @Param({"4", "6"})
    public int ipVersion;

    private final PacketPool pool = new PacketPool(2);
    private final Segmenter segmenter = new Segmenter();
    private PacketBuffer superFrame;
    private PacketBuffer copy;
    private byte[] header;
    private int start;
    private int length;

    @Setup
    public void start() {
        byte[] packet = FlowPackets.tcp(ipVersion, 0, 0, SEGMENT_COUNT * SEGMENT_LENGTH);
        superFrame = superFrame(packet);
        copy = pool.acquire();
        header = new byte[superFrame.payloadOffset];
        start = superFrame.offset();
        length = superFrame.length();
        superFrame.memory().getBytes(start, header);
        if (superFrame.packetCount() != SEGMENT_COUNT) {
            throw new IllegalStateException(superFrame.packetCount() + " segments");
        }
    }

    @TearDown
    public void stop() {
        pool.close();
    }

    /** Puts the header of the whole back first, which cutting has overwritten. */
    @Benchmark
    @OperationsPerInvocation(SEGMENT_COUNT)
    public int segment() {
        superFrame.memory().putBytes(start, header);
        superFrame.set(start, length);
        segmenter.start(superFrame);
        int sum = 0;
        while (segmenter.hasNext()) {
            segmenter.next();
            sum += superFrame.length();
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(SEGMENT_COUNT)
    public int copy() {
        MutableDirectBuffer memory = superFrame.memory();
        int from = start + header.length;
        int to = copy.offset();
        for (int i = 0; i < SEGMENT_COUNT; i++) {
            memory.putBytes(to, memory, from, SEGMENT_LENGTH);
            from += SEGMENT_LENGTH;
            to += SEGMENT_LENGTH;
        }
        return to;
    }

    /** As the frame decoder leaves it, behind the packet decoder. */
    private PacketBuffer superFrame(byte[] bytes) {
        PacketBuffer packet = pool.acquire();
        packet.reset(bytes.length);
        packet.memory().putBytes(packet.offset(), bytes);
        packet.gsoType = ipVersion == 4 ? VirtioNetHeader.GSO_TCP4 : VirtioNetHeader.GSO_TCP6;
        packet.segmentLength = SEGMENT_LENGTH;
        packet.checksumStart =
                ipVersion == 4 ? FlowPackets.IPV4_HEADER_LENGTH : FlowPackets.IPV6_HEADER_LENGTH;
        packet.checksumField = TCP_CHECKSUM_OFFSET;
        PacketBatch batch = new PacketBatch(1);
        batch.add(packet);
        new PacketDecoder(new Drops(new Counters(), pool)).process(batch);
        return packet;
    }
}
