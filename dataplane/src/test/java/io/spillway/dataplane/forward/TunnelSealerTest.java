package io.spillway.dataplane.forward;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.Session;
import io.spillway.crypto.record.RecordOpener;
import io.spillway.crypto.record.UsedUp;
import io.spillway.dataplane.buffer.DatagramBatch;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.dataplane.sim.Sim;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TunnelSealerTest {
    private static final int OVERHEAD = 13 + 4 + 8 + 1 + 16 + ContentType.LENGTH;

    private final ForwardFixture fixture = new ForwardFixture();
    private final SessionPair pair = SessionPair.of(1, 5, 6);
    private final PacketBatch packets = new PacketBatch(64);
    private final DatagramBatch datagrams = new DatagramBatch();
    private final SplittableRandom random = new SplittableRandom(Sim.seed());

    @Test
    void shouldSealSoThatThePeerOpens() {
        up();
        byte[] content = packet(777);

        seal();

        assertTrue(packets.isEmpty());
        assertEquals(777 + OVERHEAD, datagrams.length());
        assertArrayEquals(
                Packets.join(new byte[] {ContentType.PACKET}, content), open(pair.server(), 0));
        assertEquals(1, fixture.first.packetsSent().packets());
        assertEquals(777, fixture.first.packetsSent().bytes());
        assertEquals(0, fixture.used());
        assertEquals(fixture.first.endpointAddress(), datagrams.endpointAddress());
    }

    @Test
    void shouldPutEqualPacketsAndAShorterLastInOneMessage() {
        up();
        packet(500);
        packet(500);
        packet(300);
        packet(300);

        assertEquals(List.of(3, 1), sealAll());
    }

    @Test
    void shouldBeginANewMessageForALongerPacket() {
        up();
        packet(300);
        packet(500);
        packet(500);

        assertEquals(List.of(1, 2), sealAll());
    }

    @Test
    void shouldSplitWhatOneMessageCannotHold() {
        up();
        for (int i = 0; i < 60; i++) {
            packet(1400);
        }

        assertEquals(List.of(45, 15), sealAll());
        assertEquals(60, fixture.first.packetsSent().packets());
    }

    /** A probe for a larger MTU may be refused by the kernel; it alone (DESIGN §3). */
    @Test
    void shouldSendAProbeAloneThatIsLongerThanTheMtu() {
        up();
        packet(1400);
        content(ContentType.PROBE, 1460);
        packet(1400);
        content(ContentType.PROBE, 100);

        assertEquals(List.of(1, 1, 2), sealAll());
    }

    @Test
    void shouldDropWithoutASession() {
        packet(10);
        packet(20);

        assertEquals(List.of(0), sealAll());

        assertEquals(2, fixture.dropped(DropReason.TUNNEL_NOT_READY));
        assertEquals(0, fixture.used());
    }

    @Test
    void shouldDropUntilThePeerWasHeardWhenWeSentTheLastFlight() {
        fixture.install(fixture.first, pair.server());
        packet(10);
        assertEquals(List.of(0), sealAll());

        fixture.first.onOpened(pair.server());
        packet(10);

        assertEquals(List.of(1), sealAll());
        assertEquals(1, fixture.dropped(DropReason.TUNNEL_NOT_READY));
    }

    @Test
    void shouldDropWhenTheEpochIsUsedUpAndNotCountItAsSent() {
        up();
        UsedUp.useUp(pair.client().sealer());
        packet(10);
        packet(20);

        assertEquals(List.of(0), sealAll());

        assertEquals(2, fixture.dropped(DropReason.TUNNEL_EXHAUSTED));
        assertEquals(0, fixture.first.packetsSent().packets());
        assertEquals(0, fixture.used());
    }

    @Test
    void shouldTakeEveryLengthInAnyOrder() {
        up();
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < Sim.count(300, 10_000); i++) {
            sent.add(packet(random.nextInt(20, 1430)));
            if (packets.isFull() || random.nextInt(20) == 0) {
                openAll(sent);
            }
        }
        openAll(sent);
        assertEquals(0, fixture.used());
    }

    private void openAll(List<byte[]> sent) {
        int next = 0;
        while (!packets.isEmpty()) {
            seal();
            int offset = 0;
            for (int i = 0; i < datagrams.count(); i++) {
                byte[] expected = sent.get(next++);
                byte[] opened = open(pair.server(), offset);
                assertArrayEquals(
                        Packets.join(new byte[] {ContentType.PACKET}, expected),
                        opened,
                        "seed " + Sim.seed());
                offset += datagrams.segmentLength();
            }
            assertTrue(datagrams.length() <= DatagramBatch.LENGTH_MAX);
        }
        assertEquals(sent.size(), next);
        sent.clear();
    }

    private void up() {
        fixture.install(fixture.first, pair.client());
    }

    private byte[] packet(int length) {
        return content(ContentType.PACKET, length);
    }

    private byte[] content(byte type, int length) {
        byte[] bytes = Packets.random(random, length);
        PacketBuffer buffer = fixture.buffer(bytes);
        buffer.contentType = type;
        packets.add(buffer);
        return bytes;
    }

    private void seal() {
        fixture.sealer.process(fixture.first, packets, datagrams);
    }

    private List<Integer> sealAll() {
        List<Integer> counts = new ArrayList<>();
        while (!packets.isEmpty()) {
            seal();
            counts.add(datagrams.count());
        }
        return counts;
    }

    private byte[] open(Session peer, int offset) {
        int left = Math.min(datagrams.segmentLength(), datagrams.length() - offset);
        RecordOpener opener = peer.opener();
        int opened = opener.open(datagrams.memory(), offset, left);
        int length = opener.unwrap(datagrams.memory(), opener.plaintextOffset(), opened);
        return Sim.bytes(datagrams.memory(), opener.plaintextOffset(), length);
    }
}
