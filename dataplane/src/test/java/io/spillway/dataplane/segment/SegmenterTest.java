package io.spillway.dataplane.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.header.TransportChecksum;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.sim.Sim;
import io.spillway.tap.VirtioNetHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SegmenterTest {
    private static final int ROUNDS = Sim.count(2_000, 100_000);

    private final PacketPool pool = new PacketPool(2);
    private final PacketDecoder decoder = new PacketDecoder(new Drops(new Counters(), pool));
    private final Segmenter segmenter = new Segmenter();

    @Test
    void shouldCutAsTheTextBooksDo() {
        long seed = Sim.seed();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            int segmentLength = random.nextInt(100, 2000);
            int payloadLength = random.nextInt(1, Math.min(60_000, 64 * segmentLength));
            byte[] packet = SlowSegments.random(random, random.nextInt(4), payloadLength);
            int linkLength = random.nextInt(2) * 14;

            assertIsCut(packet, segmentLength, linkLength, "seed " + seed + ", round " + round);
        }
    }

    @Test
    void shouldGiveTheSamePacketsInParts() {
        long seed = Sim.seed();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            int segmentLength = random.nextInt(100, 2000);
            int payloadLength =
                    random.nextInt(segmentLength + 1, Math.min(60_000, 40 * segmentLength));
            byte[] packet = SlowSegments.random(random, random.nextInt(4), payloadLength);
            PacketBuffer superFrame = superFrame(packet, segmentLength, 0);
            String what = "seed " + seed + ", round " + round;

            List<byte[]> packets = new ArrayList<>();
            while (superFrame.packetCount() > 1) {
                takePart(superFrame, random.nextInt(1, superFrame.packetCount()), packets);
            }
            addPackets(superFrame, packets);

            List<byte[]> expected = SlowSegments.cut(packet, segmentLength);
            assertEquals(expected.size(), packets.size(), what);
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(expected.get(i), packets.get(i), what);
            }
        }
    }

    private void takePart(PacketBuffer superFrame, int count, List<byte[]> packets) {
        PacketBuffer part = pool.acquire();
        segmenter.takeFirst(superFrame, count, part);
        assertEquals(count, part.packetCount());
        addPackets(part, packets);
    }

    /** As the sealer takes them. */
    private void addPackets(PacketBuffer part, List<byte[]> packets) {
        if (part.segmentLength == 0) {
            packets.add(completed(part, 0));
        } else {
            segmenter.start(part);
            while (segmenter.hasNext()) {
                segmenter.next();
                packets.add(completed(part, 0));
            }
        }
        pool.release(part);
    }

    @Test
    void shouldDropTheFirstOnly() {
        SplittableRandom random = new SplittableRandom(Sim.seed());
        for (int flow = 0; flow < 4; flow++) {
            byte[] packet = SlowSegments.random(random, flow, 3_500);
            PacketBuffer superFrame = superFrame(packet, 1000, 0);
            List<byte[]> packets = new ArrayList<>();

            segmenter.dropFirst(superFrame);
            segmenter.dropFirst(superFrame);
            assertEquals(2, superFrame.packetCount());
            addPackets(superFrame, packets);

            List<byte[]> expected = SlowSegments.cut(packet, 1000);
            assertArrayEquals(expected.get(2), packets.get(0));
            assertArrayEquals(expected.get(3), packets.get(1));
        }
    }

    @Test
    void shouldKeepTheByteBehindAPacketFromWhoeverWritesThere() {
        SplittableRandom random = new SplittableRandom(Sim.seed());
        byte[] packet = SlowSegments.random(random, 0, 5000);
        PacketBuffer superFrame = superFrame(packet, 1000, 0);
        List<byte[]> expected = SlowSegments.cut(packet, 1000);

        segmenter.start(superFrame);
        for (byte[] each : expected) {
            segmenter.next();
            int end = superFrame.offset() + superFrame.length();
            assertArrayEquals(each, completed(superFrame, 0));
            superFrame.memory().putByte(end, (byte) 0x17);
        }
        pool.release(superFrame);
    }

    @Test
    void shouldReduceToTheFirstPacketWhole() {
        SplittableRandom random = new SplittableRandom(Sim.seed());
        byte[] packet = SlowSegments.random(random, 0, 5000);
        PacketBuffer superFrame = superFrame(packet, 1000, 0);

        segmenter.reduce(superFrame);

        assertArrayEquals(SlowSegments.cut(packet, 1000).getFirst(), bytes(superFrame));
        assertFalse(superFrame.isChecksumPartial);
    }

    private void assertIsCut(byte[] packet, int segmentLength, int linkLength, String what) {
        PacketBuffer superFrame = superFrame(packet, segmentLength, linkLength);
        if (superFrame.segmentLength == 0) {
            assertEquals(1, SlowSegments.cut(packet, segmentLength).size(), what);
            pool.release(superFrame);
            return;
        }
        assertEquals(
                SlowSegments.cut(packet, segmentLength).size(), superFrame.packetCount(), what);
        segmenter.start(superFrame);
        for (byte[] each : SlowSegments.cut(packet, segmentLength)) {
            assertTrue(segmenter.hasNext(), what);
            assertEquals(linkLength + each.length, segmenter.nextLength(), what);
            segmenter.next();
            assertArrayEquals(each, completed(superFrame, linkLength), what);
        }
        assertFalse(segmenter.hasNext(), what);
        pool.release(superFrame);
    }

    /** As it stands behind the packet decoder, or the frame encoder. */
    private PacketBuffer superFrame(byte[] packet, int segmentLength, int linkLength) {
        PacketBuffer buffer = pool.acquire();
        buffer.reset(packet.length);
        buffer.memory().putBytes(buffer.offset(), SlowSegments.partial(packet));
        boolean isUdp = SlowSegments.protocol(packet) == 17;
        int tcp = SlowSegments.isIpv4(packet) ? VirtioNetHeader.GSO_TCP4 : VirtioNetHeader.GSO_TCP6;
        buffer.gsoType = isUdp ? VirtioNetHeader.GSO_UDP : tcp;
        buffer.segmentLength = segmentLength;
        buffer.checksumStart = SlowSegments.transportOffset(packet);
        buffer.checksumField = isUdp ? 6 : 16;
        PacketBatch batch = new PacketBatch(1);
        batch.add(buffer);
        decoder.process(batch);
        assertEquals(1, batch.size());
        buffer.push(linkLength);
        buffer.linkLength = linkLength;
        return buffer;
    }

    private static byte[] completed(PacketBuffer segment, int linkLength) {
        segment.pull(linkLength);
        segment.isChecksumPartial = true;
        TransportChecksum.complete(segment);
        byte[] bytes = bytes(segment);
        segment.push(linkLength);
        return bytes;
    }

    private static byte[] bytes(PacketBuffer packet) {
        return Sim.bytes(packet.memory(), packet.offset(), packet.length());
    }
}
