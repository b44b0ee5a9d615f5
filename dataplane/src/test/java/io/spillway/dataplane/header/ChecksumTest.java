package io.spillway.dataplane.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    private static final long SEED = 1071;

    @Test
    void shouldSumTheExampleOfRfc1071() {
        byte[] bytes = Packets.hex("0001 f203 f4f5 f6f7");

        int sum = Checksum.sum(new UnsafeBuffer(bytes), 0, bytes.length);

        assertEquals(0xDDF2, sum);
        assertEquals(0x220D, Checksum.ofSum(sum));
    }

    @Test
    void shouldFindTheWellKnownHeaderValid() {
        byte[] header = Packets.hex("4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7");

        int sum = Checksum.sum(new UnsafeBuffer(header), 0, header.length);

        assertEquals(Checksum.VALID, sum);
    }

    @Test
    void shouldUpdateAsTheExampleOfRfc1624() {
        assertEquals(0x0000, Checksum.update(0xDD2F, 0x5555, 0x3285));
    }

    @Test
    void shouldSumAsTheSlowTwinAtEveryLengthAndOffset() {
        SplittableRandom random = new SplittableRandom(SEED);
        Guarded guarded = new Guarded(SEED);
        for (int length = 0; length < 300; length++) {
            for (int offset = 0; offset < 9; offset++) {
                byte[] bytes = Packets.random(random, length);

                int sum = Checksum.sum(guarded.of(bytes, offset), offset, length);

                assertSameSum(Packets.slowSum(bytes), sum, "seed " + SEED + " length " + length);
            }
        }
    }

    @Test
    void shouldSumLargeFramesOfOnesAndZeros() {
        byte[] ones = new byte[65_535];
        java.util.Arrays.fill(ones, (byte) 0xFF);

        assertEquals(Packets.slowSum(ones), Checksum.sum(new UnsafeBuffer(ones), 0, ones.length));
        assertEquals(0, Checksum.sum(new UnsafeBuffer(new byte[65_535]), 0, 65_535));
    }

    @Test
    void shouldUpdateIncrementallyAsIfComputedAnew() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < Guarded.count(20_000, 2_000_000); i++) {
            byte[] bytes = Packets.random(random, 2 + 2 * random.nextInt(20));
            int before = ~Packets.slowSum(bytes) & 0xFFFF;
            int at = 2 * random.nextInt(bytes.length / 2);
            int oldWord = Packets.get16(bytes, at);
            int newWord = random.nextInt(4) == 0 ? 0xFFFF : random.nextInt(0x10000);
            Packets.put16(bytes, at, newWord);

            int updated = Checksum.update(before, oldWord, newWord);

            assertSameSum(Packets.slowSum(bytes), ~updated & 0xFFFF, "seed " + SEED + " #" + i);
        }
    }

    @Test
    void shouldCarryTwiceInAnUpdate() {
        int checksum = ~0xFFFF & 0xFFFF; // sum 0xFFFF, less 0x0000, plus 0x0001: 1
        assertEquals(0xFFFE, Checksum.update(checksum, 0x0000, 0x0001));
    }

    @Test
    void shouldNeverComputeZeroForUdp() {
        assertEquals(0xFFFF, Checksum.nonZeroOfSum(0xFFFF));
        assertEquals(0, Checksum.ofSum(0xFFFF));
        assertEquals(0x220D, Checksum.nonZeroOfSum(0xDDF2));
    }

    @Test
    void shouldCompleteWhatAHostWithOffloadLeft() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 2_000; i++) {
            byte[] whole = Packets.tcpOverIpv4(0x18, new byte[0], Packets.random(random, i % 1500));
            byte[] partial = whole.clone();
            UnsafeBuffer buffer = new UnsafeBuffer(partial);
            int pseudo = Checksum.ofPseudoIpv4(buffer, 0, 6, whole.length - 20);
            Packets.put16(partial, 36, pseudo);

            boolean completed = TransportChecksum.complete(buffer, 0, partial.length, 20, 16);

            assertTrue(completed);
            assertTrue(TransportChecksum.isValidIpv4(buffer, 0, 20, whole.length - 20, 6));
            assertSameSum(Packets.get16(whole, 36), Packets.get16(partial, 36), "seed " + SEED);
        }
    }

    @Test
    void shouldRefuseToCompleteOutsideThePacket() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[40]);

        assertFalse(TransportChecksum.complete(buffer, 0, 40, 20, 19));
        assertFalse(TransportChecksum.complete(buffer, 0, 40, 41, 0));
        assertFalse(TransportChecksum.complete(buffer, 0, 40, -1, 0));
        assertFalse(TransportChecksum.complete(buffer, 0, 40, 20, Integer.MAX_VALUE));
        assertTrue(TransportChecksum.complete(buffer, 0, 40, 20, 18));
    }

    @Test
    void shouldTakeUdpWithoutChecksumOverIpv4Only() {
        byte[] udp = Packets.hex("1000 2000 000c 0000 01020304");
        UnsafeBuffer v4 = new UnsafeBuffer(Packets.ipv4(17, 0, "10.1.0.7", "10.2.0.9", udp));
        UnsafeBuffer v6 = new UnsafeBuffer(Packets.ipv6(17, 64, "fd00:1::7", "fd00:2::9", udp));

        assertTrue(TransportChecksum.isValidIpv4(v4, 0, 20, 12, 17));
        assertFalse(TransportChecksum.isValidIpv6(v6, 0, 40, 12, 17));
    }

    @Test
    void shouldNoticeAFlippedBitOverIpv6() {
        byte[] packet = Packets.tcpOverIpv6(0x18, new byte[0], new byte[33]);
        UnsafeBuffer buffer = new UnsafeBuffer(packet);

        boolean before = TransportChecksum.isValidIpv6(buffer, 0, 40, packet.length - 40, 6);
        packet[70] ^= 4;
        boolean after = TransportChecksum.isValidIpv6(buffer, 0, 40, packet.length - 40, 6);

        assertTrue(before);
        assertFalse(after);
    }

    /** 0 and 0xFFFF are the same number in ones' complement. */
    private static void assertSameSum(int expected, int actual, String message) {
        assertEquals(expected % 0xFFFF, actual % 0xFFFF, message);
    }
}
