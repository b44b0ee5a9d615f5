package io.spillway.dataplane.forward;

import static io.spillway.dataplane.forward.ForwardFixture.content;
import static io.spillway.dataplane.sim.Frames.udp;
import static io.spillway.dataplane.sim.Frames.withTtl;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.Frames;
import io.spillway.dataplane.sim.SessionPair;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
    private static final String HOST = "10.1.0.7";
    private static final long GRAIN_NS = 2_000_000; // of the flow table's clock

    private final ForwardFixture fixture = new ForwardFixture();

    @BeforeEach
    void bringTunnelsUp() {
        fixture.install(fixture.first, SessionPair.of(1, 1, 2).client());
        fixture.install(fixture.second, SessionPair.of(2, 3, 4).client());
    }

    @Test
    void shouldSendToTheNeighbourItselfOnAConnectedNetwork() {
        PacketBuffer packet = fixture.route(lan("10.1.1.8"));

        assertEquals(Exit.port(0), packet.exit);
        assertEquals(1, packet.egressInterface);
        assertEquals(Packets.ip4("10.1.1.8"), (int) packet.nextHopLow);
        assertEquals(63, content(packet)[8]);
        assertTrue(Frames.isSoundIpv4(content(packet)));
    }

    @Test
    void shouldSendToTheGatewayOfARoute() {
        PacketBuffer packet = fixture.route(lan("10.1.9.8"));

        assertEquals(0, packet.egressInterface);
        assertEquals(0, packet.nextHopHigh);
        assertEquals(Integer.toUnsignedLong(Packets.ip4("10.1.0.254")), packet.nextHopLow);
    }

    @Test
    void shouldRouteIpv6AndTakeOneOffTheHopLimit() {
        byte[] sent = udp("fd00:1::7", "fd00:1::8", 53, new byte[9]);

        PacketBuffer packet = fixture.route(fixture.fromLan(sent));

        assertEquals(Packets.high("fd00:1::8"), packet.nextHopHigh);
        assertEquals(Packets.low("fd00:1::8"), packet.nextHopLow);
        assertEquals(63, content(packet)[7]);
    }

    @Test
    void shouldSendToASiteByItsTunnel() {
        PacketBuffer packet = fixture.route(lan("10.2.0.8"));

        assertEquals(Exit.tunnel(1), packet.exit);
        assertEquals(63, content(packet)[8]);
    }

    @Test
    void shouldKeepTheTtlOfPacketsThatEndAtTheHostPort() {
        byte[] sent = withTtl(udp(HOST, "10.1.0.1", 179, new byte[4]), 1);

        PacketBuffer packet = fixture.route(fixture.fromLan(sent));

        assertEquals(Exit.port(1), packet.exit);
        assertEquals(1, content(packet)[8]);
    }

    @Test
    void shouldKeepTheTtlOfPacketsThatStartAtTheHostPort() {
        byte[] sent = withTtl(udp("10.1.0.1", "10.2.0.8", 179, new byte[4]), 1);
        PacketBuffer packet = fixture.fromLan(sent);
        packet.isFromHost = true;

        packet = fixture.route(packet);

        assertEquals(Exit.tunnel(1), packet.exit);
        assertEquals(1, content(packet)[8]);
    }

    @Test
    void shouldAnswerThatTheTimeIsUp() {
        byte[] sent = withTtl(udp(HOST, "10.2.0.8", 53, new byte[4]), 1);

        assertNull(fixture.route(fixture.fromLan(sent)));

        assertEquals(1, fixture.dropped(DropReason.TTL_EXCEEDED));
        byte[] error = content(fixture.lanRing.poll());
        assertEquals(11, error[20]);
        assertEquals(Packets.ip4(HOST), Packets.get16(error, 16) << 16 | Packets.get16(error, 18));
    }

    @ParameterizedTest
    @CsvSource({
        "10.9.0.1, ROUTE_MISSING, 0",
        "10.5.0.1, ROUTE_UNREACHABLE, 1",
        "10.6.0.1, ROUTE_PROHIBITED, 13",
        "10.3.0.1, ROUTE_SITE_DOWN, 1",
        "10.4.0.1, ROUTE_PROHIBITED, 13"
    })
    void shouldRefuseWithItsReasonAndTellTheSender(String target, DropReason reason, int code) {
        assertNull(fixture.route(lan(target)));

        assertEquals(1, fixture.dropped(reason));
        PacketBuffer error = fixture.lanRing.poll();
        assertEquals(3, content(error)[20]);
        assertEquals(code, content(error)[21]);
        assertEquals(0x0200_0000_0007L, error.nextHopMac);
        assertTrue(Frames.isSoundIpv4(content(error)));
        assertEquals(1, fixture.used(), "the error alone");
    }

    @Test
    void shouldRefuseASiteWhoseTunnelHasNoSession() {
        fixture.sessions.removeAll(fixture.first);

        assertNull(fixture.route(lan("10.2.0.8")));

        assertEquals(1, fixture.dropped(DropReason.ROUTE_SITE_DOWN));
    }

    @Test
    void shouldSpreadFlowsOverTheTunnelsAndKeepEachOnOne() {
        fixture.publish(1, 0, List.of(fixture.first, fixture.second));
        boolean[] isUsed = new boolean[2];
        for (int port = 1; port <= 40; port++) {
            int exit = exitOf(port);
            isUsed[Exit.index(exit) - 1] = true;
            assertEquals(exit, exitOf(port));
        }

        assertTrue(isUsed[0] && isUsed[1]);
    }

    @Test
    void shouldKeepAFlowOnItsTunnelWhenAnotherComesOrGoes() {
        publishShared(fixture.second);
        for (int port = 1; port <= 40; port++) {
            assertEquals(Exit.tunnel(2), exitOf(port));
        }
        publishShared(fixture.first, fixture.second);
        boolean[] isUsed = new boolean[2];
        for (int port = 1; port <= 80; port++) {
            int exit = exitOf(port);
            isUsed[Exit.index(exit) - 1] |= port > 40;
            assertTrue(port > 40 || exit == Exit.tunnel(2), "it stays");
        }
        assertTrue(isUsed[0] && isUsed[1], "new ones are spread");

        publishShared(fixture.first);
        for (int port = 1; port <= 80; port++) {
            assertEquals(Exit.tunnel(1), exitOf(port), "its tunnel is gone");
        }
    }

    private void publishShared(Tunnel... toSite2) {
        fixture.publish(1, 0, new SiteExit(2, List.of(toSite2), 0, false, true));
    }

    @Test
    void shouldAnswerByThePopTunnelThatTheQuestionCameBy() {
        Tunnel other = fixture.tunnel(3, Tunnel.POP);
        fixture.install(fixture.pop, SessionPair.of(3, 5, 6).client());
        fixture.install(other, SessionPair.of(4, 7, 8).client());
        fixture.publish(1, 0, List.of(fixture.pop, other));

        for (Tunnel tunnel : List.of(fixture.pop, other, fixture.pop)) {
            fixture.flows.touch(lan("10.2.9.9").tuple, 0); // another flow changes nothing
            arriveBy(tunnel);
        }
        assertEquals(Exit.tunnel(fixture.pop.index()), answerExit());
        arriveBy(other);
        assertEquals(Exit.tunnel(fixture.pop.index()), answerExit(), "it stays there");
    }

    private int exitOf(int port) {
        PacketBuffer packet =
                fixture.route(fixture.fromLan(udp(HOST, "10.2.0.8", port, new byte[4])));
        int exit = packet.exit;
        fixture.pool.release(packet);
        return exit;
    }

    @Test
    void shouldAnswerByTheTunnelOfTheQuestionForASecond() {
        fixture.clock.update(1_000);
        arriveBy(fixture.second);

        assertEquals(Exit.tunnel(2), answerExit());
        fixture.clock.update(1_000 + Router.ANSWER_WINDOW_NS - GRAIN_NS);
        assertEquals(Exit.tunnel(2), answerExit());
        fixture.clock.update(1_000 + Router.ANSWER_WINDOW_NS + GRAIN_NS);
        assertEquals(Exit.tunnel(1), answerExit());
    }

    @Test
    void shouldNotAnswerByATunnelThatIsDownOrOfAnotherSite() {
        arriveBy(fixture.pop);
        assertEquals(Exit.tunnel(1), answerExit());
        arriveBy(fixture.second);
        fixture.sessions.removeAll(fixture.second);

        assertEquals(Exit.tunnel(1), answerExit());
    }

    @Test
    void shouldNotAnswerByATunnelWhoseFarEndIsSilentThoughItHasASession() {
        arriveBy(fixture.second);
        SiteExit exit = new SiteExit(2, List.of(fixture.first), 0, false);

        fixture.publish(1, 0, exit, List.of(fixture.second));

        assertEquals(Exit.tunnel(1), answerExit());
    }

    private void arriveBy(Tunnel tunnel) {
        PacketBuffer question =
                fixture.fromTunnel(udp("10.2.0.8", HOST, 40_000, new byte[4]), tunnel);
        fixture.flows.arrived(question.flow, tunnel.index(), fixture.clock.nanoTime());
        fixture.pool.release(question);
    }

    private int answerExit() {
        PacketBuffer answer =
                fixture.route(fixture.fromLan(udp(HOST, "10.2.0.8", 40_000, new byte[4])));
        int exit = answer.exit;
        fixture.pool.release(answer);
        return exit;
    }

    @Test
    void shouldRelayFromTunnelToTunnel() {
        fixture.publish(0, 0, List.of(fixture.second));

        PacketBuffer packet =
                fixture.route(
                        fixture.fromTunnel(
                                udp("10.3.0.8", "10.2.0.9", 53, new byte[4]), fixture.first));

        assertNotNull(packet);
        assertEquals(Exit.tunnel(2), packet.exit);
        assertEquals(63, content(packet)[8]);
    }

    @Test
    void shouldKeepTheOrderOfSurvivors() {
        fixture.batch.clear();
        PacketBuffer[] kept = {lan("10.2.0.1"), lan("10.1.1.2"), lan("10.2.0.3")};
        fixture.batch.add(kept[0]);
        fixture.batch.add(lan("10.9.9.9"));
        fixture.batch.add(kept[1]);
        fixture.batch.add(kept[2]);

        fixture.router.process(fixture.batch);

        assertEquals(3, fixture.batch.size());
        for (int i = 0; i < 3; i++) {
            assertEquals(kept[i].number(), fixture.batch.get(i).number());
        }
    }

    private PacketBuffer lan(String target) {
        return fixture.fromLan(udp(HOST, target, 53, new byte[4]));
    }
}
