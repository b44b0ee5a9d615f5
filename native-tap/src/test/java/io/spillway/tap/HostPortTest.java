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
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class HostPortTest {
    private static final String DEVICE = HostPortConfig.DEFAULT_DEVICE;
    private static final List<GatewayAddress> GATEWAYS =
            List.of(GatewayAddress.parse("10.1.0.1/24"), GatewayAddress.parse("fd00:1::1/64"));
    static final int TUNNEL_PORT = 20060;
    private static final List<TunnelPort> TUNNELS = List.of(new TunnelPort("wan0", TUNNEL_PORT));

    @Test
    void shouldInstallEverythingAndRemoveItOnClose() throws Throwable {
        run(
                () -> {
                    PrivateNetwork.ip("link add br-lan type bridge");
                    String before = picture();

                    HostPort port = HostPort.open(config(List.of("br-lan")));

                    String addresses = PrivateNetwork.output("ip addr show " + DEVICE);
                    assertTrue(addresses.contains("inet 10.1.0.1/24"), addresses);
                    assertTrue(addresses.contains("inet6 fd00:1::1/64"), addresses);
                    assertFalse(addresses.contains("fe80"), addresses);
                    assertTrue(rules("-4").contains("from 10.1.0.1 lookup 20049"), rules("-4"));
                    assertTrue(rules("-6").contains("from fd00:1::1 lookup 20049"), rules("-6"));
                    assertTrue(routes("-4").contains("default dev " + DEVICE), routes("-4"));
                    assertTrue(routes("-4").contains("unreachable default"), routes("-4"));
                    assertTrue(routes("-6").contains("default dev " + DEVICE), routes("-6"));
                    assertEquals("8", sysctl("ipv4", "br-lan", "arp_ignore"));
                    assertEquals("1", sysctl("ipv6", "br-lan", "disable_ipv6"));
                    assertTrue(nft().contains("table inet spillway-" + DEVICE), nft());
                    assertEquals(TapConfig.OFFLOAD_CHECKSUM, port.device().offloads());
                    assertTrue(port.device().hasVnetHeader());

                    port.close();

                    assertEquals(before, picture());
                    assertEquals("0", sysctl("ipv4", "br-lan", "arp_ignore"));
                    assertEquals("0", sysctl("ipv6", "br-lan", "disable_ipv6"));
                });
    }

    @Test
    void shouldReplaceWhatCrashedProcessLeft() throws Throwable {
        run(
                () -> {
                    String before = picture();
                    HostPort crashed = HostPort.open(config(List.of()));
                    crashed.device().close();
                    assertTrue(rules("-4").contains("20049"));
                    assertTrue(routes("-4").contains("unreachable default"));

                    try (HostPort port = HostPort.open(config(List.of()))) {
                        assertEquals(1, count(rules("-4"), "20049"));
                        assertEquals(1, count(rules("-6"), "20049"));
                        assertEquals(1, count(nft(), "table inet"));
                        assertEquals(DEVICE, port.device().name());
                    }

                    assertEquals(before, picture());
                });
    }

    @Test
    void shouldSendRepliesOfGatewayThroughHostPortWhateverTheMainTableSays() throws Throwable {
        run(
                () -> {
                    try (TapDevice wan = TapDevice.open(TapDeviceTest.ip("wan0"));
                            HostPort port = HostPort.open(config(List.of()))) {
                        bringUpWan();
                        UnsafeBuffer buffer = Native.buffer(2048);
                        try (DatagramSocket socket =
                                new DatagramSocket(new InetSocketAddress("10.1.0.1", 5000))) {
                            InetAddress remoteSite = InetAddress.ofLiteral("10.2.0.5");
                            socket.send(new DatagramPacket(new byte[40], 40, remoteSite, 5000));
                        }

                        int read =
                                Native.await(() -> TapDeviceTest.readIpv4(port.device(), buffer));

                        assertEquals(VirtioNetHeader.LENGTH + 28 + 40, read);
                        assertTrue(VirtioNetHeader.needsChecksum(buffer, 0));
                        assertTrue(TapDeviceTest.readIpv4(wan, buffer) < 0);
                    }
                });
    }

    /** Also with strict reverse path filtering, since the rule holds for that look-up, too. */
    @Test
    void shouldAnswerEchoThatDataPlanePunts() throws Throwable {
        run(
                () -> {
                    Files.writeString(Path.of("/proc/sys/net/ipv4/conf/all/rp_filter"), "1");
                    try (HostPort port = HostPort.open(config(List.of()))) {
                        UnsafeBuffer buffer = Native.buffer(2048);
                        int vnet = VirtioNetHeader.LENGTH;
                        int length =
                                EchoPackets.request(buffer, vnet, "10.2.0.5", "10.1.0.1", 4711);

                        port.device().write(Gather.of(buffer.addressOffset(), vnet + length));

                        int read =
                                Native.await(() -> TapDeviceTest.readIpv4(port.device(), buffer));
                        assertEquals(vnet + length, read);
                        assertTrue(EchoPackets.isReply(buffer, vnet, 4711));
                    }
                });
    }

    @Test
    void shouldDropWhatTheWanSendsToLanOrGateway() throws Throwable {
        run(
                () -> {
                    try (TapDevice wan = TapDevice.open(TapDeviceTest.ip("wan0"));
                            HostPort port = HostPort.open(config(List.of()))) {
                        bringUpWan();
                        UnsafeBuffer buffer = Native.buffer(2048);

                        writeEcho(wan, buffer, "10.1.0.77");
                        writeEcho(wan, buffer, "10.1.0.1");
                        writeEcho(wan, buffer, "198.51.100.2");

                        int read = Native.await(() -> TapDeviceTest.readIpv4(wan, buffer));
                        assertTrue(read > 0 && EchoPackets.isReply(buffer, 0, 4711));
                        assertTrue(TapDeviceTest.readIpv4(wan, buffer) < 0);
                        assertTrue(TapDeviceTest.readIpv4(port.device(), buffer) < 0);
                        assertEquals(2, count(nft(), "packets 1 "), nft());
                    }
                });
    }

    @Test
    void shouldKeepKernelFromAnsweringArpForGatewayOnBridge() throws Throwable {
        run(
                () -> {
                    PrivateNetwork.ip("link add br-lan type bridge");
                    PrivateNetwork.ip("link set br-lan up");
                    try (TapDevice lan = TapDevice.open(TapDeviceTest.ethernet("spw-lan"))) {
                        NetworkDevice.attachToBridge("spw-lan", "br-lan");
                        NetworkDevice.setUp("spw-lan");
                        try (HostPort port = HostPort.open(config(List.of()))) {
                            assertTrue(answersArp(lan), port.device().name());
                        }
                        try (HostPort port = HostPort.open(config(List.of("br-lan")))) {
                            assertFalse(answersArp(lan), port.device().name());
                        }
                    }
                });
    }

    @Test
    void shouldRefuseBridgeWithAddress() throws Throwable {
        run(
                () -> {
                    PrivateNetwork.ip("link add br-lan type bridge");
                    PrivateNetwork.ip("addr add 10.1.0.1/24 dev br-lan");
                    String before = picture();

                    IOException e =
                            assertThrows(
                                    IOException.class,
                                    () -> HostPort.open(config(List.of("br-lan"))));

                    assertTrue(
                            e.getMessage().startsWith("LAN bridge br-lan has the address 10.1.0.1"),
                            e.getMessage());
                    assertEquals(before, picture());
                });
    }

    @Test
    void shouldNameBridgeThatDoesNotExist() throws Throwable {
        run(
                () -> {
                    IOException e =
                            assertThrows(
                                    IOException.class,
                                    () -> HostPort.open(config(List.of("br-none"))));

                    assertEquals(
                            "LAN bridge br-none: SIOCGIFINDEX br-none: ENODEV (no such device)",
                            e.getMessage());
                });
    }

    @Test
    void shouldLeaveNothingWhenItFailsHalfWay() throws Throwable {
        run(
                () -> {
                    PrivateNetwork.ip("link add br-lan type bridge");
                    String before = picture();
                    // The kernel refuses a loopback address on another device in IPv6.
                    GatewayAddress impossible = GatewayAddress.parse("::1/64");
                    HostPortConfig config =
                            new HostPortConfig(
                                    DEVICE,
                                    List.of(GATEWAYS.getFirst(), impossible),
                                    List.of("br-lan"),
                                    TUNNELS,
                                    HostPortConfig.DEFAULT_TABLE);

                    IOException e = assertThrows(IOException.class, () -> HostPort.open(config));

                    assertTrue(e.getMessage().startsWith("ip -6 addr replace"), e.getMessage());
                    assertEquals(0, e.getSuppressed().length);
                    assertEquals(before, picture());
                });
    }

    @Test
    void shouldNameDeviceInUse() throws Throwable {
        run(
                () -> {
                    try (HostPort port = HostPort.open(config(List.of()))) {
                        LinuxException e =
                                assertThrows(
                                        LinuxException.class,
                                        () -> HostPort.open(config(List.of())));

                        assertEquals(Errno.EBUSY, e.errno());
                        assertEquals(1, count(rules("-4"), "20049"));
                        assertEquals(DEVICE, port.device().name());
                    }
                });
    }

    @Test
    void shouldRefuseImpossibleConfig() {
        assertThrows(IllegalArgumentException.class, () -> GatewayAddress.parse("10.1.0.1"));
        assertThrows(IllegalArgumentException.class, () -> GatewayAddress.parse("10.1.0.1/33"));
        assertThrows(IllegalArgumentException.class, () -> GatewayAddress.parse("name/24"));
        assertThrows(IllegalArgumentException.class, () -> GatewayAddress.parse("224.0.0.1/4"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new HostPortConfig("spw\"", GATEWAYS, List.of(), TUNNELS, 20049));
        assertThrows(
                IllegalArgumentException.class,
                () -> new HostPortConfig(DEVICE, GATEWAYS, List.of(), TUNNELS, 254));
        assertThrows(
                IllegalArgumentException.class,
                () -> new HostPortConfig(DEVICE, List.of(), List.of(), TUNNELS, 20049));
        assertThrows(
                IllegalArgumentException.class,
                () -> new HostPortConfig(DEVICE, GATEWAYS, List.of("br*"), TUNNELS, 20049));
        assertThrows(IllegalArgumentException.class, () -> new TunnelPort("wan*", TUNNEL_PORT));
        assertThrows(IllegalArgumentException.class, () -> new TunnelPort("wan0", 0));
    }

    @Test
    void shouldRestoreSettingsOfMoreThanOneDigit() throws Throwable {
        run(
                () -> {
                    Path file = Path.of("/proc/sys/net/ipv6/conf/lo/hop_limit");
                    Files.writeString(file, "123");
                    Sysctls sysctls = new Sysctls();

                    sysctls.set("ipv6", "lo", "hop_limit", "99");
                    assertEquals("99", Sysctls.read(file));
                    sysctls.restore();

                    assertEquals("123", Sysctls.read(file));
                });
    }

    @Test
    void shouldNameProgramThatIsMissingOrFails() {
        IOException missing =
                assertThrows(
                        IOException.class, () -> Programs.run("spillway-no-such-program", "x"));
        IOException failing =
                assertThrows(IOException.class, () -> Programs.run("ls", "/no/such/place"));

        assertTrue(missing.getMessage().contains("spillway-no-such-program x: program"));
        assertTrue(failing.getMessage().startsWith("ls /no/such/place: exit 2: "));
    }

    static void run(PrivateNetwork.Body body) throws Throwable {
        for (String program : List.of("ip", "nft")) {
            boolean isThere =
                    List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin").stream()
                            .anyMatch(directory -> Files.exists(Path.of(directory, program)));
            PrivateNetwork.require(isThere, "program " + program + " is missing");
        }
        PrivateNetwork.run(body);
    }

    static HostPortConfig config(List<String> bridges) {
        return new HostPortConfig(DEVICE, GATEWAYS, bridges, TUNNELS, HostPortConfig.DEFAULT_TABLE);
    }

    static void bringUpWan() throws Exception {
        PrivateNetwork.ip("addr add 198.51.100.2/24 dev wan0");
        NetworkDevice.setUp("wan0");
        PrivateNetwork.ip("route add default dev wan0");
        Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
    }

    private static void writeEcho(TapDevice wan, UnsafeBuffer buffer, String destination) {
        int length = EchoPackets.request(buffer, 0, "198.51.100.9", destination, 4711);
        assertEquals(length, wan.write(Gather.of(buffer.addressOffset(), length)));
    }

    /** A question of 10.1.0.9 on the LAN; a bridge hands it to the kernel before write returns. */
    private static boolean answersArp(TapDevice lan) {
        UnsafeBuffer buffer = Native.buffer(2048);
        byte[] mac = {2, 0, 0, 0, 0, 9};
        buffer.setMemory(0, 6, (byte) 0xFF);
        buffer.putBytes(6, mac);
        buffer.putShort(12, (short) 0x0806, ByteOrder.BIG_ENDIAN);
        buffer.putLong(14, 0x0001_0800_0604_0001L, ByteOrder.BIG_ENDIAN);
        buffer.putBytes(22, mac);
        buffer.putBytes(28, NetlinkMessage.ip("10.1.0.9"));
        buffer.putBytes(38, NetlinkMessage.ip("10.1.0.1"));
        assertEquals(42, lan.write(Gather.of(buffer.addressOffset(), 42)));
        int arpReply = 2;
        for (int i = 0; i < 50; i++) {
            boolean isRead = lan.read(buffer.addressOffset(), 2048) > 0;
            if (isRead && buffer.getShort(20, ByteOrder.BIG_ENDIAN) == arpReply) {
                return true;
            }
            LockSupport.parkNanos(2_000_000);
        }
        return false;
    }

    private static String picture() throws Exception {
        String links = PrivateNetwork.output("ip -o addr");
        return links + rules("-4") + rules("-6") + routes("-4") + routes("-6") + nft();
    }

    private static String rules(String family) throws Exception {
        return PrivateNetwork.output("ip " + family + " rule");
    }

    private static String routes(String family) throws Exception {
        String routes = PrivateNetwork.output("ip " + family + " route show table 20049");
        return routes.contains("FIB table does not exist") ? "" : routes;
    }

    static String nft() throws Exception {
        return PrivateNetwork.output("nft list ruleset");
    }

    private static String sysctl(String family, String device, String key) throws Exception {
        Path file = Path.of("/proc/sys/net", family, "conf", device, key);
        return Sysctls.read(file);
    }

    static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
