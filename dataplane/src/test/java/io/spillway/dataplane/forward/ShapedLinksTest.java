package io.spillway.dataplane.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.shape.LinkShaper;
import io.spillway.dataplane.sim.Frames;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class ShapedLinksTest {
    private static final long MS = 1_000_000;
    private static final long RATE = 8_000_000; // a byte takes a microsecond

    private final ForwardFixture fixture = new ForwardFixture();
    private final LinkShaper shaper =
            new LinkShaper(
                    new LinkShaper.Config(RATE, 16, 1), fixture.pool, fixture.drops, fixture.clock);
    private final TunnelRings rings =
            new TunnelRings(
                    new ShapedLinks(new LinkShaper[] {shaper, null}, fixture.view, fixture.drops),
                    Capture.none());
    private final PacketBatch batch = new PacketBatch(8);

    @Test
    void shouldHoldPacketsUntilTheirTimeButNoProbe() {
        for (int i = 0; i < 8; i++) {
            offer(fixture.first, packet(1_100)); // about 1.2 ms each, 4 ms are free after a pause
        }
        offer(fixture.first, content(ContentType.PROBE, 40));

        assertSame(fixture.first, poll());
        int atOnce = batch.size();
        assertTrue(atOnce < 8);
        assertSame(fixture.first, poll());
        assertEquals(ContentType.PROBE, batch.get(0).contentType);
        assertNull(poll());
        assertTrue(rings.isEmpty(), "sleeping is right");

        fixture.clock.update(fixture.clock.nanoTime() + 2 * MS);
        assertFalse(rings.isEmpty());
        assertSame(fixture.first, poll());
    }

    @Test
    void shouldCountProbesAsTheyPass() {
        for (int i = 0; i < 20; i++) {
            offer(fixture.first, content(ContentType.PROBE, 1_400));
            poll();
        }
        offer(fixture.first, packet(100));

        assertNull(poll());
        long deadlineNs = rings.soonest(fixture.clock.nanoTime() + 1_000 * MS);
        assertTrue(deadlineNs - fixture.clock.nanoTime() > 20 * MS);
    }

    @Test
    void shouldHoldWhatIsRelayed() {
        for (int i = 0; i < 8; i++) {
            offer(fixture.first, content(ContentType.RELAY, 1_200));
        }

        poll();

        assertTrue(batch.size() < 8);
        assertNull(poll());
    }

    @Test
    void shouldLetPacketsOfAnUnshapedLinkPass() {
        var remote = new InetSocketAddress("198.51.100.77", 20060);
        Tunnel other = new Tunnel(9, 1, 0, 2, remote, 1500, fixture.pool, 8);
        Tunnel relayed = new Tunnel(8, 2, 0, 2, remote, 1500, fixture.pool, 8);
        shaper.spend(100_000);

        offer(other, packet(1_000));
        offer(relayed, packet(1_000));

        assertSame(other, poll());
        assertSame(relayed, poll());
    }

    @Test
    void shouldFillABatchWithOneTunnelsPackets() {
        offer(fixture.first, packet(100));
        offer(fixture.second, packet(101));

        Tunnel one = poll();
        assertEquals(1, batch.size());
        Tunnel other = poll();

        assertEquals(1, batch.size());
        assertEquals(1 + 2, one.index() + other.index());
    }

    @Test
    void shouldDropPacketsWhoseTunnelIsGone() {
        var remote = new InetSocketAddress("198.51.100.77", 20060);
        Tunnel gone = new Tunnel(55, 0, 0, 2, remote, 1500, fixture.pool, 8);
        offer(gone, packet(100));
        offer(fixture.first, packet(100));

        assertSame(fixture.first, poll());

        assertEquals(1, fixture.dropped(DropReason.TUNNEL_CLOSED));
    }

    private void offer(Tunnel tunnel, PacketBuffer packet) {
        assertTrue(rings.offer(tunnel, packet));
    }

    private Tunnel poll() {
        batch.clear();
        return rings.poll(batch);
    }

    private PacketBuffer packet(int dataLength) {
        byte[] bytes = Frames.udp("10.1.0.7", "10.2.0.9", dataLength, new byte[dataLength]);
        PacketBuffer packet = fixture.buffer(bytes);
        packet.ipVersion = 6; // of who had the buffer before
        return packet;
    }

    private PacketBuffer content(byte contentType, int length) {
        PacketBuffer content = fixture.buffer(new byte[length]);
        content.contentType = contentType;
        return content;
    }
}
