package io.spillway.dataplane.shape;

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
import io.spillway.tap.VirtioNetHeader;
import java.nio.ByteOrder;
import org.agrona.concurrent.CachedNanoClock;

/** A link's shaper around a pool, a clock that the test moves, and packets for it. */
final class ShapeFixture {
    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;
    static final int OVERHEAD = 66;
    static final int MSS = 1348;

    final CachedNanoClock clock = new CachedNanoClock();
    final Counters counters = new Counters();
    final PacketPool pool;
    final Drops drops;
    final LinkShaper shaper;
    private final PacketDecoder decoder;
    private final PacketBatch batch = new PacketBatch(1);

    ShapeFixture(long bitsPerSecond, int slotsMax) {
        this(bitsPerSecond, slotsMax, 4 * slotsMax);
    }

    ShapeFixture(long bitsPerSecond, int slotsMax, int poolSlots) {
        pool = new PacketPool(poolSlots);
        drops = new Drops(counters, pool);
        decoder = new PacketDecoder(drops);
        clock.update(77 * SECOND);
        var config = new LinkShaper.Config(bitsPerSecond, slotsMax, 0x5EED);
        shaper = new LinkShaper(config, pool, drops, clock);
    }

    void advance(long ns) {
        clock.update(clock.nanoTime() + ns);
    }

    void offer(PacketBuffer packet) {
        shaper.offer(packet, OVERHEAD);
    }

    /** The next that may leave, or null. */
    PacketBuffer poll() {
        PacketBuffer packet = shaper.peek();
        if (packet != null) {
            shaper.remove();
        }
        return packet;
    }

    /**
     * Bytes on the link of what leaves within so long, looked at every quarter of a millisecond.
     */
    long send(long ns) {
        long bytes = 0;
        for (long end = clock.nanoTime() + ns; clock.nanoTime() - end < 0; advance(MS / 4)) {
            for (PacketBuffer packet = poll(); packet != null; packet = poll()) {
                bytes += WireLength.of(packet);
                pool.release(packet);
            }
        }
        return bytes;
    }

    /** A UDP packet of a flow, with that type-of-service byte. */
    PacketBuffer udp(int flow, int traffic, int dataLength) {
        byte[] packet = Frames.udp("10.1.0.7", "10.2.0.9", 1000 + flow, new byte[dataLength]);
        packet[1] = (byte) traffic;
        return decoded(Frames.withChecksum(packet), 0);
    }

    /** So many full segments of TCP. */
    PacketBuffer superFrame(int traffic, int segments) {
        return superFrame(traffic, new byte[segments * MSS]);
    }

    PacketBuffer superFrame(int traffic, byte[] data) {
        byte[] packet = SlowSegments.partial(Packets.tcpOverIpv4(0x18, new byte[0], data));
        packet[1] = (byte) traffic;
        return decoded(Frames.withChecksum(packet), MSS);
    }

    private PacketBuffer decoded(byte[] bytes, int segmentLength) {
        PacketBuffer packet = pool.acquire();
        packet.reset(bytes.length);
        packet.memory().putBytes(packet.offset(), bytes);
        if (segmentLength > 0) {
            packet.gsoType = VirtioNetHeader.GSO_TCP4;
            packet.segmentLength = segmentLength;
            packet.checksumStart = 20;
            packet.checksumField = 16;
        }
        batch.clear();
        batch.add(packet);
        decoder.process(batch);
        if (batch.isEmpty()) {
            throw new AssertionError("the decoder refused it");
        }
        return packet;
    }

    static int destinationPort(PacketBuffer packet) {
        return packet.memory().getShort(packet.offset() + 22, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    long dropped(DropReason reason) {
        return counters.dropped(reason);
    }

    int used() {
        return pool.slotCount() - pool.freeCount();
    }
}
