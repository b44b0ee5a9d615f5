package io.spillway.dataplane.agent;

import static io.spillway.dataplane.sim.Frames.udp;
import static io.spillway.dataplane.sim.Frames.withTtl;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.observe.CaptureEntry;
import io.spillway.dataplane.observe.CapturePlan;
import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.CaptureRing;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.Frames;
import io.spillway.dataplane.sim.Sim;
import io.spillway.tap.EndpointAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Two sites and a PoP: packets are copied at every point, and walk on as without. */
@ParameterizedClass
@MethodSource("threadings")
class CapturePointsTest {
    private static final int ALL = (1 << CapturePoint.values().length) - 1;
    private static final int ARP_FRAME_LENGTH = 14 + 28;
    private static final int PORTS = 2;
    private static final int LINKS = 2;
    private static final byte[] DATA = Sim.text("what the hosts say to each other");

    private final SimulatedNetwork network;
    private final SimulatedNode first;
    private final SimulatedNode second;
    private final CaptureRings rings;
    private final CapturePlan plan = new CapturePlan(ALL, 1 << 16, PORTS, LINKS);
    private final List<Copy> copies = new ArrayList<>();

    /** What a ring held. */
    private record Copy(
            int place,
            long id,
            int tunnel,
            long site,
            DropReason reason,
            InetSocketAddress remote,
            byte[] bytes) {}

    CapturePointsTest(Threading threading) {
        network = new SimulatedNetwork(threading, 512);
        first = network.first;
        second = network.second;
        rings = first.plane.newCapture(ALL, 1 << 16);
        assertTrue(rings.start());
        network.turn();
    }

    static List<Threading> threadings() {
        return SimulatedNetwork.threadings();
    }

    @AfterEach
    void close() {
        rings.stop();
        network.turn();
        assertTrue(rings.isStopped());
        network.nodes().forEach(node -> assertEquals(0, node.usedSlots()));
        rings.close();
        network.close();
    }

    @Test
    void shouldFollowPacketFromLanToWan() {
        byte[] packet = udp("10.1.0.7", "10.2.0.7", 53, DATA);
        first.fromLan(0, packet);

        network.turn();
        read();

        Copy frame = only(CapturePoint.LAN_IN, 0);
        assertArrayEquals(
                Frames.packet(SimulatedNode.GATEWAY_MAC, SimulatedNode.HOST_MAC, 0, packet),
                frame.bytes);
        Copy allowed = only(CapturePoint.POST_FIREWALL, CapturePlan.FROM_LAN);
        assertArrayEquals(packet, allowed.bytes);
        Copy routed = only(CapturePoint.PRE_SEAL, CapturePlan.FIRST);
        assertArrayEquals(withTtl(packet, 63), routed.bytes);
        assertEquals(SimulatedNetwork.DIRECTLY, routed.tunnel);
        assertEquals(2, routed.site);
        Copy sealed = only(CapturePoint.WAN_OUT, 0);
        assertEquals(second.wan.localEndpoint(), sealed.remote);
        assertTrue(sealed.bytes.length > packet.length);
        assertSamePacket(frame, allowed, routed, sealed);
        assertNotNull(second.takeFromLan());
    }

    @Test
    void shouldFollowPacketFromWanToLan() {
        second.fromLan(0, udp("10.2.0.7", "10.1.0.7", 53, DATA));

        network.turn();
        read();

        byte[] arrived = first.takeFromLan();
        Copy record = only(CapturePoint.WAN_IN, 0);
        assertEquals(second.wan.localEndpoint(), record.remote);
        Copy opened = only(CapturePoint.POST_OPEN, CapturePlan.FIRST);
        assertEquals(SimulatedNetwork.DIRECTLY, opened.tunnel);
        Copy allowed = only(CapturePoint.POST_FIREWALL, CapturePlan.FROM_WAN);
        copies.removeIf(copy -> copy.bytes.length == ARP_FRAME_LENGTH);
        Copy frame = only(CapturePoint.LAN_OUT, 0);
        assertArrayEquals(arrived, frame.bytes);
        assertSamePacket(record, opened, allowed, frame);
    }

    @Test
    void shouldFollowPacketFromHostPortToPop() {
        network.route(SimulatedNetwork.BY_POP);
        byte[] packet = withTtl(udp("10.1.0.1", "10.2.0.1", 179, DATA), 255);
        first.host.deliver(packet);

        network.turn();
        read();

        Copy punted = only(CapturePoint.LAN_IN, 1);
        assertArrayEquals(packet, punted.bytes);
        Copy routed = only(CapturePoint.PRE_SEAL, CapturePlan.FIRST);
        assertEquals(Tunnel.POP, routed.site);
        assertSamePacket(punted, routed, only(CapturePoint.WAN_OUT, 0));
    }

    @Test
    void shouldTellWhyPacketDied() {
        byte[] packet = withTtl(udp("10.1.0.7", "10.2.0.7", 53, DATA), 1);
        first.fromLan(0, packet);

        network.turn();
        read();

        Copy dead = only(CapturePoint.DROP, CapturePlan.PACKETS);
        assertEquals(DropReason.TTL_EXCEEDED, dead.reason);
        assertArrayEquals(packet, dead.bytes);
        assertSamePacket(only(CapturePoint.LAN_IN, 0), dead);
        Copy error = only(CapturePoint.LAN_OUT, 0);
        assertEquals(11, Frames.content(error.bytes)[20]);
    }

    @Test
    void shouldShowDeadFrameWhole() {
        byte[] frame = Frames.ethernet(SimulatedNode.GATEWAY_MAC, 7, 99, Frames.IPV4, DATA);
        first.lan.deliver(frame);

        network.turn();
        read();

        Copy dead = only(CapturePoint.DROP, CapturePlan.FRAMES);
        assertEquals(DropReason.FRAME_UNKNOWN_VLAN, dead.reason);
        assertArrayEquals(frame, dead.bytes);
    }

    @Test
    void shouldShowDeadDatagramAndItsSender() {
        InetSocketAddress stranger = new InetSocketAddress("192.0.2.9", 999);
        byte[] datagram = Sim.text("\177 no DTLS");
        first.wan.deliver(stranger, datagram);

        network.turn();
        read();

        Copy dead = only(CapturePoint.DROP, CapturePlan.DATAGRAMS);
        assertEquals(DropReason.DATAGRAM_NOT_DTLS, dead.reason);
        assertEquals(stranger, dead.remote);
        assertArrayEquals(datagram, dead.bytes);
        assertSamePacket(only(CapturePoint.WAN_IN, 0), dead);
    }

    @Test
    void shouldCopyNothingBehindTheEnd() {
        rings.stop();
        network.turn();
        assertTrue(rings.isStopped());

        first.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, DATA));
        network.turn();
        read();

        assertEquals(List.of(), copies);
        assertNotNull(second.takeFromLan());
    }

    private static void assertSamePacket(Copy... way) {
        for (Copy copy : way) {
            assertEquals(way[0].id, copy.id);
            assertTrue(copy.id != 0);
        }
    }

    private Copy only(CapturePoint point, int index) {
        List<Copy> found =
                copies.stream().filter(it -> it.place == plan.place(point, index)).toList();
        assertEquals(1, found.size(), () -> point + ": " + found);
        return found.getFirst();
    }

    private void read() {
        for (CaptureRing ring : rings.rings()) {
            while (ring.hasNext()) {
                ring.take(this::onEntry);
            }
        }
    }

    private void onEntry(MutableDirectBuffer memory, int entry, int kept) {
        int place = CaptureEntry.place(memory, entry);
        boolean isDatagram =
                place == plan.place(CapturePoint.WAN_IN, 0)
                        || place == plan.place(CapturePoint.WAN_OUT, 0)
                        || place == plan.place(CapturePoint.DROP, CapturePlan.DATAGRAMS);
        long endpoint = memory.addressOffset() + CaptureEntry.endpoint(entry);
        copies.add(
                new Copy(
                        place,
                        CaptureEntry.id(memory, entry),
                        CaptureEntry.tunnel(memory, entry),
                        CaptureEntry.site(memory, entry),
                        CaptureEntry.reason(memory, entry),
                        isDatagram ? EndpointAddress.decode(endpoint) : null,
                        Sim.bytes(memory, entry + CaptureEntry.LENGTH, kept)));
    }
}
