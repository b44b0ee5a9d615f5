package io.spillway.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.header.ArpHeader;
import io.spillway.dataplane.header.EthernetHeader;
import io.spillway.dataplane.header.GatewayAddress;
import io.spillway.dataplane.header.GatewayAddresses;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.header.RouterAdvertisement;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class LanNeighboursTest {
    private static final long HOST = 0x0A00_0000_0007L;
    private static final String HOST_MAC = "0a0000000007";
    private static final String TARGET = "fd000001000000000000000000000001";

    private final RecordingListener listener = new RecordingListener();
    private final NeighbourTable table = new NeighbourTable(16, 8, listener);
    private final GatewayAddresses gateway =
            new GatewayAddresses(
                    0x0200_5E10_0001L,
                    0,
                    List.of(
                            GatewayAddress.parse("10.1.0.1/24"),
                            GatewayAddress.parse("fd00:1::1/64")));
    private final LanNeighbours neighbours =
            new LanNeighbours(
                    3,
                    gateway,
                    new RouterAdvertisement(
                            gateway, RouterAdvertisement.Settings.ofMtu(1400, List.of())),
                    table);
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[neighbours.frameLengthMax()]);

    @Test
    void shouldAnswerAndLearnTheAsker() {
        int length = arp(1, HOST_MAC, "0a010007", "0a010001");

        assertEquals(42, length);
        assertEquals(HOST, lookup4("10.1.0.7"));
    }

    @Test
    void shouldLearnTheAnswerToItsOwnRequest() {
        long low = NeighbourTable.ipv4Low(Packets.ip4("10.1.0.7"));
        table.await(3, 0, low, 100, 0);

        int request = neighbours.writeRequest(0, low, 0, out, 0);
        int answer = arp(2, HOST_MAC, "0a010007", "0a010001");

        assertEquals(42, request);
        assertEquals(Packets.ip4("10.1.0.7"), ArpHeader.targetAddress(out, 14));
        assertEquals(0, answer);
        assertTrue(listener.take().contains("send 100 " + HOST));
    }

    @Test
    void shouldLearnNothingFromOtherNetworksOrAboutItself() {
        arp(1, HOST_MAC, "0a020007", "0a010001");
        arp(1, HOST_MAC, "0a010001", "0a010001");
        arp(1, HOST_MAC, "00000000", "0a010001");
        arp(1, HOST_MAC, "0a010007", "0a010009");
        arp(1, "02005e100001", "0a010007", "0a010001");

        assertEquals(0, table.count());
    }

    @Test
    void shouldAnswerAndLearnByNeighbourDiscovery() {
        byte[] option = Packets.hex("0101" + HOST_MAC);
        byte[] message = Packets.hex("8700 0000 00000000" + TARGET);

        int length = discovery(Packets.icmpv6(255, "fd00:1::7", "ff02::1:ff00:1", message, option));

        assertEquals(86, length);
        assertEquals(HOST, lookup6("fd00:1::7"));
    }

    @Test
    void shouldLearnFromAdvertisementsItAskedFor() {
        table.await(3, Packets.high("fd00:1::7"), 7, 100, 0);
        int request = neighbours.writeRequest(Packets.high("fd00:1::7"), 7, 0, out, 0);
        byte[] message = Packets.hex("8800 0000 60000000 fd000001000000000000000000000007");
        byte[] option = Packets.hex("0201" + HOST_MAC);

        discovery(Packets.icmpv6(255, "fd00:1::7", "fe80::5eff:fe10:1", message, option));

        assertEquals(86, request);
        assertEquals(HOST, lookup6("fd00:1::7"));
    }

    @Test
    void shouldAnswerRouterSolicitations() {
        byte[] message = Packets.hex("8500 0000 00000000 0101" + HOST_MAC);

        int length = discovery(Packets.icmpv6(255, "fe80::7", "ff02::2", message));

        assertEquals(14 + 40 + 16 + 8 + 8 + 32, length);
        assertEquals(HOST, EthernetHeader.destination(out, 0));
        assertEquals(HOST, lookup6("fe80::7"));
    }

    @Test
    void shouldIgnoreForgedDiscoveryFromAfar() {
        byte[] message = Packets.hex("8500 0000 00000000 0101" + HOST_MAC);

        int length = discovery(Packets.icmpv6(64, "fe80::7", "ff02::2", message));

        assertEquals(0, length);
        assertEquals(0, table.count());
    }

    private int arp(int operation, String mac, String sender, String target) {
        byte[] message =
                Packets.hex(
                        "0001 0800 0604 000" + operation + mac + sender + "02005e100001" + target);
        return neighbours.onArp(new UnsafeBuffer(message), 0, 28, 0, out, 0);
    }

    private int discovery(byte[] packet) {
        UnsafeBuffer in = new UnsafeBuffer(packet);
        return neighbours.onDiscovery(in, 0, packet.length, HOST, 0, out, 0);
    }

    private long lookup4(String address) {
        return table.lookup(3, 0, NeighbourTable.ipv4Low(Packets.ip4(address)), 0);
    }

    private long lookup6(String address) {
        return table.lookup(3, Packets.high(address), Packets.low(address), 0);
    }
}
