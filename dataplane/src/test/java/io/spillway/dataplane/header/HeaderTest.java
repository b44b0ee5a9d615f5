package io.spillway.dataplane.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class HeaderTest {
    private static final byte[] SYN_OPTIONS = Packets.hex("0204 05b4 0402 080a 00000001 00000000");

    @Test
    void shouldWriteAndReadEthernetWithAndWithoutTag() {
        UnsafeBuffer plain = new UnsafeBuffer(new byte[14]);
        UnsafeBuffer tagged = new UnsafeBuffer(new byte[18]);

        int plainLength =
                EthernetHeader.write(plain, 0, 0x0A1B2C3D4E5FL, 0x020000000001L, 0, 0x0800);
        int taggedLength =
                EthernetHeader.write(tagged, 0, MacAddress.BROADCAST, 0x020000000001L, 102, 0x86DD);

        assertEquals(14, plainLength);
        assertArrayEquals(
                Packets.hex("0a1b2c3d4e5f 020000000001 0800"), Guarded.bytes(plain, 0, 14));
        assertEquals(18, taggedLength);
        assertArrayEquals(
                Packets.hex("ffffffffffff 020000000001 8100 0066 86dd"),
                Guarded.bytes(tagged, 0, 18));
        assertEquals(0x8100, EthernetHeader.etherType(tagged, 0));
        assertEquals(102, VlanTag.vlanId(tagged, 12));
        assertEquals(0x86DD, VlanTag.etherType(tagged, 12));
        assertEquals(0x0A1B2C3D4E5FL, EthernetHeader.destination(plain, 0));
        assertEquals(0x020000000001L, EthernetHeader.source(plain, 0));
    }

    @Test
    void shouldReadPriorityBesideTheVlan() {
        UnsafeBuffer tag = new UnsafeBuffer(Packets.hex("8100 efff 0800"));

        assertEquals(7, VlanTag.priority(tag, 0));
        assertEquals(4095, VlanTag.vlanId(tag, 0));
    }

    @Test
    void shouldKnowGroupsAndInterfaceIdentifiers() {
        assertTrue(MacAddress.isGroup(MacAddress.BROADCAST));
        assertTrue(MacAddress.isGroup(MacAddress.ofIpv6Group(1)));
        assertFalse(MacAddress.isStation(MacAddress.NONE));
        assertEquals(0x3333_0000_0001L, MacAddress.ofIpv6Group(0x1_0000_0001L));
        // RFC 4291 appendix A
        assertEquals(0x3656_78FF_FE9A_BCDEL, MacAddress.interfaceIdentifier(0x3456_789A_BCDEL));
        assertEquals("34:56:78:9a:bc:de", MacAddress.format(0x3456_789A_BCDEL));
    }

    @Test
    void shouldAcceptAWholeIpv4PacketAndRefuseDamage() {
        byte[] packet = Packets.tcpOverIpv4(0x02, SYN_OPTIONS, new byte[0]);
        UnsafeBuffer buffer = new UnsafeBuffer(packet);

        assertTrue(Ipv4Header.isValid(buffer, 0, packet.length));
        assertFalse(Ipv4Header.isValid(buffer, 0, packet.length - 1));
        packet[8] ^= 1;
        assertFalse(Ipv4Header.isValid(buffer, 0, packet.length));
    }

    @Test
    void shouldReadIpv4Fields() {
        UnsafeBuffer buffer =
                new UnsafeBuffer(Packets.hex("4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7"));

        assertEquals(4, Ipv4Header.version(buffer, 0));
        assertEquals(20, Ipv4Header.headerLength(buffer, 0));
        assertEquals(0x73, Ipv4Header.totalLength(buffer, 0));
        assertFalse(Ipv4Header.mayFragment(buffer, 0));
        assertFalse(Ipv4Header.isFragment(buffer, 0));
        assertEquals(64, Ipv4Header.ttl(buffer, 0));
        assertEquals(17, Ipv4Header.protocol(buffer, 0));
        assertEquals(Packets.ip4("192.168.0.1"), Ipv4Header.source(buffer, 0));
        assertEquals(Packets.ip4("192.168.0.199"), Ipv4Header.destination(buffer, 0));
    }

    @Test
    void shouldStayValidDownToTtlZero() {
        byte[] packet = Packets.ipv4(17, 0, "10.1.0.7", "10.2.0.9", new byte[9]);
        UnsafeBuffer buffer = new UnsafeBuffer(packet);
        for (int ttl = 63; ttl >= 0; ttl--) {

            Ipv4Header.decrementTtl(buffer, 0);

            assertEquals(ttl, Ipv4Header.ttl(buffer, 0));
            assertTrue(Ipv4Header.isValid(buffer, 0, packet.length));
        }
    }

    @Test
    void shouldReadIpv6FieldsAndDecrement() {
        byte[] packet = Packets.ipv6(17, 64, "fd00:1::7", "fe80::9", new byte[8]);
        packet[0] = 0x6A;
        packet[1] = (byte) 0xB0;
        UnsafeBuffer buffer = new UnsafeBuffer(packet);

        Ipv6Header.decrementHopLimit(buffer, 0);

        assertTrue(Ipv6Header.isValid(buffer, 0, packet.length));
        assertFalse(Ipv6Header.isValid(buffer, 0, packet.length - 1));
        assertEquals(0xAB, Ipv6Header.trafficClass(buffer, 0));
        assertEquals(63, Ipv6Header.hopLimit(buffer, 0));
        assertEquals(Packets.high("fd00:1::7"), Ipv6Header.sourceHigh(buffer, 0));
        assertEquals(9, Ipv6Header.destinationLow(buffer, 0));
        assertTrue(Ipv6Header.isLinkLocal(Ipv6Header.destinationHigh(buffer, 0)));
    }

    @Test
    void shouldWalkExtensionHeadersToTheTransport() {
        byte[] hopByHop = Packets.hex("3c00 0104 00000000");
        byte[] destination = Packets.hex("3301 0104 00000000 0000000000000000");
        byte[] authentication = Packets.hex("2c04 0000 00000001 00000002 0102030405060708090a0b0c");
        byte[] fragment = Packets.hex("1100 0001 00000007");
        byte[] packet =
                Packets.ipv6(
                        0,
                        64,
                        "fd00:1::7",
                        "fd00:2::9",
                        hopByHop,
                        destination,
                        authentication,
                        fragment,
                        new byte[8]);

        long walk = Ipv6Extensions.walk(new Guarded(1).of(packet, 5), 5);

        assertEquals(17, Ipv6Extensions.protocol(walk));
        assertEquals(5 + packet.length - 8, Ipv6Extensions.offset(walk));
        assertTrue(Ipv6Extensions.isFragment(walk));
        assertFalse(Ipv6Extensions.isLaterFragment(walk));
    }

    @Test
    void shouldStopAtALaterFragmentAndTakeAtomicOnesAsWhole() {
        byte[] later =
                Packets.ipv6(44, 64, "fd00:1::7", "fd00:2::9", Packets.hex("3c00 0008 00000007"));
        byte[] atomic =
                Packets.ipv6(44, 64, "fd00:1::7", "fd00:2::9", Packets.hex("1100 0000 00000007"));

        long laterWalk = Ipv6Extensions.walk(new UnsafeBuffer(later), 0);
        long atomicWalk = Ipv6Extensions.walk(new UnsafeBuffer(atomic), 0);

        assertTrue(Ipv6Extensions.isLaterFragment(laterWalk));
        assertEquals(48, Ipv6Extensions.offset(laterWalk));
        assertFalse(Ipv6Extensions.isFragment(atomicWalk));
    }

    @Test
    void shouldRefuseEndlessAndTruncatedExtensions() {
        byte[] many = new byte[8 * 9];
        byte[] tooLong = Packets.hex("1104 0000 00000000");

        byte[] endless = Packets.ipv6(0, 64, "fd00:1::7", "fd00:2::9", many);
        byte[] truncated = Packets.ipv6(0, 64, "fd00:1::7", "fd00:2::9", tooLong);
        byte[] half = Packets.ipv6(0, 64, "fd00:1::7", "fd00:2::9", new byte[4]);

        assertEquals(Ipv6Extensions.MALFORMED, Ipv6Extensions.walk(new UnsafeBuffer(endless), 0));
        assertEquals(Ipv6Extensions.MALFORMED, Ipv6Extensions.walk(new UnsafeBuffer(truncated), 0));
        assertEquals(Ipv6Extensions.MALFORMED, Ipv6Extensions.walk(new UnsafeBuffer(half), 0));
    }

    @Test
    void shouldReadTcpFieldsAndFindTheMss() {
        UnsafeBuffer buffer = new UnsafeBuffer(Packets.tcpOverIpv4(0x12, SYN_OPTIONS, new byte[3]));

        assertTrue(TcpHeader.isValid(buffer, 20, 39));
        assertFalse(TcpHeader.isValid(buffer, 20, 35));
        assertEquals(0xC001, TcpHeader.sourcePort(buffer, 20));
        assertEquals(443, TcpHeader.destinationPort(buffer, 20));
        assertEquals(1, TcpHeader.sequence(buffer, 20));
        assertEquals(0, TcpHeader.acknowledgment(buffer, 20));
        assertEquals(36, TcpHeader.headerLength(buffer, 20));
        assertEquals(TcpHeader.SYN | TcpHeader.ACK, TcpHeader.flags(buffer, 20));
        assertEquals(42, TcpHeader.mssOffset(buffer, 20));
    }

    @Test
    void shouldNotFindAnMssThatSticksOutOfTheHeader() {
        byte[] data = Packets.hex("05b4 05b4");
        for (String options : new String[] {"01010204", "01010102", "02030101", "00 0204 05"}) {
            byte[] packet = Packets.tcpOverIpv4(0x02, Packets.hex(options), data);

            int mssOffset = TcpHeader.mssOffset(new UnsafeBuffer(packet), 20);

            assertEquals(TcpHeader.NO_OPTION, mssOffset, options);
        }
    }

    @Test
    void shouldReadUdpAndIcmpFields() {
        UnsafeBuffer udp = new UnsafeBuffer(Packets.hex("1000 2000 000c abcd 01020304"));
        UnsafeBuffer icmp = new UnsafeBuffer(Packets.hex("0304 abcd 0000 0577"));
        UnsafeBuffer echo = new UnsafeBuffer(Packets.hex("8000 abcd 1234 0001"));
        UnsafeBuffer tooBig = new UnsafeBuffer(Packets.hex("0200 abcd 0000 0577"));

        assertTrue(UdpHeader.isValid(udp, 0, 12));
        assertFalse(UdpHeader.isValid(udp, 0, 11));
        assertEquals(0x1000, UdpHeader.sourcePort(udp, 0));
        assertEquals(0x2000, UdpHeader.destinationPort(udp, 0));
        assertEquals(0xABCD, UdpHeader.checksum(udp, 0));
        assertEquals(IcmpHeader.UNREACHABLE, IcmpHeader.type(icmp, 0));
        assertEquals(IcmpHeader.CODE_FRAGMENTATION_NEEDED, IcmpHeader.code(icmp, 0));
        assertEquals(1399, IcmpHeader.nextHopMtu(icmp, 0));
        assertEquals(0x1234, Icmpv6Header.identifier(echo, 0));
        assertEquals(0x1234, IcmpHeader.identifier(echo, 0));
        assertEquals(1399, Icmpv6Header.mtu(tooBig, 0));
    }
}
