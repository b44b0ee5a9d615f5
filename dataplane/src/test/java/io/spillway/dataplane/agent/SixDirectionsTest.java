package io.spillway.dataplane.agent;

import static io.spillway.dataplane.sim.Frames.udp;
import static io.spillway.dataplane.sim.Frames.withTtl;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.Frames;
import io.spillway.dataplane.sim.Sim;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Two sites and a PoP in one JVM: every way a packet can take, with real records between them. */
@ParameterizedClass
@MethodSource("threadings")
class SixDirectionsTest {
    private static final byte[] DATA = Sim.text("what the hosts say to each other");

    private final SimulatedNetwork network;
    private final SimulatedNode first;
    private final SimulatedNode second;

    SixDirectionsTest(Threading threading) {
        network = new SimulatedNetwork(threading, 512);
        first = network.first;
        second = network.second;
    }

    static List<Threading> threadings() {
        return SimulatedNetwork.threadings();
    }

    @AfterEach
    void everySlotIsHomeAndNothingDropped() {
        drainEvents();
        network.nodes().forEach(node -> assertEquals(0, node.usedSlots()));
        network.close();
    }

    @Test
    void lanToLanAcrossVlans() {
        first.fromLan(0, udp("10.1.0.7", "10.1.30.7", 53, DATA));

        network.turn();

        byte[] frame = first.takeFromLan();
        assertEquals(30, Frames.vlan(frame));
        assertEquals(SimulatedNode.HOST_MAC, Frames.destination(frame));
        assertPacket(Frames.content(frame), 63);
    }

    @Test
    void lanToTunnelToLan() {
        first.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, DATA));

        network.turn();

        assertPacket(Frames.content(second.takeFromLan()), 62);
        assertEquals(1, first.tunnels.get(1).packetsSent().packets());
        assertEquals(1, second.tunnels.get(1).packetsReceived().packets());
        assertEquals(0, network.pop.tunnels.get(0).packetsReceived().packets());
    }

    @Test
    void lanToTunnelToTunnelToLan() {
        network.route(SimulatedNetwork.BY_POP);
        first.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, DATA));

        network.turn();

        assertPacket(Frames.content(second.takeFromLan()), 61);
        assertEquals(1, network.pop.tunnels.get(0).packetsReceived().packets());
        assertEquals(1, network.pop.tunnels.get(1).packetsSent().packets());
    }

    @Test
    void lanToHostKeepsTheTtl() {
        first.fromLan(0, withTtl(udp("10.1.0.7", "10.1.0.1", 179, DATA), 1));

        network.turn();

        assertPacket(first.host.take(), 1);
    }

    @Test
    void hostToLanKeepsTheTtl() {
        first.host.deliver(withTtl(udp("10.1.0.1", "10.1.0.7", 179, DATA), 1));

        network.turn();

        assertPacket(Frames.content(first.takeFromLan()), 1);
    }

    @Test
    void hostToTunnelToHostKeepsTheTtl() {
        first.host.deliver(withTtl(udp("10.1.0.1", "10.2.0.1", 179, DATA), 255));

        network.turn();

        assertPacket(second.host.take(), 255);
    }

    @Test
    void shouldNotShowPlaintextOnTheWan() {
        second.wan.onArrival(() -> {});
        first.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, DATA));

        first.turn();

        List<byte[]> datagrams = second.wan.takeUnreceived();
        assertEquals(1, datagrams.size());
        assertFalse(
                new String(datagrams.get(0), java.nio.charset.StandardCharsets.ISO_8859_1)
                        .contains("hosts say"));
    }

    /** The first packet found its port quiet, and is gone when the others are read. */
    @Test
    void shouldSendAFloodInFewMessagesAndInOrder() {
        for (int i = 0; i < 60; i++) {
            first.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, new byte[] {(byte) i}));
        }
        int before = first.wan.sent().size();

        network.turn();

        assertEquals(before + 2, first.wan.sent().size());
        for (int i = 0; i < 60; i++) {
            byte[] packet = Frames.content(second.takeFromLan());
            assertEquals(i, packet[28]);
        }
    }

    @Test
    void shouldAnswerAPeerThatLeftTheCloudOnItsTunnel() {
        network.route(SimulatedNetwork.BY_POP);
        first.publish(9, 1, 1); // the first has lost its PoP, the second has not
        first.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, DATA));
        network.turn();
        assertNotNull(second.takeFromLan());

        second.fromLan(0, answer());
        network.turn();
        assertPacket(Frames.content(first.takeFromLan()), 62);

        network.pass(1_000_000_000L);
        second.fromLan(0, answer());
        network.turn();
        assertPacket(Frames.content(first.takeFromLan()), 61);
    }

    private static byte[] answer() {
        byte[] answer = udp("10.2.0.7", "10.1.0.7", 40_000, DATA);
        answer[20] = 0;
        answer[21] = 53;
        answer[26] = 0;
        answer[27] = 0; // no checksum
        return answer;
    }

    @Test
    void shouldReportTooBigToTheHost() {
        first.fromLan(0, Frames.dontFragment(udp("10.1.0.7", "10.2.0.7", 53, new byte[1450])));

        network.turn();

        byte[] error = Frames.content(first.takeFromLan());
        assertEquals(3, error[20]);
        assertEquals(4, error[21]);
        assertEquals(1, first.dropped(DropReason.PACKET_TOO_BIG));
    }

    @Test
    void shouldReportTheEndOfTheTtlThroughTheTunnel() {
        first.fromLan(0, withTtl(udp("10.1.0.7", "10.2.0.7", 53, DATA), 2));

        network.turn();

        byte[] error = Frames.content(first.takeFromLan());
        assertEquals(11, error[20]);
        assertEquals(2, error[13], "from site 2");
    }

    @Test
    void shouldHandOnWhatThePopReports() {
        network.route(SimulatedNetwork.BY_POP);
        first.fromLan(0, withTtl(udp("10.1.0.7", "10.2.0.7", 53, DATA), 2));

        network.turn();

        byte[] error = Frames.content(first.takeFromLan());
        assertEquals(11, error[20]);
        assertEquals(0, error[13], "from the PoP's own address");
    }

    @Test
    void shouldProbeASiteThroughThePop() {
        List<String> heard = new ArrayList<>();
        drainEvents();
        first.plane.commands().sendProbe(first.tunnels.get(0), Probe.of(1, 4711, 2));

        network.turn();

        second.plane.events().drain(new Recorder(heard), 10);
        first.plane.events().drain(new Recorder(heard), 10);
        assertEquals(List.of("probe 0 1 0 1", "reply 0 0 4711 2"), heard);
    }

    @Test
    void shouldLoseNothingWhenSessionsAreRenewed() {
        Tunnel there = first.tunnels.get(1);
        Tunnel back = second.tunnels.get(1);
        for (int round = 0; round < 20; round++) {
            network.rekey(first, there, second, back);
            exchange(3);
            network.rekey(second, back, first, there);
            second.turn(); // in flight under the old keys, while the new ones are at one end only
            exchange(3);
            network.heard(second, first);
            exchange(3);
        }
        assertTrue(first.plane.counters().dropped().isEmpty());
        assertTrue(second.plane.counters().dropped().isEmpty());
    }

    private void exchange(int packets) {
        for (int i = 0; i < packets; i++) {
            first.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, DATA));
            second.fromLan(0, answer());
        }
        network.turn();
        for (int i = 0; i < packets; i++) {
            assertNotNull(second.takeFromLan());
            assertNotNull(first.takeFromLan());
        }
        assertNull(second.takeFromLan());
    }

    @Test
    void shouldHandHandshakesToControlAndSendItsAnswers() {
        Map<String, Integer> heard = new HashMap<>();
        byte[] hello = {22, (byte) 0xfe, (byte) 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 42};
        var stranger = new InetSocketAddress("192.0.2.99", 5);
        first.wan.deliver(stranger, hello);
        network.turn();

        first.plane
                .events()
                .drain(
                        new Recorder(new ArrayList<>()) {
                            @Override
                            public void onHandshake(
                                    int link,
                                    InetSocketAddress remote,
                                    int connectionId,
                                    byte[] datagram) {
                                assertArrayEquals(hello, datagram);
                                heard.put(remote + " " + link, connectionId);
                                first.plane
                                        .commands()
                                        .sendDatagram(link, remote, new byte[] {9, 9});
                            }
                        },
                        10);
        network.turn();

        assertEquals(Map.of(stranger + " 0", 0), heard);
        assertArrayEquals(new byte[] {9, 9}, network.internet.lost().getFirst());
    }

    @Test
    void shouldStopAtAClosedTunnel() {
        first.plane.commands().closeTunnel(first.tunnels.get(1));
        first.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, DATA));

        network.turn();

        assertNull(second.takeFromLan());
        assertEquals(1, first.dropped(DropReason.ROUTE_SITE_DOWN));
    }

    private void drainEvents() {
        network.nodes()
                .forEach(node -> node.plane.events().drain(new Recorder(new ArrayList<>()), 99));
        network.turn();
    }

    private static void assertPacket(byte[] packet, int ttl) {
        assertTrue(Frames.isSoundIpv4(packet));
        assertEquals(ttl, packet[8] & 0xFF);
        assertArrayEquals(DATA, Frames.data(packet));
    }
}
