package io.spillway.dataplane.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.segment.SlowSegments;
import io.spillway.dataplane.sim.Frames;
import io.spillway.dataplane.sim.Sim;
import io.spillway.tap.TapConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames of a LAN whose virtio-net header or lengths cannot be: each dies for a named reason, or
 * walks on as what it is; no exception, no slot lost.
 */
@ParameterizedClass
@MethodSource("threadings")
class BadFramesTest {
    private static final int TCP4 = 0;
    private static final int TCP6 = 1;
    private static final int UDP4 = 2;
    private static final int ETHERNET = 14;
    private static final int SUM = 1;

    private final SplittableRandom random = new SplittableRandom(Sim.seed());
    private final SimulatedNetwork network;
    private final SimulatedNode site;

    BadFramesTest(Threading threading) {
        network = new SimulatedNetwork(threading, 128);
        site = network.first;
    }

    static List<Threading> threadings() {
        return SimulatedNetwork.threadings();
    }

    @BeforeEach
    void meet() {
        network.second.lan.offer(TapConfig.OFFLOAD_ALL);
        network.second.greet("10.2.0.9", 0);
        network.turn();
        empty(network.second);
    }

    @AfterEach
    void leave() {
        network.close();
    }

    /** Kinds: 0 TCP over IPv4, 1 TCP over IPv6, 2 UDP over IPv4, 3 UDP over IPv6. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "no segment length,              0, 1, 1,    0,     34, 16",
        "unknown type,                   0, 1, 2,    1000,  34, 16",
        "fragments of UDP,               2, 1, 3,    1000,  34, 6",
        "unknown type,                   0, 1, 6,    1000,  34, 16",
        "unknown type,                   0, 1, 127,  1000,  34, 16",
        "ECN without a type,             0, 1, 128,  1000,  34, 16",
        "TCP that is UDP,                2, 1, 1,    1000,  34, 6",
        "UDP that is TCP,                0, 1, 5,    1000,  34, 16",
        "IPv6 that is IPv4,              0, 1, 4,    1000,  34, 16",
        "IPv4 that is IPv6,              1, 1, 1,    1000,  54, 16",
        "segments without a checksum,    0, 0, 1,    1000,  0,  0",
        "more segments than there are,   0, 1, 1,    1,     34, 16",
        "segments with IP's checksum,    0, 1, 1,    1000,  14, 10",
        "segments with a wrong field,    0, 1, 1,    1000,  34, 6",
        "segments with a checksum behind,0, 1, 1,    1000,  60000, 16",
        "checksum from the Ethernet,     0, 1, 0,    0,     13, 16",
        "checksum from behind the frame, 0, 1, 0,    0,     65535, 0",
        "checksum to behind the frame,   0, 1, 0,    0,     35, 65535",
    })
    void shouldRefuseWhatAVirtioNetHeaderCannotSay(
            String name, int kind, int flags, int type, int size, int start, int field) {
        byte[] packet = SlowSegments.partial(SlowSegments.random(random, kind, 4000));

        deliver(header(flags, type, 0, size, start, field), packet);

        assertEquals(1, site.dropped(DropReason.FRAME_OFFLOAD_UNEXPECTED), name);
        assertEquals(0, network.second.lan.writtenCount(), name);
        assertNothingIsLost();
    }

    /** It is the kernel's hint, no more. */
    @ParameterizedTest
    @CsvSource({"0", "1", "54", "65535"})
    void shouldNotBelieveTheHeaderLength(int headerLength) {
        byte[] packet = SlowSegments.random(random, TCP4, 2000);
        packet[SlowSegments.transportOffset(packet) + 13] = 0x10;

        deliver(header(SUM, 1, headerLength, 1000, 34, 16), SlowSegments.partial(packet));

        assertTrue(network.second.lan.writtenCount() > 0);
        assertNothingIsLost();
    }

    @Test
    void shouldTakeASuperFrameOfOnePacketForThatPacket() {
        byte[] packet = Frames.udp("10.1.0.7", "10.2.0.9", 53, new byte[500]);

        deliver(header(SUM, 5, 42, 65_535, 34, 6), SlowSegments.partial(packet));

        assertArrayEquals(new byte[500], Frames.data(Frames.content(network.second.takeFromLan())));
        assertNothingIsLost();
    }

    /** What it carries may have a checksum of its own further in. */
    @Test
    void shouldCompleteAChecksumThatIsNotTheOutermost() {
        byte[] packet = Frames.udp("10.1.0.7", "10.2.0.9", 53, new byte[500]);
        byte[] inner = packet.clone();
        Packets.put16(inner, 228, 0);

        deliver(header(SUM, 0, 0, 0, ETHERNET + 128, 100), inner);

        byte[] arrived = Frames.content(network.second.takeFromLan());
        byte[] summed = Arrays.copyOfRange(arrived, 128, arrived.length);
        assertEquals(0xFFFF, Packets.slowSum(summed));
        assertNothingIsLost();
    }

    @Test
    void shouldRefuseFragmentsAsSuperFrames() {
        byte[] packet = SlowSegments.random(random, UDP4, 3000);
        packet[6] = 0x20; // more fragments

        deliver(header(SUM, 5, 42, 1000, 34, 6), Frames.withChecksum(packet));

        assertEquals(1, site.dropped(DropReason.FRAME_OFFLOAD_UNEXPECTED));
        assertNothingIsLost();
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "0, 3", "1, 4", "1, 5", "2, 24", "2, 25"})
    void shouldRefuseLengthsThatLie(int kind, int field) {
        byte[] packet = SlowSegments.partial(SlowSegments.random(random, kind, 3000));
        packet[field] = (byte) 0xFF;
        byte[] lying = kind == TCP6 ? packet : Frames.withChecksum(packet);
        long before = drops(site);

        deliver(header(SUM, 1 + 3 * (kind & 1), 0, 1000, kind == TCP6 ? 54 : 34, 16), lying);

        assertTrue(drops(site) > before || network.second.lan.writtenCount() > 0);
        assertNothingIsLost();
    }

    @Test
    void shouldRefuseAFrameThatEndsAnywhere() {
        byte[] packet = SlowSegments.partial(SlowSegments.random(random, TCP4, 1200));
        byte[] whole =
                Packets.join(
                        header(SUM, 1, 0, 1000, 34, 16),
                        Frames.packet(
                                SimulatedNode.GATEWAY_MAC, SimulatedNode.HOST_MAC, 0, packet));
        for (int length = 0; length < whole.length; length++) {
            long before = drops(site);

            site.lan.deliverRaw(Arrays.copyOf(whole, length));
            network.turn();

            assertEquals(before + 1, drops(site), "length " + length);
        }
        assertNothingIsLost();
    }

    @Test
    void shouldAccountForEveryFrameOfAnyHeader() {
        for (int i = 0; i < Sim.count(4_000, 400_000); i++) {
            byte[] frame = randomFrame();
            long before = drops(site);
            int sent = site.wan.sent().size();
            try {
                site.lan.deliverRaw(frame);
                site.turn();
                boolean isKnown = drops(site) > before || site.wan.sent().size() > sent;
                assertTrue(isKnown || site.host.take() != null, "neither dropped nor sent");
                if (random.nextInt(16) == 0) {
                    network.turn();
                    empty(network.second);
                }
            } catch (RuntimeException | AssertionError e) {
                String text = "seed " + Sim.seed() + " #" + i + " " + headerOf(frame);
                throw new AssertionError(text, e);
            }
        }
        assertNothingIsLost();
    }

    private byte[] randomFrame() {
        int kind = random.nextInt(4);
        int length = random.nextInt(3) == 0 ? random.nextInt(60_000) : random.nextInt(4_000);
        byte[] packet = SlowSegments.random(random, kind, length);
        if (random.nextInt(4) > 0) {
            packet = SlowSegments.partial(packet);
        }
        if (random.nextInt(3) == 0) {
            packet[random.nextInt(Math.min(packet.length, 80))] ^= (byte) (1 << random.nextInt(8));
        }
        if (random.nextInt(4) == 0) {
            packet = Arrays.copyOf(packet, random.nextInt(1, packet.length + 1));
        }
        return Packets.join(
                randomHeader(kind),
                Frames.packet(SimulatedNode.GATEWAY_MAC, SimulatedNode.HOST_MAC, 0, packet));
    }

    /** Every field either right or anything. */
    private byte[] randomHeader(int kind) {
        int start = kind % 2 == 0 ? 34 : 54;
        int type = kind == TCP4 ? 1 : kind == TCP6 ? 4 : 5;
        return header(
                orAnything(SUM, 256),
                orAnything(random.nextBoolean() ? type : 0, 256),
                orAnything(start + 20, 1 << 16),
                orAnything(random.nextInt(1, 3_000), 1 << 16),
                orAnything(start, 1 << 16),
                orAnything(kind < 2 ? 16 : 6, 1 << 16));
    }

    private int orAnything(int right, int bound) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(bound);
            case 1 -> random.nextInt(64);
            default -> right;
        };
    }

    private static String headerOf(byte[] frame) {
        return Arrays.toString(Arrays.copyOf(frame, 10)) + " and " + (frame.length - 10);
    }

    private void deliver(byte[] header, byte[] packet) {
        byte[] frame = Frames.packet(SimulatedNode.GATEWAY_MAC, SimulatedNode.HOST_MAC, 0, packet);
        site.lan.deliverRaw(Packets.join(header, frame));
        network.turn();
    }

    private static byte[] header(
            int flags, int gsoType, int length, int gsoSize, int checksumStart, int field) {
        return ByteBuffer.allocate(10)
                .order(ByteOrder.nativeOrder())
                .put((byte) flags)
                .put((byte) gsoType)
                .putShort((short) length)
                .putShort((short) gsoSize)
                .putShort((short) checksumStart)
                .putShort((short) field)
                .array();
    }

    private static long drops(SimulatedNode node) {
        return node.plane.counters().dropped().values().stream().mapToLong(Long::longValue).sum();
    }

    private static void empty(SimulatedNode node) {
        while (node.lan.writtenCount() > 0) {
            node.lan.take();
        }
    }

    private void assertNothingIsLost() {
        network.second.wan.takeUnreceived(); // what the socket holds has no slot yet
        for (int i = 0; i < 8; i++) {
            network.pass(1_000_000_000L); // what waits for a neighbour gives up
            network.turn();
        }
        for (SimulatedNode node : List.of(network.first, network.second, network.pop)) {
            assertEquals(0, node.usedSlots(), "site " + node.siteId);
        }
    }
}
