package io.spillway.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.segment.SlowSegments;
import io.spillway.dataplane.sim.Frames;
import io.spillway.dataplane.sim.MeasuredPort;
import io.spillway.dataplane.sim.PrivateNetwork;
import io.spillway.dataplane.sim.Sim;
import io.spillway.tap.Layer;
import io.spillway.tap.NetworkDevice;
import io.spillway.tap.TapConfig;
import io.spillway.tap.TapDevice;
import io.spillway.tap.VirtioNetHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A super-frame that a real port gets reaches a device that knows no offload as the packets it
 * stands for, byte for byte and with whole checksums, whoever cuts it.
 *
 * <pre>
 *   TapWriter -- tap0 -- kernel's bridge -- tap1 -- the test
 * </pre>
 */
class TapWriterTest {
    private static final int ROUNDS = Sim.count(200, 5_000);
    private static final int FRAME_LENGTH_MAX = 1514;
    private static final int ETHERNET_LENGTH = 14;
    private static final int SEGMENT_LENGTH_MAX = 1400;
    private static final int PAYLOAD_LENGTH_MAX = 60_000;
    private static final int UDP = 17;
    private static final long GATEWAY_MAC = 0x0200_5E10_0001L;
    private static final long HOST_MAC = 0x0200_0000_0007L;
    private static final long PATIENCE_NS = 5_000_000_000L;

    /** How the port takes super-frames; we cut for all but the last. */
    enum Port {
        WITHOUT_HEADERS(false, 0),
        WITH_CHECKSUM_ONLY(true, TapConfig.OFFLOAD_CHECKSUM),
        AFTER_A_REFUSAL(true, TapConfig.OFFLOAD_ALL),
        WHOLE(true, TapConfig.OFFLOAD_ALL);

        private final boolean vnetHeader;
        private final int offloads;

        Port(boolean vnetHeader, int offloads) {
            this.vnetHeader = vnetHeader;
            this.offloads = offloads;
        }
    }

    private final SplittableRandom random = new SplittableRandom(Sim.seed());
    private final PacketPool pool = new PacketPool(2);
    private final Counters counters = new Counters();
    private final Drops drops = new Drops(counters, pool);
    private final PacketDecoder decoder = new PacketDecoder(drops);
    private final UnsafeBuffer received =
            new UnsafeBuffer(ByteBuffer.allocateDirect(FRAME_LENGTH_MAX));

    @ParameterizedTest
    @EnumSource
    void shouldReachAPlainDeviceAsThePacketsItStandsFor(Port shape) throws Throwable {
        PrivateNetwork.run(
                () -> {
                    PrivateNetwork.ip("link add br0 type bridge mcast_snooping 0");
                    PrivateNetwork.ip("link set br0 up");
                    try (var tap = new MeasuredPort(bridged("tap0", shape));
                            TapDevice far = bridged("tap1", Port.WITHOUT_HEADERS)) {
                        LanPort port = new LanPort(0, tap, false, List.of(), null);
                        TapWriter writer =
                                new TapWriter(
                                        port, pool, drops, new CachedNanoClock(), Capture.none());
                        if (shape == Port.AFTER_A_REFUSAL) {
                            port.onSuperFrameRefused(0);
                        }
                        for (int round = 0; round < ROUNDS; round++) {
                            pass(writer, far, "seed " + Sim.seed() + ", round " + round);
                        }
                        boolean isWhole =
                                tap.writtenMax() > FRAME_LENGTH_MAX + VirtioNetHeader.LENGTH;
                        assertEquals(shape == Port.WHOLE, isWhole, "written " + tap.writtenMax());
                    }
                });
    }

    private void pass(TapWriter writer, TapDevice far, String what) {
        int segmentLength = random.nextInt(100, SEGMENT_LENGTH_MAX + 1);
        int payloadLength = random.nextInt(segmentLength + 1, PAYLOAD_LENGTH_MAX);
        byte[] packet =
                SlowSegments.random(
                        random, random.nextInt(4), Math.min(payloadLength, 64 * segmentLength));
        PacketBatch batch = new PacketBatch(1);
        batch.add(superFrame(packet, segmentLength));

        writer.write(batch);

        for (byte[] segment : SlowSegments.cut(packet, segmentLength)) {
            byte[] frame = Frames.packet(HOST_MAC, GATEWAY_MAC, 0, segment);
            assertArrayEquals(known(frame), known(read(far)), what);
        }
        assertEquals(0, counters.dropped(DropReason.PORT_WRITE_REFUSED), what);
        assertEquals(pool.slotCount(), pool.freeCount(), what);
    }

    private static TapDevice bridged(String name, Port shape) throws Exception {
        TapDevice tap =
                TapDevice.open(
                        new TapConfig(
                                name, Layer.ETHERNET, shape.vnetHeader, shape.offloads, false));
        NetworkDevice.attachToBridge(name, "br0");
        NetworkDevice.setUp(name);
        return tap;
    }

    /** As it stands behind the frame encoder. */
    private PacketBuffer superFrame(byte[] packet, int segmentLength) {
        PacketBuffer buffer = pool.acquire();
        buffer.reset(packet.length);
        buffer.memory().putBytes(buffer.offset(), SlowSegments.partial(packet));
        buffer.gsoType = gsoType(packet);
        buffer.segmentLength = segmentLength;
        buffer.checksumStart = SlowSegments.transportOffset(packet);
        buffer.checksumField = SlowSegments.checksumOffset(packet) - buffer.checksumStart;
        PacketBatch batch = new PacketBatch(1);
        batch.add(buffer);
        decoder.process(batch);
        assertEquals(1, batch.size());
        byte[] frame = Frames.packet(HOST_MAC, GATEWAY_MAC, 0, packet);
        buffer.push(ETHERNET_LENGTH);
        buffer.memory().putBytes(buffer.offset(), frame, 0, ETHERNET_LENGTH);
        buffer.linkLength = ETHERNET_LENGTH;
        return buffer;
    }

    private static int gsoType(byte[] packet) {
        if (SlowSegments.protocol(packet) == UDP) {
            return VirtioNetHeader.GSO_UDP;
        }
        return SlowSegments.isIpv4(packet) ? VirtioNetHeader.GSO_TCP4 : VirtioNetHeader.GSO_TCP6;
    }

    /** The next frame of ours; the kernel says something of its own at times. */
    private byte[] read(TapDevice far) {
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < PATIENCE_NS) {
            int length = far.read(received.addressOffset(), FRAME_LENGTH_MAX);
            byte[] frame = Sim.bytes(received, 0, Math.max(length, 0));
            if (length > 0 && Frames.destination(frame) == HOST_MAC) {
                return frame;
            }
            if (length < 0) {
                LockSupport.parkNanos(20_000);
            }
        }
        throw new AssertionError("nothing came");
    }

    /** With DF set an identification means nothing, and nobody promises to keep it (RFC 6864). */
    private static byte[] known(byte[] frame) {
        byte[] packet = Frames.content(frame);
        if (SlowSegments.isIpv4(packet) && (packet[6] & 0x40) != 0) {
            Packets.put16(packet, 4, 0);
            Packets.put16(packet, 10, 0);
        }
        return packet;
    }
}
