package io.spillway.dataplane.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.Frames;
import io.spillway.dataplane.sim.Sim;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketDecoderTest {
    private static final byte[] IPV4 = Frames.udp("10.1.0.7", "10.2.0.8", 53, new byte[20]);
    private static final byte[] IPV6 = Frames.udp("fd00:1::7", "fd00:2::8", 53, new byte[20]);

    private final PacketPool pool = new PacketPool(4);
    private final Counters counters = new Counters();
    private final PacketDecoder decoder = new PacketDecoder(new Drops(counters, pool));
    private final SplittableRandom random = new SplittableRandom(Sim.seed());

    @Test
    void shouldKnowAddressesAndPorts() {
        PacketBuffer packet = buffer(IPV4, IPV4.length);

        assertNull(PacketDecoder.decode(packet));

        assertEquals(4, packet.ipVersion);
        assertEquals(20, packet.transportOffset);
        assertEquals("10.1.0.7 40000 10.2.0.8 53 17", describe(packet));
    }

    @Test
    void shouldKnowIpv6Alike() {
        PacketBuffer packet = buffer(IPV6, IPV6.length);

        assertNull(PacketDecoder.decode(packet));

        assertEquals(6, packet.ipVersion);
        assertEquals(40, packet.transportOffset);
        assertEquals(Packets.high("fd00:1::7"), packet.tuple.sourceHigh);
        assertEquals(Packets.low("fd00:2::8"), packet.tuple.destinationLow);
    }

    @Test
    void shouldCutEthernetPaddingOff() {
        PacketBuffer packet = buffer(Arrays.copyOf(IPV4, IPV4.length + 6), IPV4.length + 6);

        assertNull(PacketDecoder.decode(packet));

        assertEquals(IPV4.length, packet.length());
    }

    @Test
    void shouldNameAnEchoByItsIdentifierInBothDirections() {
        byte[] echo = {8, 0, 0, 0, 0x12, 0x34, 0, 1};
        byte[] request = Packets.ipv4(1, 0, "10.1.0.7", "10.2.0.8", echo);
        PacketBuffer packet = buffer(request, request.length);

        assertNull(PacketDecoder.decode(packet));

        assertEquals(0x1234, packet.tuple.sourcePort);
        assertEquals(0x1234, packet.tuple.destinationPort);
    }

    /** Answers belong to their question, other questions to other conversations. */
    @Test
    void shouldTellConversationsWithoutPortsApart() {
        int echo = protocolOf(8, 0);

        assertEquals(echo, protocolOf(0, 0));
        assertEquals(protocolOf(13, 0), protocolOf(14, 0));
        assertEquals(4, Set.of(echo, protocolOf(13, 0), protocolOf(3, 1), protocolOf(3, 2)).size());
        assertEquals(1, echo & 0xFF);
    }

    private int protocolOf(int type, int code) {
        byte[] message = {(byte) type, (byte) code, 0, 0, 0x12, 0x34, 0, 1};
        byte[] bytes = Packets.ipv4(1, 0, "10.1.0.7", "10.2.0.8", message);
        PacketBuffer packet = buffer(bytes, bytes.length);
        assertNull(PacketDecoder.decode(packet));
        pool.release(packet);
        return packet.tuple.protocol;
    }

    @Test
    void shouldExpectNoTransportHeaderInALaterFragment() {
        byte[] fragment = Packets.ipv4(17, 100, "10.1.0.7", "10.2.0.8", new byte[3]);
        PacketBuffer packet = buffer(fragment, fragment.length);

        assertNull(PacketDecoder.decode(packet));

        assertTrue(packet.isLaterFragment && packet.isFragment);
        assertEquals("10.1.0.7 0 10.2.0.8 0 17", describe(packet));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 10.2.0.8, PACKET_BAD_ADDRESS",
        "0.0.0.0, 10.2.0.8, PACKET_BAD_ADDRESS",
        "224.0.0.1, 10.2.0.8, PACKET_BAD_ADDRESS",
        "255.255.255.255, 10.2.0.8, PACKET_BAD_ADDRESS",
        "10.1.0.7, 224.0.0.5, PACKET_MULTICAST",
        "10.1.0.7, 255.255.255.255, PACKET_MULTICAST",
        "fe80::1, fd00:2::8, PACKET_BAD_ADDRESS",
        "::1, fd00:2::8, PACKET_BAD_ADDRESS",
        "::, fd00:2::8, PACKET_BAD_ADDRESS",
        "ff02::1, fd00:2::8, PACKET_BAD_ADDRESS",
        "fd00:1::7, ff02::1, PACKET_MULTICAST",
        "fd00:1::7, fe80::1, PACKET_BAD_ADDRESS",
        "fd00:1::7, ::1, PACKET_BAD_ADDRESS",
    })
    void shouldRefuseWhatNobodyMayRoute(String source, String target, DropReason reason) {
        byte[] bytes = Frames.udp(source, target, 53, new byte[4]);

        assertEquals(reason, PacketDecoder.decode(buffer(bytes, bytes.length)));
    }

    @Test
    void shouldRefuseEveryTruncation() {
        for (byte[] whole : new byte[][] {IPV4, IPV6}) {
            for (int length = 0; length < whole.length; length++) {
                PacketBatch batch = new PacketBatch(1);
                batch.add(buffer(whole, length));
                decoder.process(batch);
                assertTrue(batch.isEmpty(), length + " of " + whole.length);
            }
        }
        assertEquals(4, pool.freeCount());
    }

    /** The same bytes with other noise behind them decode alike: nothing outside is read. */
    @Test
    void shouldSurviveArbitraryAndDamagedPackets() {
        PacketBuffer first = pool.acquire();
        PacketBuffer second = pool.acquire();
        for (int i = 0; i < Sim.count(150_000, 5_000_000); i++) {
            byte[] bytes = damaged();
            String where = "seed " + Sim.seed() + " #" + i;
            fill(first, bytes);
            fill(second, bytes);

            DropReason reason = PacketDecoder.decode(first);

            assertEquals(reason, PacketDecoder.decode(second), where);
            if (reason == null) {
                assertEquals(describe(first), describe(second), where);
                assertEquals(SlowPacket.describe(bytes), describe(first), where);
                assertTrue(first.length() <= bytes.length, where);
                assertTrue(first.transportOffset <= first.length(), where);
            }
        }
    }

    private byte[] damaged() {
        byte[] bytes =
                switch (random.nextInt(6)) {
                    case 0 -> Packets.random(random, random.nextInt(100));
                    case 1 -> Packets.tcpOverIpv4(2, new byte[] {2, 4, 5, 0x78}, new byte[9]);
                    case 2 -> Packets.tcpOverIpv6(2, new byte[] {2, 4, 5, 0x78}, new byte[9]);
                    case 3 -> IPV6.clone();
                    case 4 -> withExtensions();
                    default -> IPV4.clone();
                };
        for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        if (bytes.length >= 20 && bytes[0] == 0x45) {
            Frames.withChecksum(bytes);
        }
        int cut = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
        return Arrays.copyOf(bytes, cut + (random.nextInt(4) == 0 ? 5 : 0));
    }

    private byte[] withExtensions() {
        byte[] udp = Arrays.copyOfRange(IPV6, 40, IPV6.length);
        byte[] hopByHop = {60, 0, 1, 4, 0, 0, 0, 0};
        byte[] options = {44, 0, 1, 4, 0, 0, 0, 0};
        byte[] fragment = {17, 0, 0, (byte) random.nextInt(16), 1, 2, 3, 4};
        return Packets.ipv6(0, 9, "fd00:1::7", "fd00:2::8", hopByHop, options, fragment, udp);
    }

    private void fill(PacketBuffer buffer, byte[] bytes) {
        buffer.reset(bytes.length);
        buffer.memory().putBytes(buffer.offset(), bytes);
        buffer.memory().putBytes(buffer.offset() + bytes.length, Packets.random(random, 64));
    }

    private PacketBuffer buffer(byte[] bytes, int length) {
        PacketBuffer buffer = pool.acquire();
        fill(buffer, bytes);
        buffer.truncate(length);
        return buffer;
    }

    static String describe(PacketBuffer packet) {
        boolean isIpv4 = packet.ipVersion == 4;
        return "%s %d %s %d %d"
                .formatted(
                        address(isIpv4, packet.tuple.sourceHigh, packet.tuple.sourceLow),
                        packet.tuple.sourcePort,
                        address(isIpv4, packet.tuple.destinationHigh, packet.tuple.destinationLow),
                        packet.tuple.destinationPort,
                        packet.protocol);
    }

    private static String address(boolean isIpv4, long high, long low) {
        if (isIpv4) {
            assertEquals(0, high);
            return "%d.%d.%d.%d"
                    .formatted(low >>> 24, low >>> 16 & 0xFF, low >>> 8 & 0xFF, low & 0xFF);
        }
        return new BigInteger("%016x%016x".formatted(high, low), 16).toString(16);
    }
}
