package io.spillway.dataplane.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MssClampTest {
    private static final byte[] MSS_1460 = Packets.hex("0204 05b4");

    /** The value's two bytes stand at an odd distance: two checksum words change. */
    private static final byte[] MSS_1460_ODD = Packets.hex("01 0204 05b4 010101");

    @Test
    void shouldClampSynOverIpv4AndKeepItsChecksumRight() {
        for (byte[] options : new byte[][] {MSS_1460, MSS_1460_ODD}) {
            byte[] packet = Packets.tcpOverIpv4(0x02, options, new byte[0]);
            UnsafeBuffer buffer = new UnsafeBuffer(packet);

            boolean changed = MssClamp.clampIpv4(buffer, 0, 1383, true);

            assertTrue(changed);
            assertEquals(1343, mss(buffer, 20));
            assertTrue(TransportChecksum.isValidIpv4(buffer, 0, 20, packet.length - 20, 6));
        }
    }

    @Test
    void shouldClampSynAckOverIpv6BehindExtensions() {
        byte[] plain = Packets.tcpOverIpv6(0x12, MSS_1460_ODD, new byte[0]);
        byte[] packet =
                Packets.join(
                        java.util.Arrays.copyOf(plain, 40),
                        Packets.hex("0600 0104 00000000"),
                        java.util.Arrays.copyOfRange(plain, 40, plain.length));
        packet[6] = 0;
        Packets.put16(packet, 4, packet.length - 40);
        UnsafeBuffer buffer = new UnsafeBuffer(packet);

        long walk = Ipv6Extensions.walk(buffer, 0);
        boolean changed = MssClamp.clampIpv6(buffer, 0, walk, 1383, true);

        assertTrue(changed);
        assertEquals(1323, mss(buffer, 48));
        assertTrue(TransportChecksum.isValidIpv6(buffer, 0, 48, packet.length - 48, 6));
    }

    @Test
    void shouldLeaveAPartialChecksumAlone() {
        byte[] packet = Packets.tcpOverIpv4(0x02, MSS_1460, new byte[0]);
        int before = Packets.get16(packet, 36);
        UnsafeBuffer buffer = new UnsafeBuffer(packet);

        boolean changed = MssClamp.clampIpv4(buffer, 0, 1383, false);

        assertTrue(changed);
        assertEquals(before, Packets.get16(packet, 36));
    }

    @Test
    void shouldNotTouchWhatNeedsNoClamp() {
        byte[] fits = Packets.tcpOverIpv4(0x02, MSS_1460, new byte[0]);
        byte[] noSyn = Packets.tcpOverIpv4(0x10, MSS_1460, new byte[0]);
        byte[] noOption = Packets.tcpOverIpv4(0x02, Packets.hex("0103 0300"), new byte[0]);
        byte[] fragment = fits.clone();
        Packets.put16(fragment, 6, 1);
        for (byte[] packet : new byte[][] {fits, noSyn, noOption, fragment}) {
            byte[] before = packet.clone();
            int mtu = packet == fits ? 1500 : 1383;

            boolean changed = MssClamp.clampIpv4(new UnsafeBuffer(packet), 0, mtu, true);

            assertFalse(changed);
            assertArrayEquals(before, packet);
        }
    }

    @Test
    void shouldKeepChecksumsRightForAnyMssAndOptionOrder() {
        long seed = 9293;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < Guarded.count(20_000, 1_000_000); i++) {
            byte[] options = new byte[4 + 4 * random.nextInt(9)];
            java.util.Arrays.fill(options, (byte) 1);
            int at = random.nextInt(options.length - 3);
            options[at] = 2;
            options[at + 1] = 4;
            Packets.put16(options, at + 2, random.nextInt(0x10000));
            byte[] packet =
                    Packets.tcpOverIpv4(0x02, options, Packets.random(random, random.nextInt(9)));
            UnsafeBuffer buffer = new UnsafeBuffer(packet);

            MssClamp.clampIpv4(buffer, 0, random.nextInt(68, 9000), true);

            boolean valid = TransportChecksum.isValidIpv4(buffer, 0, 20, packet.length - 20, 6);
            assertTrue(valid, "seed " + seed + " #" + i);
        }
    }

    private static int mss(UnsafeBuffer buffer, int tcp) {
        return Packets.get16(buffer.byteArray(), TcpHeader.mssOffset(buffer, tcp));
    }
}
