package io.spillway.dataplane.forward;

import static io.spillway.dataplane.forward.ForwardFixture.content;
import static io.spillway.dataplane.sim.Frames.dontFragment;
import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.Frames;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.dataplane.sim.Sim;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TunnelFitTest {
    /**
     * 1500 - IPv4 20 - UDP 8 - header 13 + CID 4 - nonce 8 - inner type 1 - tag 16 - our type 1.
     */
    private static final int MTU = 1429;

    private static final byte[] MSS_1460 = {2, 4, 0x05, (byte) 0xb4};

    private final ForwardFixture fixture = new ForwardFixture();

    @BeforeEach
    void bringTunnelUp() {
        fixture.install(fixture.first, SessionPair.of(1, 1, 2).client());
    }

    @Test
    void shouldKnowTheOverheadExactly() {
        assertEquals(MTU, fixture.first.mtu());
    }

    @Test
    void shouldLetPassWhatJustFits() {
        byte[] sent = dontFragment(udp("10.1.0.7", "10.2.0.8", 53, new byte[MTU - 28]));

        assertNotNull(fixture.route(fixture.fromLan(sent)));
    }

    @Test
    void shouldSendTheMtuBackForWhatMayNotBeCut() {
        byte[] sent = dontFragment(udp("10.1.0.7", "10.2.0.8", 53, new byte[MTU - 27]));

        assertNull(fixture.route(fixture.fromLan(sent)));

        assertEquals(1, fixture.dropped(DropReason.PACKET_TOO_BIG));
        byte[] error = content(fixture.lanRing.poll());
        assertEquals(3, error[20]);
        assertEquals(4, error[21]);
        assertEquals(MTU, Packets.get16(error, 26));
        assertEquals(0, fixture.used() - 1);
    }

    @Test
    void shouldSendTheMtuBackForIpv6() {
        byte[] sent = udp("fd00:1::7", "fd00:2::8", 53, new byte[MTU - 47]);

        assertNull(fixture.route(fixture.fromLan(sent)));

        byte[] error = content(fixture.lanRing.poll());
        assertEquals(2, error[40]);
        assertEquals(MTU, Packets.get16(error, 46));
    }

    @Test
    void shouldCutTheRestIntoFragmentsThatFit() {
        byte[] data = Packets.random(new SplittableRandom(Sim.seed()), 4000);
        byte[] sent = udp("10.1.0.7", "10.2.0.8", 53, data);

        assertNull(fixture.route(fixture.fromLan(sent)));

        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        PacketBuffer fragment;
        while ((fragment = fixture.first.ring().poll()) != null) {
            byte[] bytes = content(fragment);
            assertTrue(bytes.length <= MTU && Frames.isSoundIpv4(bytes));
            assertEquals(63, bytes[8]);
            assertEquals(whole.size(), (Packets.get16(bytes, 6) & 0x1FFF) * 8);
            whole.write(bytes, 20, bytes.length - 20);
            fixture.pool.release(fragment);
        }
        assertArrayEquals(data, Sim.bytes(wrap(whole.toByteArray()), 8, data.length));
        assertEquals(0, fixture.used());
    }

    /**
     * What the host's kernel left to us to cut, segment by segment; no host could check it else.
     */
    @Test
    void shouldCompleteTheChecksumsOfASuperFrameBeforeItsSegmentsAreCut() {
        int segment = 1460;
        byte[] data = Packets.random(new SplittableRandom(Sim.seed()), 3 * segment + 100);
        PacketBuffer superFrame = fixture.fromLan(udp("10.1.0.7", "10.2.0.8", 53, data));
        superFrame.segmentLength = segment;
        superFrame.packetCount(4);
        superFrame.isChecksumPartial = true;

        assertNull(fixture.route(superFrame));

        for (int i = 0; i < 3; i++) {
            byte[] first = content(take());
            byte[] second = content(take());
            byte[] udp = Packets.join(Sim.behind(first, 20), Sim.behind(second, 20));
            assertArrayEquals(
                    Sim.bytes(wrap(data), i * segment, segment), Sim.behind(udp, 8), "segment");
            assertEquals(0xFFFF, sumOfUdp(first, udp));
        }
        PacketBuffer last = fixture.first.ring().poll();
        assertTrue(last.isChecksumPartial, "short enough to stay whole");
        assertEquals(128, last.length());
        assertNull(fixture.first.ring().poll());
    }

    private PacketBuffer take() {
        PacketBuffer fragment = fixture.first.ring().poll();
        assertTrue(fragment.length() <= MTU && !fragment.isChecksumPartial);
        return fragment;
    }

    private static int sumOfUdp(byte[] ipv4, byte[] udp) {
        byte[] pseudo = {0, 17, (byte) (udp.length >>> 8), (byte) udp.length};
        return Packets.slowSum(Packets.join(Sim.bytes(wrap(ipv4), 12, 8), pseudo, udp));
    }

    @Test
    void shouldFollowThePathAtOnce() {
        fixture.first.pathMtu(1280);
        byte[] sent = dontFragment(udp("10.1.0.7", "10.2.0.8", 53, new byte[MTU - 28]));

        assertNull(fixture.route(fixture.fromLan(sent)));

        assertEquals(1280 - 71, Packets.get16(content(fixture.lanRing.poll()), 26));
    }

    /**
     * At a PoP: what answers goes back by the tunnel that the SYN came by, whose path is narrow.
     */
    @Test
    void shouldClampToTheTunnelThatTheSynCameByWhenItLeavesByAnother() {
        fixture.install(fixture.pop, SessionPair.of(3, 3, 4).client());
        fixture.pop.pathMtu(1280);

        PacketBuffer syn = fixture.route(fixture.fromTunnel(syn(), fixture.pop));

        assertEquals(1280 - 71 - 40, Packets.get16(content(syn), 42));
        assertTrue(Frames.isSoundIpv4(content(syn)));
    }

    private static org.agrona.DirectBuffer wrap(byte[] bytes) {
        return new org.agrona.concurrent.UnsafeBuffer(bytes);
    }

    @Test
    void shouldLoseNoSlotWhenThePoolEndsAmidTheFragments() {
        PacketBuffer packet = fixture.fromLan(udp("10.1.0.7", "10.2.0.8", 53, new byte[4000]));
        while (fixture.pool.freeCount() > 1) {
            fixture.pool.acquire();
        }

        assertNull(fixture.route(packet));

        assertEquals(1, fixture.dropped(DropReason.POOL_EXHAUSTED));
        assertEquals(1, fixture.first.ring().size());
        assertEquals(1, fixture.pool.freeCount(), "the packet's own");
    }

    @Test
    void shouldTellTcpASegmentSizeThatFits() {
        PacketBuffer syn = fixture.route(fixture.fromLan(syn()));

        assertEquals(MTU - 40, Packets.get16(content(syn), 42));
        assertTrue(Frames.isSoundIpv4(content(syn)));
    }

    @Test
    void shouldClampToTheSmallestTransportOfTheSite() {
        fixture.publish(1, 0, List.of(fixture.first), 1380);

        PacketBuffer syn = fixture.route(fixture.fromLan(syn()));

        assertEquals(1340, Packets.get16(content(syn), 42));
    }

    @Test
    void shouldClampWhatComesInByTunnel() {
        byte[] bytes = Packets.tcpOverIpv4(0x12, MSS_1460, new byte[0]);
        byte[] answer = swapAddresses(bytes);

        PacketBuffer syn = fixture.route(fixture.fromTunnel(answer, fixture.first));

        assertEquals(MTU - 40, Packets.get16(content(syn), 42));
    }

    /** The checksum covers both addresses alike, so it stays right. */
    private static byte[] swapAddresses(byte[] packet) {
        byte[] swapped = packet.clone();
        System.arraycopy(packet, 12, swapped, 16, 4);
        System.arraycopy(packet, 16, swapped, 12, 4);
        return swapped;
    }

    /** The loopback's MTU is 65536, a record's content ends at 2^14 (RFC 5246 §6.2.1). */
    @Test
    void shouldNotPromiseMoreThanARecordHolds() {
        var remote = new InetSocketAddress("127.0.0.1", 9);
        Tunnel wide = new Tunnel(3, 0, 0, 2, remote, 65_536, fixture.pool, 8);

        fixture.install(wide, SessionPair.of(5, 5, 6).client());

        assertEquals((1 << 14) - ContentType.LENGTH, wide.mtu());
    }

    private static byte[] syn() {
        return Packets.tcpOverIpv4(0x02, MSS_1460, new byte[0]);
    }
}
