package io.spillway.dataplane.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.firewall.LanFirewall;
import io.spillway.dataplane.header.Checksum;
import io.spillway.dataplane.header.IcmpHeader;
import io.spillway.dataplane.header.Icmpv6Header;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.header.TransportChecksum;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.routing.fib.IpAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProofEchoTest {
    private static final int SEED = 4711;
    private final ForwardFixture fixture = new ForwardFixture();
    private final ProofEcho echo =
            new ProofEcho(fixture.view, fixture.news, fixture.drops, fixture.pool);
    private final PacketBatch batch = new PacketBatch(4);

    @BeforeEach
    void open() {
        fixture.install(fixture.first, SessionPair.of(1, 1, 2).client());
        fixture.install(fixture.second, SessionPair.of(2, 3, 4).client());
        fixture.publish(1, 0, List.of(fixture.first));
    }

    @Test
    void shouldLeaveByTheTunnelUnderTestAsLargeAsItTakes() {
        PacketBuffer request = routed(request("10.2.0.1", true));

        assertEquals(Exit.tunnel(fixture.second.index()), request.exit);
        assertEquals(fixture.second.mtu(), request.length());
        assertEquals(ContentType.PROOF, request.contentType);
        int offset = request.offset();
        assertEquals(Packets.ip4("10.1.0.1"), Ipv4Header.source(request.memory(), offset));
        assertEquals(Packets.ip4("10.2.0.1"), Ipv4Header.destination(request.memory(), offset));
        assertSound4(request, IcmpHeader.ECHO_REQUEST);
    }

    @Test
    void shouldBeTurnedRoundAndGoBackByTheSameTunnel() {
        PacketBuffer reply = routed(atPeer("10.2.0.1", "10.1.0.1"));

        assertEquals(Exit.tunnel(fixture.second.index()), reply.exit);
        assertEquals(Packets.ip4("10.1.0.1"), Ipv4Header.source(reply.memory(), reply.offset()));
        assertSound4(reply, IcmpHeader.ECHO_REPLY);
        assertEquals(7, ProofPacket.sequence(reply));
        assertEquals(1_000, ProofPacket.sentNs(reply));
        assertTrue(fixture.news.heard.isEmpty());
    }

    @Test
    void shouldTellControlOfTheReplyAndHandItToNobody() {
        PacketBuffer reply = turned(atPeer("10.2.0.1", "10.1.0.1"));
        swapEnds(reply);

        assertNull(turned(reply));

        assertEquals(List.of("proof 2 7 " + fixture.second.mtu()), fixture.news.heard);
    }

    @Test
    void shouldLeadNoFlowToItsTunnelAtEitherEnd() {
        LanFirewall firewall = fixture.firewall;
        PacketBuffer request = request("10.2.0.1", true);
        assertLeadsNone(firewall, request);
        assertLeadsNone(firewall, turned(atPeer("10.2.0.1", "10.1.0.1")));
    }

    private void assertLeadsNone(LanFirewall firewall, PacketBuffer proof) {
        batch.clear();
        batch.add(proof);
        firewall.process(batch);
        assertEquals(
                PacketBuffer.NONE,
                fixture.flows.arrivalTunnel(
                        proof.flow, fixture.clock.nanoTime(), Router.ANSWER_WINDOW_NS));
    }

    @Test
    void shouldWorkOverIpv6() {
        PacketBuffer request = routed(request("fd00:2::1", true));
        assertEquals(Exit.tunnel(fixture.second.index()), request.exit);
        assertSound6(request, Icmpv6Header.ECHO_REQUEST);

        PacketBuffer reply = routed(atPeer("fd00:2::1", "fd00:1::1"));

        assertEquals(Exit.tunnel(fixture.second.index()), reply.exit);
        assertSound6(reply, Icmpv6Header.ECHO_REPLY);
    }

    @Test
    void shouldNotBeAnsweredForAnAddressThatIsNotOurs() {
        assertNull(turned(atPeer("10.2.0.1", "10.3.0.1")));
        assertNull(turned(atPeer("10.2.0.1", "172.16.0.1")));

        assertEquals(2, fixture.dropped(DropReason.PROOF_MALFORMED));
    }

    @Test
    void shouldNotLeaveWhereItsRouteLeadsToAnotherSite() {
        assertNull(routed(request("10.3.0.1", true)));
        assertNull(routed(request("10.1.0.7", true)));
        assertNull(routed(request("172.16.0.1", true)));

        assertEquals(3, fixture.dropped(DropReason.PROOF_NO_PATH));
    }

    @Test
    void shouldCutTheReplyToWhatThisEndTakes() {
        PacketBuffer large = atPeer("10.2.0.1", "10.1.0.1");
        int mtu = fixture.second.mtu();
        large.set(large.offset(), mtu + 100);
        Ipv4Header.write(
                large.memory(),
                large.offset(),
                0,
                mtu + 100,
                IcmpHeader.PROTOCOL,
                Packets.ip4("10.2.0.1"),
                Packets.ip4("10.1.0.1"));

        PacketBuffer reply = turned(large);

        assertEquals(mtu, reply.length());
        assertSound4(reply, IcmpHeader.ECHO_REPLY);
    }

    @Test
    void shouldDieWhateverElseIsInIt() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 2_000; i++) {
            PacketBuffer packet = atPeer("10.2.0.1", "10.1.0.1");
            for (int hit = 0; hit < 3; hit++) {
                int at = packet.offset() + random.nextInt(36);
                packet.memory().putByte(at, (byte) random.nextInt());
            }
            packet.set(packet.offset(), random.nextInt(packet.length() + 1));
            PacketBatch one = new PacketBatch(1);
            one.add(packet);
            fixture.decoder.process(one);
            echo.process(one);
            fixture.router.process(one);
            if (!one.isEmpty()) {
                int exit = one.get(0).exit;
                assertEquals(Exit.tunnel(fixture.second.index()), exit, "seed " + SEED);
                fixture.pool.release(one.get(0));
            }
        }
    }

    private PacketBuffer request(String destination, boolean isFull) {
        batch.clear();
        Proof proof = new Proof(7, IpAddress.parse(destination), isFull);
        echo.begin(fixture.second, proof, 1_000, batch);
        fixture.decoder.process(batch);
        assertEquals(1, batch.size());
        return batch.get(0);
    }

    /** As it comes out of the peer's tunnel at the site that is to answer, which is us here. */
    private PacketBuffer atPeer(String source, String destination) {
        boolean isIpv4 = source.indexOf(':') < 0;
        PacketBuffer packet = request(isIpv4 ? "10.2.0.1" : "fd00:2::1", true);
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse(destination);
        if (isIpv4) {
            ProofPacket.seal4(packet, true, from.toIpv4(), to.toIpv4());
        } else {
            Ipv6Header.writeSource(packet.memory(), packet.offset(), from.high(), from.low());
            Ipv6Header.writeDestination(packet.memory(), packet.offset(), to.high(), to.low());
            ProofPacket.seal6(packet, true);
        }
        packet.isFromHost = false;
        decode(packet);
        return packet;
    }

    private void decode(PacketBuffer packet) {
        batch.clear();
        batch.add(packet);
        fixture.decoder.process(batch);
        assertEquals(1, batch.size());
    }

    /** The reply at the site that asked. */
    private void swapEnds(PacketBuffer reply) {
        ProofPacket.seal4(reply, false, Packets.ip4("10.2.0.1"), Packets.ip4("10.1.0.1"));
        decode(reply);
    }

    private PacketBuffer turned(PacketBuffer packet) {
        batch.clear();
        batch.add(packet);
        echo.process(batch);
        return batch.isEmpty() ? null : batch.get(0);
    }

    private PacketBuffer routed(PacketBuffer packet) {
        PacketBuffer turned = packet.isFromHost ? packet : turned(packet);
        return turned == null ? null : fixture.route(turned);
    }

    private static void assertSound4(PacketBuffer packet, int type) {
        int icmp = packet.offset() + Ipv4Header.LENGTH_MIN;
        assertTrue(Ipv4Header.isValid(packet.memory(), packet.offset(), packet.length()));
        assertEquals(type, IcmpHeader.type(packet.memory(), icmp));
        int length = packet.length() - Ipv4Header.LENGTH_MIN;
        assertEquals(Checksum.VALID, Checksum.sum(packet.memory(), icmp, length));
    }

    private static void assertSound6(PacketBuffer packet, int type) {
        int icmp = packet.offset() + Ipv6Header.LENGTH;
        assertEquals(type, Icmpv6Header.type(packet.memory(), icmp));
        assertTrue(
                TransportChecksum.isValidIpv6(
                        packet.memory(),
                        packet.offset(),
                        icmp,
                        packet.length() - Ipv6Header.LENGTH,
                        Icmpv6Header.PROTOCOL));
    }
}
