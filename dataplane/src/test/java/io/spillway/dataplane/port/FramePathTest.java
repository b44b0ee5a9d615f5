package io.spillway.dataplane.port;

import static io.spillway.dataplane.sim.Frames.ARP;
import static io.spillway.dataplane.sim.Frames.ethernet;
import static io.spillway.dataplane.sim.Frames.packet;
import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.header.GatewayAddress;
import io.spillway.dataplane.header.GatewayAddresses;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.Frames;
import io.spillway.dataplane.sim.Sim;
import io.spillway.dataplane.sim.SimulatedPort;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** FrameDecoder, FrameEncoder and Gateway around one port with two VLANs. */
class FramePathTest {
    private static final long MAC = 0x0200_5E10_0001L;
    private static final long HOST = 0x0200_0000_0007L;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final byte[] QUESTION = udp("10.1.0.7", "10.2.0.8", 53, new byte[8]);

    private final SimulatedPort device = new SimulatedPort(true);
    private final PacketPool pool = new PacketPool(64);
    private final Counters counters = new Counters();
    private final Drops drops = new Drops(counters, pool);
    private final CachedNanoClock clock = new CachedNanoClock();
    private final List<LanInterface> lans =
            List.of(
                    lan(0, 0, "10.1.0.1/24", "fd00:1::1/64"),
                    lan(1, 30, "10.1.30.1/24", "fd00:30::1/64"));
    private final PacketRing ring = new PacketRing(pool, 16);
    private final LanPort port = new LanPort(0, device, false, lans, ring);
    private final Gateway gateway = new Gateway(List.of(port), lans, pool, drops, clock);
    private final FrameDecoder decoder = new FrameDecoder(port, gateway, drops);
    private final FrameEncoder encoder = new FrameEncoder(port, gateway);
    private final TapReader reader = new TapReader(port, pool, drops, clock, Capture.none());
    private final TapWriter writer = new TapWriter(port, pool, drops, clock, Capture.none());
    private final PacketBatch batch = new PacketBatch(16);

    private static LanInterface lan(int index, int vlan, String... addresses) {
        List<GatewayAddress> parsed = Arrays.stream(addresses).map(GatewayAddress::parse).toList();
        return new LanInterface(
                index, 0, "lan" + index, new GatewayAddresses(MAC, vlan, parsed), null);
    }

    @BeforeEach
    void beSilent() {
        gateway.poll(clock.nanoTime()); // the first announcements
        turnOut();
        while (device.take() != null) {
            assertTrue(pool.freeCount() > 0);
        }
    }

    @Test
    void shouldTakeTheEthernetHeaderOff() {
        PacketBuffer packet = in(packet(MAC, HOST, 0, QUESTION));

        assertArrayEquals(QUESTION, bytes(packet));
        assertEquals(0, packet.ingressInterface);
        assertEquals(HOST, packet.ingressMac);
    }

    @Test
    void shouldFindTheInterfaceByVlan() {
        assertEquals(1, in(packet(MAC, HOST, 30, QUESTION)).ingressInterface);
        assertNull(in(packet(MAC, HOST, 31, QUESTION)));
        assertNull(in(packet(MAC, HOST, 4095, QUESTION)));

        assertEquals(2, counters.dropped(DropReason.FRAME_UNKNOWN_VLAN));
    }

    @Test
    void shouldTakeAPriorityTagForNone() {
        byte[] tagged = packet(MAC, HOST, 30, QUESTION);
        tagged[14] = (byte) 0xA0;
        tagged[15] = 0;

        assertEquals(0, in(tagged).ingressInterface);
    }

    @Test
    void shouldDropWhatIsNotForUs() {
        assertNull(in(packet(HOST + 1, HOST, 0, QUESTION)));
        assertEquals(1, counters.dropped(DropReason.FRAME_NOT_FOR_US));
        assertNull(in(packet(BROADCAST, HOST, 0, QUESTION)));
        assertEquals(1, counters.dropped(DropReason.PACKET_MULTICAST));
        assertNull(in(ethernet(MAC, HOST, 0, 0x88CC, new byte[50])));
        assertEquals(1, counters.dropped(DropReason.FRAME_UNKNOWN_ETHERTYPE));
        assertNull(in(packet(MAC, HOST, 0, QUESTION), 17));
        assertEquals(1, counters.dropped(DropReason.FRAME_TOO_SHORT));
        assertEquals(0, used());
    }

    @Test
    void shouldNoteWhatTheKernelLeftToUs() {
        byte[] frame = Packets.join(new byte[10], packet(MAC, HOST, 0, QUESTION));
        frame[0] = 1; // VIRTIO_NET_HDR_F_NEEDS_CSUM
        frame[1] = 5; // VIRTIO_NET_HDR_GSO_UDP_L4
        frame[4] = 100; // native order is little-endian on every machine we run on
        frame[6] = 14 + 20;
        frame[8] = 6;

        PacketBuffer packet = inRaw(frame);

        assertEquals(5, packet.gsoType);
        assertEquals(100, packet.segmentLength);
        assertEquals(20, packet.checksumStart);
        assertEquals(6, packet.checksumField);
    }

    @Test
    void shouldRefuseAChecksumOfTheEthernetHeader() {
        byte[] within = Packets.join(new byte[10], packet(MAC, HOST, 0, QUESTION));
        within[0] = 1;
        within[6] = 13;
        assertNull(inRaw(within));
        assertNull(inRaw(new byte[9]));

        assertEquals(2, counters.dropped(DropReason.FRAME_OFFLOAD_UNEXPECTED));
        assertEquals(0, used());
    }

    @Test
    void shouldAnswerArpForItsGatewayAddress() {
        byte[] request = Frames.arp(true, HOST, "10.1.30.7", 0, "10.1.30.1");

        assertNull(in(ethernet(BROADCAST, HOST, 30, ARP, request)));

        byte[] answer = out();
        assertEquals(HOST, Frames.destination(answer));
        assertEquals(30, Frames.vlan(answer));
        assertArrayEquals(
                Frames.arp(false, MAC, "10.1.30.1", HOST, "10.1.30.7"), Frames.content(answer));
        assertNull(out());
        assertEquals(0, used());
    }

    @Test
    void shouldNotAnswerArpForOthersOrOnTheWrongVlan() {
        in(ethernet(BROADCAST, HOST, 0, ARP, Frames.arp(true, HOST, "10.1.0.7", 0, "10.1.0.9")));
        in(ethernet(BROADCAST, HOST, 0, ARP, Frames.arp(true, HOST, "10.1.0.7", 0, "10.1.30.1")));
        in(ethernet(BROADCAST, HOST, 0, ARP, new byte[10]));

        assertNull(out());
        assertEquals(0, used());
    }

    @Test
    void shouldAnswerNeighbourSolicitation() {
        byte[] target = Packets.ip("fd00:1::1");
        byte[] solicitation =
                Packets.join(
                        new byte[] {(byte) 135, 0, 0, 0, 0, 0, 0, 0},
                        target,
                        new byte[] {1, 1},
                        Frames.mac(HOST));
        byte[] packet = Packets.icmpv6(255, "fd00:1::7", "ff02::1:ff00:1", solicitation);

        assertNull(in(ethernet(0x3333_FF00_0001L, HOST, 0, Frames.IPV6, packet)));

        byte[] answer = Frames.content(out());
        assertEquals((byte) 136, answer[40]);
        assertArrayEquals(target, Arrays.copyOfRange(answer, 48, 64));
    }

    @Test
    void shouldHoldAPacketUntilItsNeighbourAnswers() {
        send(0, "10.1.0.9");

        byte[] request = out();
        assertEquals(BROADCAST, Frames.destination(request));
        assertNull(out());
        byte[] reply = Frames.arp(false, HOST + 2, "10.1.0.9", MAC, "10.1.0.1");
        in(ethernet(MAC, HOST + 2, 0, ARP, reply));

        byte[] frame = out();
        assertEquals(HOST + 2, Frames.destination(frame));
        assertArrayEquals(QUESTION, Frames.content(frame));
        assertEquals(0, used());
        send(0, "10.1.0.9");
        assertNotNull(out(), "known now");
    }

    @Test
    void shouldTagTowardsATaggedNetwork() {
        send(1, "10.1.30.9");
        out();
        byte[] reply = Frames.arp(false, HOST + 2, "10.1.30.9", MAC, "10.1.30.1");
        in(ethernet(MAC, HOST + 2, 30, ARP, reply));

        byte[] frame = out();

        assertEquals(30, Frames.vlan(frame));
        assertArrayEquals(QUESTION, Frames.content(frame));
    }

    @Test
    void shouldGiveUpOnANeighbourThatDoesNotAnswer() {
        send(0, "10.1.0.9");
        int requests = 0;
        for (int second = 0; second < 5; second++) {
            clock.update(clock.nanoTime() + 1_000_000_000L);
            gateway.poll(clock.nanoTime());
            turnOut();
            for (byte[] frame = device.take(); frame != null; frame = device.take()) {
                boolean isRequest =
                        Frames.vlan(frame) == 0
                                && Packets.get16(frame, 12) == ARP
                                && frame[14 + 27] == 9;
                requests += isRequest ? 1 : 0;
            }
        }

        assertEquals(1, counters.dropped(DropReason.NEIGHBOUR_UNRESOLVED));
        assertEquals(NeighbourTable.REQUESTS_MAX, requests);
        assertEquals(0, used());
    }

    @Test
    void shouldHoldABoundedNumberOfPackets() {
        for (int i = 0; i < 200; i++) {
            send(0, "10.1.0." + (10 + i % 40));
            turnOut();
        }

        assertTrue(used() <= 16, used() + " of 64 slots");
        for (int second = 0; second < 5; second++) {
            clock.update(clock.nanoTime() + 1_000_000_000L);
            while (gateway.poll(clock.nanoTime()) > 0) {
                turnOut();
            }
        }
        turnOut();
        assertEquals(0, used());
    }

    @Test
    void shouldSurviveArbitraryFrames() {
        long seed = Sim.seed();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < Sim.count(50_000, 2_000_000); i++) {
            byte[] frame = Packets.random(random, random.nextInt(120));
            if (frame.length > 40 && random.nextInt(4) > 0) {
                Arrays.fill(frame, 0, 10, (byte) 0);
                System.arraycopy(Frames.mac(MAC), 0, frame, 10, 6);
                int[] types = {ARP, Frames.IPV4, Frames.IPV6, 0x8100};
                Packets.put16(frame, 22, types[random.nextInt(4)]);
            }
            PacketBuffer packet = inRaw(frame);
            assertTrue(packet == null || packet.length() <= frame.length, "seed " + seed);
            turnOut();
            while (device.take() != null) {
                assertEquals(0, used(), "seed " + seed + " #" + i);
            }
        }
        assertEquals(0, used(), "seed " + seed);
    }

    private PacketBuffer in(byte[] frame) {
        device.deliver(frame);
        return decode();
    }

    private PacketBuffer in(byte[] frame, int length) {
        return in(Arrays.copyOf(frame, length));
    }

    private PacketBuffer inRaw(byte[] frame) {
        device.deliverRaw(frame);
        return decode();
    }

    private PacketBuffer decode() {
        port.ready().set();
        batch.clear();
        reader.read(batch);
        decoder.process(batch);
        if (batch.isEmpty()) {
            return null;
        }
        PacketBuffer packet = batch.get(0);
        pool.release(packet);
        return packet;
    }

    private static byte[] bytes(PacketBuffer packet) {
        return Sim.bytes(packet.memory(), packet.offset(), packet.length());
    }

    /** What the router and its exit do. */
    private void send(int lan, String nextHop) {
        PacketBuffer packet = pool.acquire();
        packet.reset(QUESTION.length);
        packet.memory().putBytes(packet.offset(), new UnsafeBuffer(QUESTION), 0, QUESTION.length);
        packet.ipVersion = 4;
        packet.egressInterface = lan;
        packet.nextHopLow = Integer.toUnsignedLong(Packets.ip4(nextHop));
        assertTrue(ring.offer(packet));
    }

    private byte[] out() {
        turnOut();
        return device.take();
    }

    private void turnOut() {
        while (!ring.isEmpty()) {
            batch.clear();
            ring.poll(batch);
            encoder.process(batch);
            writer.write(batch);
        }
    }

    private int used() {
        return pool.slotCount() - pool.freeCount();
    }
}
