package io.spillway.dataplane.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class IcmpErrorsTest {
    private static final int OURS = Packets.ip4("10.1.0.1");
    private static final long OURS_HIGH = Packets.high("fd00:1::1");
    private static final long OURS_LOW = Packets.low("fd00:1::1");

    @Test
    void shouldSayFragmentationNeededWithTheMtu() {
        byte[] packet = Packets.ipv4(17, 0x4000, "10.1.0.7", "10.2.0.9", new byte[1400]);
        UnsafeBuffer out = new UnsafeBuffer(new byte[700]);

        int length =
                IcmpErrors.fragmentationNeeded(
                        new UnsafeBuffer(packet), 0, packet.length, 1383, OURS, out, 50);

        assertEquals(576, length);
        assertTrue(Ipv4Header.isValid(out, 50, length));
        assertEquals(OURS, Ipv4Header.source(out, 50));
        assertEquals(Packets.ip4("10.1.0.7"), Ipv4Header.destination(out, 50));
        assertEquals(Checksum.VALID, Checksum.sum(out, 70, length - 20));
        assertEquals(3, IcmpHeader.type(out, 70));
        assertEquals(4, IcmpHeader.code(out, 70));
        assertEquals(1383, IcmpHeader.nextHopMtu(out, 70));
        assertArrayEquals(Arrays.copyOf(packet, 548), Guarded.bytes(out, 78, 548));
    }

    @Test
    void shouldQuoteAShortPacketWhole() {
        byte[] packet = Packets.ipv4(17, 0, "10.1.0.7", "10.2.0.9", new byte[9]);
        UnsafeBuffer out = new UnsafeBuffer(new byte[576]);
        UnsafeBuffer in = new UnsafeBuffer(Packets.join(packet, new byte[17])); // with padding

        int length = IcmpErrors.timeExceeded(in, 0, packet.length + 17, OURS, out, 0);

        assertEquals(28 + packet.length, length);
        assertEquals(11 << 8, typeAndCode(out, 20));
        assertArrayEquals(packet, Guarded.bytes(out, 28, packet.length));
    }

    @Test
    void shouldNameEveryReason() {
        byte[] packet = Packets.ipv4(6, 0, "10.1.0.7", "10.2.0.9", new byte[20]);
        UnsafeBuffer in = new UnsafeBuffer(packet);
        UnsafeBuffer out = new UnsafeBuffer(new byte[576]);

        IcmpErrors.prohibited(in, 0, packet.length, OURS, out, 0);
        assertEquals(3 << 8 | 13, typeAndCode(out, 20));
        IcmpErrors.netUnreachable(in, 0, packet.length, OURS, out, 0);
        assertEquals(3 << 8, typeAndCode(out, 20));
        IcmpErrors.hostUnreachable(in, 0, packet.length, OURS, out, 0);
        assertEquals(3 << 8 | 1, typeAndCode(out, 20));
    }

    @Test
    void shouldBeSilentWhereRfc1812Says() {
        byte[] data = new byte[16];
        byte[] error = Packets.hex("0301 0000 00000000");
        byte[] echo = Packets.hex("0800 0000 00000000");

        assertFalse(complains(Packets.ipv4(1, 0, "10.1.0.7", "10.2.0.9", error)));
        assertFalse(complains(Packets.ipv4(1, 0, "10.1.0.7", "10.2.0.9")));
        assertFalse(complains(Packets.ipv4(17, 1, "10.1.0.7", "10.2.0.9", data)));
        assertFalse(complains(Packets.ipv4(17, 0, "0.0.0.0", "10.2.0.9", data)));
        assertFalse(complains(Packets.ipv4(17, 0, "127.0.0.1", "10.2.0.9", data)));
        assertFalse(complains(Packets.ipv4(17, 0, "224.0.0.5", "10.2.0.9", data)));
        assertFalse(complains(Packets.ipv4(17, 0, "255.255.255.255", "10.2.0.9", data)));
        assertFalse(complains(Packets.ipv4(17, 0, "10.1.0.7", "224.0.0.5", data)));
        assertFalse(complains(Packets.ipv4(17, 0, "10.1.0.7", "255.255.255.255", data)));
        assertTrue(complains(Packets.ipv4(1, 0, "10.1.0.7", "10.2.0.9", echo)));
        assertTrue(complains(Packets.ipv4(17, 0x2000, "10.1.0.7", "10.2.0.9", data)));
    }

    @Test
    void shouldSayPacketTooBigWithinTheMinimumMtu() {
        byte[] packet = Packets.ipv6(17, 64, "fd00:1::7", "fd00:2::9", new byte[1400]);
        UnsafeBuffer out = new UnsafeBuffer(new byte[1300]);

        int length =
                Icmpv6Errors.packetTooBig(
                        new UnsafeBuffer(packet),
                        0,
                        packet.length,
                        1383,
                        OURS_HIGH,
                        OURS_LOW,
                        out,
                        20);

        assertEquals(1280, length);
        assertTrue(Ipv6Header.isValid(out, 20, length));
        assertTrue(TransportChecksum.isValidIpv6(out, 20, 60, length - 40, 58));
        assertEquals(2 << 8, typeAndCode(out, 60));
        assertEquals(1383, Icmpv6Header.mtu(out, 60));
        assertEquals(OURS_LOW, Ipv6Header.sourceLow(out, 20));
        assertEquals(Packets.low("fd00:1::7"), Ipv6Header.destinationLow(out, 20));
        assertArrayEquals(Arrays.copyOf(packet, 1232), Guarded.bytes(out, 68, 1232));
    }

    @Test
    void shouldNameEveryReasonOverIpv6() {
        byte[] packet = Packets.ipv6(6, 64, "fd00:1::7", "fd00:2::9", new byte[20]);
        UnsafeBuffer in = new UnsafeBuffer(packet);
        UnsafeBuffer out = new UnsafeBuffer(new byte[1280]);
        int length = packet.length;

        Icmpv6Errors.timeExceeded(in, 0, length, OURS_HIGH, OURS_LOW, out, 0);
        assertEquals(3 << 8, typeAndCode(out, 40));
        Icmpv6Errors.prohibited(in, 0, length, OURS_HIGH, OURS_LOW, out, 0);
        assertEquals(1 << 8 | 1, typeAndCode(out, 40));
        Icmpv6Errors.noRoute(in, 0, length, OURS_HIGH, OURS_LOW, out, 0);
        assertEquals(1 << 8, typeAndCode(out, 40));
        Icmpv6Errors.addressUnreachable(in, 0, length, OURS_HIGH, OURS_LOW, out, 0);
        assertEquals(1 << 8 | 3, typeAndCode(out, 40));
    }

    @Test
    void shouldBeSilentWhereRfc4443Says() {
        byte[] data = new byte[16];
        byte[] later = Packets.hex("1100 0008 00000007");
        byte[] first = Packets.hex("1100 0001 00000007");
        String from = "fd00:1::7";
        String to = "fd00:2::9";

        assertFalse(complains(Packets.icmpv6(64, from, to, Packets.hex("0104 0000 00000000"))));
        assertFalse(complains(Packets.icmpv6(64, from, to, Packets.hex("8900 0000 00000000"))));
        assertFalse(complains(Packets.ipv6(58, 64, from, to)));
        assertFalse(complains(Packets.ipv6(44, 64, from, to, later, data)));
        assertFalse(complains(Packets.ipv6(17, 64, "::", to, data)));
        assertFalse(complains(Packets.ipv6(17, 64, "::1", to, data)));
        assertFalse(complains(Packets.ipv6(17, 64, "ff02::1", to, data)));
        assertFalse(complains(Packets.ipv6(17, 64, from, "ff05::2", data)));
        assertFalse(complains(Packets.ipv6(0, 64, from, to, new byte[4])));
        assertTrue(complains(Packets.icmpv6(64, from, to, Packets.hex("8000 0000 00000000"))));
        assertTrue(complains(Packets.ipv6(44, 64, from, to, first, data)));
    }

    @Test
    void shouldLimitTheRateToBurstAndAverage() {
        IcmpRateLimiter limiter = new IcmpRateLimiter(100, 10, Long.MAX_VALUE - 5);
        long nowNs = Long.MAX_VALUE - 5; // overflows on the way
        int atOnce = 0;
        int inOneSecond = 0;

        for (int i = 0; i < 50; i++) {
            atOnce += limiter.tryAcquire(nowNs) ? 1 : 0;
        }
        for (int ms = 0; ms < 1000; ms++) {
            nowNs += 1_000_000;
            inOneSecond += limiter.tryAcquire(nowNs) ? 1 : 0;
        }

        assertEquals(10, atOnce);
        assertEquals(100, inOneSecond);
    }

    private static boolean complains(byte[] packet) {
        UnsafeBuffer in = new UnsafeBuffer(packet);
        UnsafeBuffer out = new UnsafeBuffer(new byte[1280]);
        boolean isIpv4 = packet[0] >>> 4 == 4;
        int written =
                isIpv4
                        ? IcmpErrors.timeExceeded(in, 0, packet.length, OURS, out, 0)
                        : Icmpv6Errors.timeExceeded(
                                in, 0, packet.length, OURS_HIGH, OURS_LOW, out, 0);
        return written > 0;
    }

    private static int typeAndCode(UnsafeBuffer buffer, int offset) {
        return Packets.get16(buffer.byteArray(), offset);
    }
}
