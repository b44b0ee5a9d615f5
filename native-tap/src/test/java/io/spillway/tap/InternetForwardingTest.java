package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.tap.HostPortConfig.TunnelPort;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class InternetForwardingTest {
    private static final String INSIDE = "spw-test";
    private static final String HOST = "10.1.9.7"; // behind the data plane, in no network of ours
    private static final String SERVER = "192.0.2.80";
    private static final String RESOLVER = "10.254.254.1";
    private static final int TUNNEL_PORT = 20060;
    private static final int DNS = 53;
    private static final int SOURCE_OFFSET = 12;
    private static final int DESTINATION_OFFSET = 16;
    private static final int PORT_OFFSET = 20;

    private final UnsafeBuffer buffer = Native.buffer(2048);
    private TapDevice first;
    private TapDevice second;

    @Test
    void shouldSendWithItsOwnAddressAndBringTheAnswerBack() throws Throwable {
        run(
                true,
                (inside, forwarding) -> {
                    send(inside, EchoPackets.request(buffer, 0, HOST, SERVER, 4711));
                    assertEquals("198.51.100.2", receive(wan("wan0")));

                    sendBack(wan("wan0"));

                    assertTrue(Native.await(() -> TapDeviceTest.readIpv4(inside, buffer)) > 0);
                    assertEquals(SERVER, address(SOURCE_OFFSET));
                    assertEquals(HOST, address(DESTINATION_OFFSET));
                    assertEquals(62, buffer.getByte(8), "one hop each way");
                });
    }

    @Test
    void shouldLeaveByTheLinkThatItIsLedBy() throws Throwable {
        run(
                false,
                (inside, forwarding) -> {
                    forwarding.lead("wan1");
                    send(inside, EchoPackets.request(buffer, 0, HOST, SERVER, 1));
                    assertEquals("203.0.113.2", receive(wan("wan1")));

                    forwarding.lead("wan0");
                    send(inside, EchoPackets.request(buffer, 0, HOST, SERVER, 2));
                    assertEquals("198.51.100.2", receive(wan("wan0")));

                    IOException e = assertThrows(IOException.class, () -> forwarding.lead(INSIDE));
                    assertEquals(INSIDE + " has no default route", e.getMessage());
                });
    }

    @Test
    void shouldLetNothingInButAnswers() throws Throwable {
        run(
                true,
                (inside, forwarding) -> {
                    TapDevice wan = wan("wan0");
                    send(wan, EchoPackets.request(buffer, 0, SERVER, HOST, 1));
                    send(wan, EchoPackets.request(buffer, 0, SERVER, "203.0.113.9", 2));
                    send(inside, EchoPackets.request(buffer, 0, HOST, "198.51.100.2", 3));

                    send(inside, EchoPackets.request(buffer, 0, HOST, SERVER, 4));
                    assertEquals("198.51.100.2", receive(wan), "and nothing before it");
                    assertTrue(TapDeviceTest.readIpv4(inside, buffer) < 0);
                    assertTrue(TapDeviceTest.readIpv4(wan("wan1"), buffer) < 0, "no transit");
                });
    }

    /** R151: of the machine itself, which is hidden else. */
    @Test
    void shouldLetQuestionsToTheMachinesResolverInAndItsAnswersOut() throws Throwable {
        run(
                true,
                (inside, forwarding) -> {
                    try (DatagramSocket resolver =
                            new DatagramSocket(DNS, InetAddress.getByName(RESOLVER))) {
                        resolver.setSoTimeout(5_000);
                        send(inside, EchoPackets.request(buffer, 0, HOST, RESOLVER, 1));
                        send(inside, EchoPackets.datagram(buffer, 0, HOST, RESOLVER, DNS));
                        DatagramPacket question = new DatagramPacket(new byte[512], 512);
                        resolver.receive(question);
                        assertEquals(HOST, question.getAddress().getHostAddress());

                        resolver.send(question);

                        assertTrue(Native.await(() -> TapDeviceTest.readIpv4(inside, buffer)) > 0);
                        assertEquals(RESOLVER, address(SOURCE_OFFSET), "and no echo before it");
                        assertEquals(HOST, address(DESTINATION_OFFSET));
                    }
                });
    }

    @Test
    void shouldGiveNoDatagramThePortOfATunnel() throws Throwable {
        run(
                true,
                (inside, forwarding) -> {
                    send(inside, EchoPackets.datagram(buffer, 0, HOST, SERVER, TUNNEL_PORT));

                    assertEquals("198.51.100.2", receive(wan("wan0")));
                    int port = buffer.getShort(PORT_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
                    assertTrue(port >= 32768 && port < 61000, () -> "port " + port);
                });
    }

    @Test
    void shouldLeaveNothingAndReplaceWhatACrashedProcessLeft() throws Throwable {
        HostPortTest.run(
                () -> {
                    try (TapDevice inside = open(INSIDE, null);
                            TapDevice wan = open("wan0", "198.51.100.2/24")) {
                        PrivateNetwork.ip("route add default via 198.51.100.1 dev wan0");
                        String before = picture();
                        InternetForwarding crashed = InternetForwarding.open(config(false));
                        crashed.lead("wan0");
                        assertTrue(picture().contains("masquerade"), picture());

                        InternetForwarding forwarding = InternetForwarding.open(config(false));
                        forwarding.lead("wan0");
                        assertEquals(1, HostPortTest.count(picture(), "table ip spillway"));
                        assertEquals(1, HostPortTest.count(picture(), "lookup 20050"), picture());
                        assertEquals(1, HostPortTest.count(picture(), "lookup 20051"), picture());
                        assertEquals("1", sysctl("wan0", "forwarding"));
                        assertEquals("2", sysctl("wan0", "rp_filter"));
                        forwarding.close();

                        String after = picture();
                        assertEquals(before, after, wan.name() + inside.name());
                        crashed.close();
                        assertEquals("0", sysctl("wan0", "forwarding"));
                    }
                });
    }

    @Test
    void shouldSayInOneLineWhatFailed() throws Throwable {
        HostPortTest.run(
                () -> {
                    String before = picture();

                    IOException e =
                            assertThrows(
                                    IOException.class,
                                    () -> InternetForwarding.open(config(false)));

                    String told = e.getMessage();
                    assertTrue(told.startsWith("traffic to the Internet: "), told);
                    assertTrue(told.contains(INSIDE), told);
                    assertFalse(told.contains("\n"), told);
                    assertEquals(before, picture());
                });
    }

    private interface Body {
        void run(TapDevice inside, InternetForwarding forwarding) throws Throwable;
    }

    /** With two ways out: wan0, which the machine prefers, and wan1. */
    private void run(boolean isHostHidden, Body body) throws Throwable {
        HostPortTest.run(
                () -> {
                    try (TapDevice inside = open(INSIDE, isHostHidden ? null : "10.1.0.1/24");
                            TapDevice wan0 = open("wan0", "198.51.100.2/24");
                            TapDevice wan1 = open("wan1", "203.0.113.2/24")) {
                        first = wan0;
                        second = wan1;
                        PrivateNetwork.ip("route add default via 198.51.100.1 dev wan0");
                        PrivateNetwork.ip("route add default dev wan1 metric 200");
                        try (InternetForwarding forwarding =
                                InternetForwarding.open(config(isHostHidden))) {
                            body.run(inside, forwarding);
                        }
                    }
                });
    }

    private TapDevice wan(String name) {
        return name.equals("wan0") ? first : second;
    }

    private static InternetConfig config(boolean isHostHidden) {
        List<TunnelPort> tunnels = List.of(new TunnelPort("wan0", TUNNEL_PORT));
        String resolver = isHostHidden ? RESOLVER : null;
        return new InternetConfig(INSIDE, List.of("wan0", "wan1"), tunnels, isHostHidden, resolver);
    }

    private static TapDevice open(String name, String address) throws Exception {
        TapDevice device = TapDevice.open(TapDeviceTest.ip(name));
        if (address != null) {
            PrivateNetwork.ip("addr add " + address + " dev " + name);
        }
        NetworkDevice.setUp(name);
        return device;
    }

    private void send(TapDevice device, int length) {
        assertEquals(length, device.write(Gather.of(buffer.addressOffset(), length)));
    }

    /** The source of the next packet, which stays in the buffer. */
    private String receive(TapDevice device) {
        assertTrue(Native.await(() -> TapDeviceTest.readIpv4(device, buffer)) > 0);
        return address(SOURCE_OFFSET);
    }

    /** Source and destination exchanged, which the checksums do not notice. */
    private void sendBack(TapDevice device) {
        int source = buffer.getInt(SOURCE_OFFSET);
        buffer.putInt(SOURCE_OFFSET, buffer.getInt(DESTINATION_OFFSET));
        buffer.putInt(DESTINATION_OFFSET, source);
        buffer.putByte(PORT_OFFSET, (byte) 0); // an echo reply
        int checksum = PORT_OFFSET + 2;
        int sum = (buffer.getShort(checksum, ByteOrder.BIG_ENDIAN) & 0xFFFF) + 0x0800;
        buffer.putShort(checksum, (short) ((sum & 0xFFFF) + (sum >>> 16)), ByteOrder.BIG_ENDIAN);
        int ttl = buffer.getByte(8) & 0xFF;
        assertEquals(63, ttl, "one hop on the way out");
        send(device, buffer.getShort(2, ByteOrder.BIG_ENDIAN) & 0xFFFF);
    }

    private String address(int offset) {
        int value = buffer.getInt(offset, ByteOrder.BIG_ENDIAN);
        return "%d.%d.%d.%d"
                .formatted(value >>> 24, value >> 16 & 0xFF, value >> 8 & 0xFF, value & 0xFF);
    }

    private static String picture() throws Exception {
        String tables = "";
        for (String table : List.of("20050", "20051")) {
            String routes = PrivateNetwork.output("ip -4 route show table " + table);
            tables += routes.contains("FIB table does not exist") ? "" : routes;
        }
        return PrivateNetwork.output("ip -4 rule") + tables + HostPortTest.nft();
    }

    private static String sysctl(String device, String key) throws Exception {
        return Sysctls.read(Path.of("/proc/sys/net/ipv4/conf", device, key));
    }
}
