package io.spillway.dataplane.forward;

import static io.spillway.dataplane.forward.ForwardFixture.content;
import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import org.junit.jupiter.api.Test;

class IcmpReporterTest {
    private final ForwardFixture fixture = new ForwardFixture();

    @Test
    void shouldAnswerALanHostFromItsOwnGateway() {
        PacketBuffer packet = fixture.fromLan(question());
        packet.ingressInterface = 1;

        fixture.icmp.report(packet, DropReason.ROUTE_MISSING, 0);

        PacketBuffer error = fixture.lanRing.poll();
        assertEquals(Packets.ip4("10.1.1.1"), source(content(error)));
        assertEquals(1, error.egressInterface);
        assertEquals(packet.ingressMac, error.nextHopMac);
        assertEquals(4, error.ipVersion);
    }

    @Test
    void shouldAnswerThePeerByItsTunnel() {
        PacketBuffer packet = fixture.fromTunnel(question(), fixture.second);

        fixture.icmp.report(packet, DropReason.TTL_EXCEEDED, 0);

        PacketBuffer error = fixture.second.ring().poll();
        assertEquals(Packets.ip4("10.1.0.1"), source(content(error)));
    }

    @Test
    void shouldAnswerOurOwnKernelByTheHostPort() {
        PacketBuffer packet = fixture.fromLan(question());
        packet.isFromHost = true;
        packet.ingressInterface = PacketBuffer.NONE;

        fixture.icmp.report(packet, DropReason.ROUTE_SITE_DOWN, 0);

        assertNotNull(fixture.hostRing.poll());
    }

    @Test
    void shouldStaySilentAboutErrors() {
        PacketBuffer packet = fixture.fromLan(question());
        fixture.icmp.report(packet, DropReason.ROUTE_MISSING, 0);
        byte[] error = content(fixture.lanRing.poll());

        fixture.icmp.report(fixture.fromLan(error), DropReason.ROUTE_MISSING, 0);

        assertNull(fixture.lanRing.poll());
    }

    @Test
    void shouldStaySilentWithoutAnAddressOfTheFamily() {
        fixture.view.publish(Forwarding.EMPTY);
        fixture.icmp.report(fixture.fromLan(question()), DropReason.ROUTE_MISSING, 0);
        byte[] ipv6 = udp("fd00:1::7", "fd00:9::8", 53, new byte[4]);
        fixture.icmp.report(fixture.fromLan(ipv6), DropReason.ROUTE_MISSING, 0);

        assertNull(fixture.lanRing.poll());
        assertEquals(2, fixture.used(), "the packets alone");
    }

    @Test
    void shouldLimitTheRate() {
        PacketBuffer packet = fixture.fromLan(question());
        int answered = 0;
        for (int i = 0; i < 300; i++) {
            fixture.icmp.report(packet, DropReason.ROUTE_MISSING, 0);
            PacketBuffer error = fixture.lanRing.poll();
            if (error != null) {
                answered++;
                fixture.pool.release(error);
            }
        }

        assertEquals(100, answered);
        assertEquals(200, fixture.dropped(DropReason.ICMP_RATE_LIMITED));
        fixture.clock.update(fixture.clock.nanoTime() + 10_000_000);
        fixture.icmp.report(packet, DropReason.ROUTE_MISSING, 0);
        assertNotNull(fixture.lanRing.poll());
    }

    @Test
    void shouldGiveUpWhenThePoolIsExhausted() {
        PacketBuffer packet = fixture.fromLan(question());
        while (fixture.pool.acquire() != null) {
            assertTrue(fixture.used() <= 64);
        }

        fixture.icmp.report(packet, DropReason.ROUTE_MISSING, 0);

        assertEquals(1, fixture.dropped(DropReason.POOL_EXHAUSTED));
    }

    private static byte[] question() {
        return udp("10.1.0.7", "10.9.0.8", 53, new byte[100]);
    }

    private static int source(byte[] packet) {
        return Packets.get16(packet, 12) << 16 | Packets.get16(packet, 14);
    }
}
