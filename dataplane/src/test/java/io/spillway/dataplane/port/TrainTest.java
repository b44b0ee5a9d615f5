package io.spillway.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.segment.Coalescer;
import io.spillway.dataplane.segment.SlowSegments;
import io.spillway.dataplane.sim.Sim;
import io.spillway.tap.Gather;
import io.spillway.tap.VirtioNetHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Packets that were coupled and written as one super-frame are, cut again as a kernel does, the
 * same packets: per flow, in order, byte for byte.
 */
class TrainTest {
    private static final int ROUNDS = Sim.count(3_000, 100_000);
    private static final int FLOWS = 8;

    private final PacketPool pool = new PacketPool(256);
    private final PacketDecoder decoder = new PacketDecoder(new Drops(new Counters(), pool));
    private final Coalescer coalescer = new Coalescer();
    private final FrameGather gather = new FrameGather();
    private int trains;

    @Test
    void shouldGiveBackEveryPacketOfEveryFlow() {
        long seed = Sim.seed();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<byte[]> packets = mixed(random);
            List<byte[]> through = new ArrayList<>();

            PacketBatch batch = batch(random, packets);
            coalescer.process(batch);
            for (int i = 0; i < batch.size(); i++) {
                through.addAll(written(batch.get(i)));
                pool.release(batch.get(i));
            }

            String what = "seed " + seed + ", round " + round;
            for (int flow = 0; flow < FLOWS; flow++) {
                assertSame(of(flow, packets), of(flow, through), what + ", flow " + flow);
            }
            assertEquals(256, pool.freeCount(), what);
        }
        assertTrue(trains > ROUNDS, trains + " trains only");
    }

    @Test
    void shouldNotHideAWrongChecksum() {
        SplittableRandom random = new SplittableRandom(Sim.seed());
        List<byte[]> packets = SlowSegments.cut(SlowSegments.random(random, 0, 3000), 1000);
        packets.get(1)[700] ^= 1;

        PacketBatch batch = batch(null, packets);
        coalescer.process(batch);

        assertEquals(3, batch.get(0).packetCount());
        assertNull(gather.train(batch.get(0)));
    }

    /** Streams of some flows in disorder among each other, some packets damaged in a legal way. */
    private static List<byte[]> mixed(SplittableRandom random) {
        List<List<byte[]>> streams = new ArrayList<>();
        for (int flow = 0; flow < FLOWS; flow++) {
            int segmentLength = random.nextInt(1, 300);
            int payloadLength = random.nextInt(1, 16 * segmentLength + 1);
            byte[] packet = SlowSegments.random(random, flow, payloadLength);
            streams.add(new ArrayList<>(SlowSegments.cut(packet, segmentLength)));
        }
        List<byte[]> packets = new ArrayList<>();
        int burst = random.nextInt(1, 12);
        while (streams.stream().anyMatch(stream -> !stream.isEmpty())) {
            List<byte[]> stream = streams.get(random.nextInt(FLOWS));
            for (int i = 0; i < burst && !stream.isEmpty(); i++) {
                byte[] next = stream.removeFirst();
                packets.add(random.nextInt(20) == 0 ? changed(random, next) : next);
            }
        }
        return packets;
    }

    /** Another TTL, class, flag, option, sequence or length: whatever a train must not swallow. */
    private static byte[] changed(SplittableRandom random, byte[] packet) {
        byte[] other = packet.clone();
        int at =
                switch (random.nextInt(4)) {
                    case 0 -> 1; // type of service, or a part of the traffic class
                    case 1 -> SlowSegments.isIpv4(packet) ? 8 : 7; // TTL
                    default -> {
                        int transport = SlowSegments.transportOffset(packet);
                        int from =
                                SlowSegments.protocol(packet) == 6 ? transport + 4 : transport + 8;
                        yield random.nextInt(from, Math.max(from + 1, packet.length));
                    }
                };
        boolean isDataOffset =
                SlowSegments.protocol(packet) == 6
                        && at == SlowSegments.transportOffset(packet) + 12;
        if (at < other.length && !isDataOffset) {
            other[at] ^= (byte) (1 << random.nextInt(3));
        }
        return SlowSegments.sealed(other);
    }

    private PacketBatch batch(SplittableRandom random, List<byte[]> packets) {
        PacketBatch batch = new PacketBatch(256);
        for (byte[] packet : packets.subList(0, Math.min(packets.size(), 256))) {
            PacketBuffer buffer = pool.acquire();
            boolean isPartial = random != null && random.nextBoolean();
            buffer.reset(packet.length);
            buffer.memory()
                    .putBytes(buffer.offset(), isPartial ? SlowSegments.partial(packet) : packet);
            buffer.isChecksumPartial = isPartial;
            batch.add(buffer);
        }
        decoder.process(batch);
        return batch;
    }

    /** What a kernel makes of the frame. */
    private List<byte[]> written(PacketBuffer head) {
        if (head.packetCount() == 1) {
            byte[] packet = Sim.bytes(head.memory(), head.offset(), head.length());
            return List.of(SlowSegments.sealed(packet));
        }
        trains++;
        byte[] frame = bytes(gather.train(head));
        UnsafeBuffer vnet = new UnsafeBuffer(frame);
        byte[] packet = Arrays.copyOfRange(frame, VirtioNetHeader.LENGTH, frame.length);
        assertArrayEquals(SlowSegments.partial(packet), packet);
        assertEquals(VirtioNetHeader.FLAG_NEEDS_CHECKSUM, VirtioNetHeader.flags(vnet, 0));
        assertEquals(SlowSegments.payloadOffset(packet), VirtioNetHeader.headerLength(vnet, 0));
        int start = VirtioNetHeader.checksumStart(vnet, 0);
        assertEquals(SlowSegments.transportOffset(packet), start);
        int field = start + VirtioNetHeader.checksumOffset(vnet, 0);
        assertEquals(SlowSegments.checksumOffset(packet), field);
        return SlowSegments.cut(packet, VirtioNetHeader.gsoSize(vnet, 0));
    }

    private static byte[] bytes(Gather pieces) {
        return Sim.read(pieces);
    }

    private static List<byte[]> of(int flow, List<byte[]> packets) {
        return packets.stream()
                .limit(256)
                .filter(packet -> SlowSegments.sourcePort(packet) == 1024 + flow)
                .toList();
    }

    private static void assertSame(List<byte[]> expected, List<byte[]> actual, String what) {
        assertEquals(expected.size(), actual.size(), what);
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(known(expected.get(i)), known(actual.get(i)), what + ", packet " + i);
        }
    }

    /** With DF set an identification means nothing, and nobody promises to keep it (RFC 6864). */
    private static byte[] known(byte[] packet) {
        byte[] known = packet.clone();
        if (SlowSegments.isIpv4(packet) && (packet[6] & 0x40) != 0) {
            Packets.put16(known, 4, 0);
        }
        return SlowSegments.sealed(known);
    }
}
