package io.spillway.dataplane.port;

import static io.spillway.dataplane.sim.Frames.ethernet;
import static io.spillway.dataplane.sim.Frames.packet;
import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** DHCP between two VLANs, of which one has a relay, and the host port. */
class DhcpPathTest {
    private static final long MAC = 0x0200_5E10_0001L;
    private static final long CLIENT = 0x0200_0000_0007L;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final int RELAYED = 30;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;

    private final SimulatedPort lanDevice = new SimulatedPort(true);
    private final SimulatedPort hostDevice = new SimulatedPort(true);
    private final PacketPool pool = new PacketPool(64);
    private final Counters counters = new Counters();
    private final Drops drops = new Drops(counters, pool);
    private final CachedNanoClock clock = new CachedNanoClock();
    private final List<LanInterface> lans =
            List.of(lan(0, 0, "10.1.0.1/24", false), lan(1, RELAYED, "10.1.30.1/24", true));
    private final LanPort lan = new LanPort(0, lanDevice, false, lans, new PacketRing(pool, 16));
    private final LanPort host =
            new LanPort(1, hostDevice, true, List.of(), new PacketRing(pool, 16));
    private final Gateway gateway = new Gateway(List.of(lan, host), lans, pool, drops, clock);
    private final FrameDecoder lanDecoder = new FrameDecoder(lan, gateway, drops);
    private final FrameDecoder hostDecoder = new FrameDecoder(host, gateway, drops);
    private final PacketBatch batch = new PacketBatch(16);

    private static LanInterface lan(int index, int vlan, String address, boolean relaysDhcp) {
        var own = new GatewayAddresses(MAC, vlan, List.of(GatewayAddress.parse(address)));
        return new LanInterface(index, 0, "lan" + index, own, null, relaysDhcp, false);
    }

    @BeforeEach
    void beSilent() {
        gateway.poll(clock.nanoTime()); // the first announcements
        turnOut();
        while (lanDevice.take() != null) {
            assertTrue(pool.freeCount() > 0);
        }
    }

    private static byte[] message(int operation) {
        byte[] message = new byte[300];
        message[0] = (byte) operation;
        message[1] = 1;
        message[2] = 6;
        System.arraycopy(Frames.mac(CLIENT), 0, message, 28, 6);
        Packets.put16(message, 236, 0x6382);
        Packets.put16(message, 238, 0x5363);
        return message;
    }

    private static byte[] request() {
        return udp("0.0.0.0", "255.255.255.255", 67, message(REQUEST));
    }

    /** Its checksum does not hold: the source port was another one. */
    private static byte[] reply(String from, String to) {
        byte[] packet = udp(from, to, 68, message(REPLY));
        Packets.put16(packet, 20, 67);
        return packet;
    }

    @Test
    void shouldBringARequestToTheHostPort() {
        in(packet(BROADCAST, CLIENT, RELAYED, request()));

        byte[] packet = hostDevice.take();
        assertArrayEquals(
                udp("192.0.0.8", "10.1.30.1", 67, message(REQUEST)),
                Frames.withTtl(packet, 64),
                "addresses and checksums");
        assertEquals(0, used());
    }

    @Test
    void shouldKeepTheAddressThatAClientHas() {
        byte[] renewal = udp("10.1.30.9", "255.255.255.255", 67, message(REQUEST));

        in(packet(BROADCAST, CLIENT, RELAYED, renewal));

        assertArrayEquals(
                udp("10.1.30.9", "10.1.30.1", 67, message(REQUEST)),
                Frames.withTtl(hostDevice.take(), 64));
    }

    @Test
    void shouldCompleteTheChecksumThatAHostLeftToUs() {
        byte[] request = request();
        int pseudo =
                Packets.slowSum(
                        Packets.join(
                                Arrays.copyOfRange(request, 12, 20),
                                new byte[] {0, 17, 1, (byte) 0x34}));
        Packets.put16(request, 26, pseudo);
        byte[] frame = Packets.join(new byte[10], packet(BROADCAST, CLIENT, RELAYED, request));
        frame[0] = 1; // VIRTIO_NET_HDR_F_NEEDS_CSUM
        frame[6] = 18 + 20;
        frame[8] = 6;
        lanDevice.deliverRaw(frame);
        decode(lan);
        turnOut();

        assertArrayEquals(
                udp("192.0.0.8", "10.1.30.1", 67, message(REQUEST)),
                Frames.withTtl(hostDevice.take(), 64));
    }

    @Test
    void shouldDropRequestsWhereThereIsNoRelayAndWhatIsNone() {
        in(packet(BROADCAST, CLIENT, 0, request()));
        in(packet(BROADCAST, CLIENT, RELAYED, udp("0.0.0.0", "255.255.255.255", 69, new byte[9])));
        assertEquals(2, counters.dropped(DropReason.PACKET_MULTICAST));
        in(packet(BROADCAST, CLIENT, RELAYED, udp("0.0.0.0", "255.255.255.255", 67, new byte[9])));
        byte[] reply = udp("0.0.0.0", "255.255.255.255", 67, message(REPLY));
        in(packet(BROADCAST, CLIENT, RELAYED, reply));
        assertEquals(2, counters.dropped(DropReason.DHCP_MALFORMED));

        assertNull(hostDevice.take());
        assertEquals(0, used());
    }

    @Test
    void shouldBringAReplyToTheClientsMac() {
        byte[] reply = reply("10.1.30.1", "10.1.30.100");

        fromHost(reply);

        byte[] frame = lanDevice.take();
        assertEquals(CLIENT, Frames.destination(frame));
        assertEquals(RELAYED, Frames.vlan(frame));
        assertArrayEquals(reply, Frames.content(frame));
        assertEquals(0, used());
    }

    @Test
    void shouldBringAReplyToAllOfTheLan() {
        fromHost(reply("10.1.30.1", "255.255.255.255"));

        assertEquals(BROADCAST, Frames.destination(lanDevice.take()));
    }

    @Test
    void shouldDropRepliesForNobody() {
        fromHost(reply("10.1.0.1", "10.1.0.100"));
        byte[] groupMac = reply("10.1.30.1", "10.1.30.100");
        groupMac[28 + 28] = 1;
        fromHost(groupMac);

        assertNull(lanDevice.take());
        assertEquals(2, counters.dropped(DropReason.DHCP_MALFORMED));
        assertEquals(0, used());
    }

    @Test
    void shouldSurviveArbitraryMessages() {
        long seed = Sim.seed();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < Sim.count(20_000, 2_000_000); i++) {
            byte[] request = request();
            for (int j = random.nextInt(3); j > 0; j--) {
                request[random.nextInt(request.length)] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(request, 20 + random.nextInt(request.length - 19));
            in(ethernet(BROADCAST, CLIENT, RELAYED, Frames.IPV4, Frames.withChecksum(cut)));
            fromHost(Arrays.copyOf(cut, random.nextInt(cut.length + 1)));
            while (hostDevice.take() != null || lanDevice.take() != null) {
                assertEquals(0, used(), "seed " + seed + " #" + i);
            }
        }
        assertEquals(0, used(), "seed " + seed);
    }

    private void in(byte[] frame) {
        lanDevice.deliver(frame);
        decode(lan);
        turnOut();
    }

    private void fromHost(byte[] packet) {
        hostDevice.deliver(packet);
        decode(host);
        turnOut();
    }

    /** What goes on in the chain is of no interest here. */
    private void decode(LanPort port) {
        port.ready().set();
        batch.clear();
        new TapReader(port, pool, drops, clock, Capture.none()).read(batch);
        (port == lan ? lanDecoder : hostDecoder).process(batch);
        for (int i = 0; i < batch.size(); i++) {
            pool.release(batch.get(i));
        }
        batch.clear();
    }

    private void turnOut() {
        for (LanPort port : List.of(lan, host)) {
            PacketRing ring = port.ring();
            while (!ring.isEmpty()) {
                batch.clear();
                ring.poll(batch);
                new FrameEncoder(port, gateway).process(batch);
                new TapWriter(port, pool, drops, clock, Capture.none()).write(batch);
            }
        }
    }

    private int used() {
        return pool.slotCount() - pool.freeCount();
    }
}
