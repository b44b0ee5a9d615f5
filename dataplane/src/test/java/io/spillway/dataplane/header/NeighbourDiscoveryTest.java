package io.spillway.dataplane.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class NeighbourDiscoveryTest {
    private static final long OURS = 0x0200_5E10_0001L;
    private static final long HOST = 0x0A00_0000_0007L;
    private static final String TARGET = "fd000001000000000000000000000001";
    private static final String GROUP = "ff02::1:ff00:1";
    private static final String ASKER = "fd00:1::7";
    private static final byte[] SOLICITATION = Packets.hex("8700 0000 00000000" + TARGET);
    private static final byte[] SOURCE_OPTION = Packets.hex("0101 0a0000000007");
    private static final byte[] TARGET_OPTION = Packets.hex("0201 0a0000000007");
    private static final byte[] ROUTER_SOLICITATION = Packets.hex("8500 0000 00000000");

    private final UnsafeBuffer out = new UnsafeBuffer(new byte[300]);

    @Test
    void shouldAdvertiseToTheAsker() {
        byte[] in = Packets.icmpv6(255, ASKER, GROUP, SOLICITATION, SOURCE_OPTION);

        int length = answer(in, HOST + 1);

        assertEquals(14 + 72, length);
        assertEquals(HOST, EthernetHeader.destination(out, 9));
        assertEquals(OURS, EthernetHeader.source(out, 9));
        assertEquals(Icmpv6Header.NEIGHBOUR_ADVERTISEMENT, validType(9 + 14, 72));
        assertEquals(Packets.low(ASKER), Ipv6Header.destinationLow(out, 23));
        assertEquals(1, Ipv6Header.sourceLow(out, 23));
        assertArrayEquals(
                Packets.hex("e0000000" + TARGET + "0201 02005e100001"),
                Guarded.bytes(out, 23 + 44, 28));
    }

    @Test
    void shouldUseTheFramesSourceWhereTheMessageNamesNone() {
        byte[] in = Packets.icmpv6(255, ASKER, "fd00:1::1", SOLICITATION);

        answer(in, HOST);

        assertEquals(HOST, EthernetHeader.destination(out, 9));
    }

    @Test
    void shouldAnswerDuplicateAddressDetectionToAllNodes() {
        byte[] in = Packets.icmpv6(255, "::", GROUP, SOLICITATION);

        int length = answer(in, HOST);

        assertEquals(86, length);
        assertEquals(0x3333_0000_0001L, EthernetHeader.destination(out, 9));
        assertEquals(Packets.high("ff02::1"), Ipv6Header.destinationHigh(out, 23));
        assertFalse(NeighbourDiscovery.isSolicited(out, 23));
        assertTrue(NeighbourDiscovery.isOverride(out, 23));
        assertEquals(Icmpv6Header.NEIGHBOUR_ADVERTISEMENT, validType(23, 72));
    }

    @Test
    void shouldAnswerForTheLinkLocalAddress() {
        byte[] message = Packets.hex("8700 0000 00000000 fe80000000000000 00005efffe100001");
        byte[] in = Packets.icmpv6(255, "fe80::7", "ff02::1:ff10:1", message, SOURCE_OPTION);

        assertEquals(86, answer(in, HOST));
    }

    @Test
    void shouldRefuseWhatRfc4861Forbids() {
        byte[] other = Packets.hex("8700 0000 00000000 fd000001000000000000000000000002");
        byte[] multicast = Packets.hex("8700 0000 00000000 ff020000000000000000000000000001");
        byte[] code = Packets.hex("8701 0000 00000000" + TARGET);
        byte[] damaged = Packets.icmpv6(255, ASKER, GROUP, SOLICITATION);
        damaged[42] ^= 1;
        byte[] withHeader = Packets.ipv6(60, 255, ASKER, GROUP, Packets.hex("3a00010400000000"));

        assertEquals(0, answer(Packets.icmpv6(254, ASKER, GROUP, SOLICITATION), HOST));
        assertEquals(0, answer(Packets.icmpv6(255, ASKER, GROUP, other), HOST));
        assertEquals(0, answer(Packets.icmpv6(255, ASKER, GROUP, multicast), HOST));
        assertEquals(0, answer(Packets.icmpv6(255, ASKER, GROUP, code), HOST));
        assertEquals(0, answer(damaged, HOST));
        assertEquals(0, answer(withHeader, HOST));
        assertEquals(0, answer(Packets.icmpv6(255, "::", "fd00:1::1", SOLICITATION), HOST));
        assertEquals(
                0, answer(Packets.icmpv6(255, "::", GROUP, SOLICITATION, SOURCE_OPTION), HOST));
        assertEquals(0, answer(Packets.icmpv6(255, "ff02::7", GROUP, SOLICITATION), HOST));
        assertEquals(0, answer(Packets.icmpv6(255, "fd00:1::1", GROUP, SOLICITATION), HOST));
        byte[] noLength = Packets.hex("0100 0a0000000007");
        byte[] tooLong = Packets.hex("0102 0a0000000007");
        assertEquals(0, answer(Packets.icmpv6(255, ASKER, GROUP, SOLICITATION, noLength), HOST));
        assertEquals(0, answer(Packets.icmpv6(255, ASKER, GROUP, SOLICITATION, tooLong), HOST));
        byte[] short23 = java.util.Arrays.copyOf(SOLICITATION, 23);
        assertEquals(0, answer(Packets.icmpv6(255, ASKER, GROUP, short23), HOST));
    }

    @Test
    void shouldBoundTheNumberOfOptions() {
        byte[] many = new byte[8 * (NdpOptions.OPTIONS_MAX + 1)];
        for (int i = 0; i < many.length; i += 8) {
            many[i] = 14;
            many[i + 1] = 1;
        }
        byte[] most = java.util.Arrays.copyOf(many, many.length - 8);

        assertEquals(0, answer(Packets.icmpv6(255, ASKER, GROUP, SOLICITATION, many), HOST));
        assertEquals(86, answer(Packets.icmpv6(255, ASKER, GROUP, SOLICITATION, most), HOST));
    }

    @Test
    void shouldReadAdvertisements() {
        byte[] message = Packets.hex("8800 0000 60000000" + TARGET);
        UnsafeBuffer in =
                new UnsafeBuffer(Packets.icmpv6(255, ASKER, "fd00:1::1", message, TARGET_OPTION));

        assertEquals(136, NeighbourDiscovery.validType(in, 0, in.capacity()));
        assertTrue(NeighbourDiscovery.isSolicited(in, 0));
        assertTrue(NeighbourDiscovery.isOverride(in, 0));
        assertEquals(HOST, NeighbourDiscovery.targetMac(in, 0));
        assertEquals(1, NeighbourDiscovery.targetLow(in, 0));
        UnsafeBuffer toGroup = new UnsafeBuffer(Packets.icmpv6(255, ASKER, "ff02::1", message));
        assertEquals(0, NeighbourDiscovery.validType(toGroup, 0, toGroup.capacity()));
    }

    @Test
    void shouldSolicitTheGroupOrOneStation() {
        long high = Packets.high("fd00:1::1234:5678");
        long low = Packets.low("fd00:1::1234:5678");

        int length = NeighbourDiscovery.solicit(gateway(102), high, low, MacAddress.NONE, out, 0);

        assertEquals(18 + 72, length);
        assertEquals(0x3333_FF34_5678L, EthernetHeader.destination(out, 0));
        assertEquals(102, VlanTag.vlanId(out, 12));
        assertEquals(Icmpv6Header.NEIGHBOUR_SOLICITATION, validType(18, 72));
        assertEquals(Packets.low("ff02::1:ff34:5678"), Ipv6Header.destinationLow(out, 18));
        assertEquals(Packets.low("fe80::5eff:fe10:1"), Ipv6Header.sourceLow(out, 18));
        assertEquals(OURS, NeighbourDiscovery.sourceMac(out, 18));
        NeighbourDiscovery.solicit(gateway(0), high, low, HOST, out, 0);
        assertEquals(HOST, EthernetHeader.destination(out, 0));
        assertEquals(low, Ipv6Header.destinationLow(out, 14));
        assertEquals(Icmpv6Header.NEIGHBOUR_SOLICITATION, validType(14, 72));
    }

    @Test
    void shouldAdvertiseUnasked() {
        int length = NeighbourDiscovery.advertise(gateway(0), Packets.high("fd00:1::1"), 1, out, 0);

        assertEquals(86, length);
        assertEquals(Icmpv6Header.NEIGHBOUR_ADVERTISEMENT, validType(14, 72));
        assertEquals(0x3333_0000_0001L, EthernetHeader.destination(out, 0));
        assertEquals(OURS, NeighbourDiscovery.targetMac(out, 14));
    }

    @Test
    void shouldAdvertiseTheRouterWithAllItsOptions() {
        RouterAdvertisement router = router(List.of(dns("fd00:1::53"), dns("fd00:1::54")));

        int length = router.advertise(out, 0);

        assertEquals(router.frameLength(), length);
        assertEquals(0x3333_0000_0001L, EthernetHeader.destination(out, 0));
        assertEquals(255, Ipv6Header.hopLimit(out, 14));
        assertTrue(TransportChecksum.isValidIpv6(out, 14, 54, length - 54, 58));
        assertArrayEquals(
                Packets.hex(
                        "40000708 00000000 00000000"
                                + "0101 02005e100001"
                                + "0501 0000 00000578"
                                + "0304 40c0 00278d00 00093a80 00000000"
                                + "fd000001000000000000000000000000"
                                + "1905 0000 00000708"
                                + "fd000001000000000000000000000053"
                                + "fd000001000000000000000000000054"),
                Guarded.bytes(out, 58, length - 58));
    }

    @Test
    void shouldAnswerARouterSolicitationToTheAskerOrToAll() {
        RouterAdvertisement router = router(List.of());
        UnsafeBuffer known =
                new UnsafeBuffer(
                        Packets.icmpv6(
                                255, "fe80::7", "ff02::2", ROUTER_SOLICITATION, SOURCE_OPTION));
        UnsafeBuffer unknown =
                new UnsafeBuffer(Packets.icmpv6(255, "::", "ff02::2", ROUTER_SOLICITATION));
        UnsafeBuffer far =
                new UnsafeBuffer(Packets.icmpv6(64, "fe80::7", "ff02::2", ROUTER_SOLICITATION));

        int toAsker = router.answer(known, 0, known.capacity(), HOST, out, 0);
        assertEquals(router.frameLength(), toAsker);
        assertEquals(HOST, EthernetHeader.destination(out, 0));
        assertEquals(7, Ipv6Header.destinationLow(out, 14));
        router.answer(unknown, 0, unknown.capacity(), HOST, out, 0);
        assertEquals(0x3333_0000_0001L, EthernetHeader.destination(out, 0));
        assertEquals(0, router.answer(far, 0, far.capacity(), HOST, out, 0));
    }

    @Test
    void shouldWithdrawWithLifetimeZero() {
        router(List.of()).withdraw(out, 0);

        assertEquals(0, Packets.get16(out.byteArray(), 14 + 40 + 6));
    }

    @Test
    void shouldRefuseSettingsOutOfRange() {
        assertThrows(
                IllegalArgumentException.class,
                () -> RouterAdvertisement.Settings.ofMtu(1279, List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new RouterAdvertisement.Settings(9001, 1500, false, false, 1, 1, List.of()));
    }

    private int answer(byte[] packet, long frameSource) {
        UnsafeBuffer in = new Guarded(1).of(packet, 3);
        return NeighbourDiscovery.answer(gateway(0), in, 3, packet.length, frameSource, out, 9);
    }

    private int validType(int offset, int length) {
        return NeighbourDiscovery.validType(out, offset, length);
    }

    private static RouterAdvertisement router(List<Inet6Address> dns) {
        return new RouterAdvertisement(gateway(0), RouterAdvertisement.Settings.ofMtu(1400, dns));
    }

    private static Inet6Address dns(String text) {
        return (Inet6Address) InetAddress.ofLiteral(text);
    }

    private static GatewayAddresses gateway(int vlanId) {
        List<GatewayAddress> addresses = List.of(GatewayAddress.parse("fd00:1::1/64"));
        return new GatewayAddresses(OURS, vlanId, addresses);
    }
}
