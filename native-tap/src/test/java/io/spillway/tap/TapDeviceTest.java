package io.spillway.tap;

import static io.spillway.tap.TapConfig.OFFLOAD_ALL;
import static io.spillway.tap.TapConfig.OFFLOAD_CHECKSUM;
import static io.spillway.tap.TapConfig.OFFLOAD_TSO4;
import static io.spillway.tap.TapConfig.OFFLOAD_TSO6;
import static io.spillway.tap.TapConfig.OFFLOAD_USO4;
import static io.spillway.tap.TapConfig.OFFLOAD_USO6;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.function.IntUnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TapDeviceTest {
    private static final int ETHERTYPE_ARP = 0x0806;
    private static final int OFFLOAD_TCP = OFFLOAD_CHECKSUM | OFFLOAD_TSO4 | OFFLOAD_TSO6;

    @Test
    void shouldReadFrameThatKernelSends() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (TapDevice tap = TapDevice.open(ethernet("tap0"))) {
                        PrivateNetwork.ip("addr add 192.0.2.1/24 dev tap0");
                        NetworkDevice.setUp("tap0");
                        UnsafeBuffer buffer = Native.buffer(65536 + 64);

                        sendFromKernel("192.0.2.7", 32);

                        assertTrue(readsEtherType(tap, buffer, ETHERTYPE_ARP));
                    }
                });
    }

    @Test
    void shouldDeliverWrittenPacketToKernelAndReadItsAnswer() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (TapDevice tun = TapDevice.open(ip("tun0"))) {
                        PrivateNetwork.ip("addr add 192.0.2.1/24 dev tun0");
                        NetworkDevice.setUp("tun0");
                        UnsafeBuffer buffer = Native.buffer(2048);
                        int length = EchoPackets.request(buffer, 0, "192.0.2.7", "192.0.2.1", 4711);

                        int written = tun.write(Gather.of(buffer.addressOffset(), length));

                        assertEquals(length, written);
                        int read = Native.await(() -> readIpv4(tun, buffer));
                        assertEquals(length, read);
                        assertTrue(EchoPackets.isReply(buffer, 0, 4711));
                    }
                });
    }

    @Test
    void shouldCarryVnetHeaderInFrontOfPartialChecksum() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (TapDevice tun =
                            TapDevice.open(
                                    new TapConfig(
                                            "tun0", Layer.IP, true, OFFLOAD_CHECKSUM, false))) {
                        PrivateNetwork.ip("addr add 192.0.2.1/24 dev tun0");
                        NetworkDevice.setUp("tun0");
                        UnsafeBuffer buffer = Native.buffer(2048);

                        sendFromKernel("192.0.2.7", 32);

                        int read = Native.await(() -> readIpv4(tun, buffer));
                        assertEquals(VirtioNetHeader.LENGTH + 20 + 8 + 32, read);
                        assertTrue(VirtioNetHeader.needsChecksum(buffer, 0));
                        assertEquals(20, VirtioNetHeader.checksumStart(buffer, 0));
                        assertEquals(6, VirtioNetHeader.checksumOffset(buffer, 0));
                        assertTrue(VirtioNetHeader.isChecksumInside(buffer, 0, read - 10));
                    }
                });
    }

    @Test
    void shouldGrantAllOffloadsOnThisKernel() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    TapConfig config =
                            new TapConfig("tap0", Layer.ETHERNET, true, OFFLOAD_ALL, false);
                    try (TapDevice tap = TapDevice.open(config)) {
                        assertEquals(OFFLOAD_TCP, tap.offloads() & OFFLOAD_TCP);
                        assertTrue(tap.hasVnetHeader());
                        assertEquals("tap0", tap.name());
                    }
                });
    }

    @Test
    void shouldNameDeviceInUseByAnotherProcess() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (TapDevice first = TapDevice.open(ethernet("tap0"))) {
                        LinuxException e =
                                assertThrows(
                                        LinuxException.class,
                                        () -> TapDevice.open(ethernet(first.name())));

                        assertEquals(Errno.EBUSY, e.errno());
                        assertEquals(
                                "TUNSETIFF tap0: EBUSY (device in use by another process)",
                                e.getMessage());
                    }
                });
    }

    @Test
    void shouldRefuseNameOfAnotherKindOfInterface() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    LinuxException e =
                            assertThrows(
                                    LinuxException.class, () -> TapDevice.open(ethernet("lo")));

                    assertEquals(Errno.EINVAL, e.errno());
                });
    }

    @Test
    void shouldOpenSeveralQueuesOfOneDevice() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    TapConfig config = new TapConfig("tap0", Layer.ETHERNET, false, 0, true);
                    try (TapDevice first = TapDevice.open(config);
                            TapDevice second = TapDevice.open(config)) {
                        assertEquals(first.name(), second.name());
                    }
                });
    }

    @Test
    void shouldLetKernelChooseNumberInName() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (TapDevice tap = TapDevice.open(ethernet("spw%d"))) {
                        assertEquals("spw0", tap.name());
                    }
                });
    }

    @Test
    void shouldReturnEioForWriteWhileDeviceIsDown() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (TapDevice tap = TapDevice.open(ethernet("tap0"))) {
                        UnsafeBuffer buffer = Native.buffer(64);

                        assertEquals(-Errno.EIO, tap.write(Gather.of(buffer.addressOffset(), 60)));
                        assertEquals(-Errno.EAGAIN, tap.read(buffer.addressOffset(), 64));
                    }
                });
    }

    @Test
    void shouldCountFramesThatKernelDroppedForAFullQueue() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (TapDevice tun = TapDevice.open(ip("tun0"))) {
                        PrivateNetwork.ip("addr add 192.0.2.1/24 dev tun0");
                        PrivateNetwork.ip("link set tun0 txqueuelen 10");
                        NetworkDevice.setUp("tun0");
                        long before = NetworkDevice.transmitDropped("tun0");

                        for (int i = 0; i < 100; i++) {
                            sendFromKernel("192.0.2.7", 32);
                        }

                        assertEquals(0, before);
                        assertTrue(NetworkDevice.transmitDropped(tun.name()) >= 80);
                    }
                });
    }

    @Test
    void shouldAttachToBridge() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (TapDevice tap = TapDevice.open(ethernet("tap0"))) {
                        PrivateNetwork.ip("link add br0 type bridge");

                        NetworkDevice.attachToBridge(tap.name(), "br0");
                        NetworkDevice.setMtu(tap.name(), 1400);

                        assertTrue(
                                PrivateNetwork.output("ip link show tap0").contains("master br0"));
                        assertEquals(1400, NetworkDevice.mtu("tap0"));
                    }
                });
    }

    @Test
    void shouldAskForLessOffloadsUntilKernelAgrees() {
        assertEquals(OFFLOAD_ALL, TapDevice.negotiate(kernelOf(OFFLOAD_ALL), OFFLOAD_ALL));
        assertEquals(OFFLOAD_TCP, TapDevice.negotiate(kernelOf(OFFLOAD_TCP), OFFLOAD_ALL));
        assertEquals(
                OFFLOAD_CHECKSUM, TapDevice.negotiate(kernelOf(OFFLOAD_CHECKSUM), OFFLOAD_ALL));
        assertEquals(0, TapDevice.negotiate(kernelOf(0), OFFLOAD_ALL));
        assertEquals(0, TapDevice.negotiate(kernelOf(0), OFFLOAD_CHECKSUM));
        assertEquals(
                OFFLOAD_CHECKSUM,
                TapDevice.negotiate(
                        kernelOf(OFFLOAD_TCP), OFFLOAD_CHECKSUM | OFFLOAD_USO4 | OFFLOAD_USO6));
    }

    @Test
    void shouldRefuseImpossibleConfig() {
        assertRefused("16 bytes long, at most 15", () -> ethernet("abcdefghijklmnop"));
        assertRefused("empty", () -> ethernet(""));
        assertRefused("character", () -> ethernet("a/b"));
        assertRefused("character", () -> ethernet("a b"));
        assertRefused("not possible", () -> ethernet(".."));
        assertRefused("need the vnet header", () -> new TapConfig("t", Layer.IP, false, 1, false));
        assertRefused(
                "need the checksum offload", () -> new TapConfig("t", Layer.IP, true, 2, false));
        assertRefused("unknown offloads", () -> new TapConfig("t", Layer.IP, true, 8, false));
    }

    @Test
    void shouldSayWhyCloneDeviceCannotBeOpened() {
        assertTrue(TapDevice.whyNotOpened(Errno.ENOENT).contains("load the kernel module tun"));
        assertTrue(TapDevice.whyNotOpened(Errno.EACCES).contains("no right"));
        assertTrue(TapDevice.whyNotAttached(Errno.EPERM).contains("CAP_NET_ADMIN"));
    }

    static TapConfig ethernet(String name) {
        return new TapConfig(name, Layer.ETHERNET, false, 0, false);
    }

    static TapConfig ip(String name) {
        return new TapConfig(name, Layer.IP, false, 0, false);
    }

    /** By a socket of this thread, so of its namespace. */
    static void sendFromKernel(String destination, int length) throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress address = InetAddress.ofLiteral(destination);
            socket.send(new DatagramPacket(new byte[length], length, address, 9));
        }
    }

    /** Skips what IPv6 sends by itself on every new interface. */
    static int readIpv4(TapDevice tun, UnsafeBuffer buffer) {
        int read = tun.read(buffer.addressOffset(), 2048);
        int packet = tun.hasVnetHeader() ? VirtioNetHeader.LENGTH : 0;
        boolean isIpv4 = read > 0 && (buffer.getByte(packet) & 0xF0) == 0x40;
        return isIpv4 || read < 0 ? read : -Errno.EAGAIN;
    }

    private static boolean readsEtherType(TapDevice tap, UnsafeBuffer buffer, int etherType) {
        int result =
                Native.await(
                        () -> {
                            int read = tap.read(buffer.addressOffset(), buffer.capacity());
                            boolean isOther =
                                    read > 0
                                            && (buffer.getShort(12, BIG_ENDIAN) & 0xFFFF)
                                                    != etherType;
                            return isOther ? -Errno.EAGAIN : read;
                        });
        return result > 0;
    }

    private static IntUnaryOperator kernelOf(int known) {
        return offloads -> known == 0 || (offloads & ~known) != 0 ? -Errno.EINVAL : 0;
    }

    private static void assertRefused(String reason, Runnable action) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action::run);
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }
}
