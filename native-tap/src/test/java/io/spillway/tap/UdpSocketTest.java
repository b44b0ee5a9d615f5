package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class UdpSocketTest {
    private static final int BUFFER_LENGTH = 1 << 20;
    private final UnsafeBuffer buffer = Native.buffer(65536);
    private final long source = Native.buffer(EndpointAddress.LENGTH).addressOffset();

    @Test
    void shouldSendAndReceiveOverIpv4() throws Throwable {
        PrivateNetwork.run(() -> assertSendsAndReceives("127.0.0.1"));
    }

    @Test
    void shouldSendAndReceiveOverIpv6() throws Throwable {
        PrivateNetwork.run(() -> assertSendsAndReceives("::1"));
    }

    @Test
    void shouldReceiveSegmentedBurstAsSingleDatagramsWithoutCoalescing() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (UdpSocket sender = open("127.0.0.1", false);
                            UdpSocket receiver = open("127.0.0.1", false)) {
                        int sent = send(sender, receiver, 2500, 1000);

                        assertEquals(2500, sent);
                        assertEquals(1000, receive(receiver));
                        assertEquals(0, receiver.receivedSegmentLength());
                        assertEquals(1000, receive(receiver));
                        assertEquals(500, receive(receiver));
                    }
                });
    }

    @Test
    void shouldReceiveSegmentedBurstAtOnceWithCoalescing() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (UdpSocket sender = open("127.0.0.1", false);
                            UdpSocket receiver = open("127.0.0.1", true)) {
                        send(sender, receiver, 2500, 1000);

                        assertEquals(2500, receive(receiver));
                        assertEquals(1000, receiver.receivedSegmentLength());

                        send(sender, receiver, 700, 0);

                        assertEquals(700, receive(receiver));
                        assertEquals(0, receiver.receivedSegmentLength());
                    }
                });
    }

    @Test
    void shouldReachANeighbourWithOneHop() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    for (String address : new String[] {"127.0.0.1", "::1"}) {
                        try (UdpSocket sender = open(address, false);
                                UdpSocket receiver = open(address, false)) {
                            EndpointAddress.encode(receiver.localEndpoint(), source);

                            int sent = sender.sendNear(1, buffer.addressOffset(), 70, source);

                            assertEquals(70, sent);
                            assertEquals(70, receive(receiver));
                        }
                    }
                });
    }

    @Test
    void shouldReturnEagainWhenNothingArrived() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (UdpSocket socket = open("127.0.0.1", false)) {
                        assertEquals(
                                -Errno.EAGAIN, socket.receive(buffer.addressOffset(), 100, source));
                    }
                });
    }

    @Test
    void shouldReportDatagramLongerThanRoom() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (UdpSocket sender = open("127.0.0.1", false);
                            UdpSocket receiver = open("127.0.0.1", false)) {
                        send(sender, receiver, 200, 0);

                        int result =
                                Native.await(
                                        () ->
                                                receiver.receive(
                                                        buffer.addressOffset(), 100, source));

                        assertEquals(-Errno.EMSGSIZE, result);
                    }
                });
    }

    @Test
    void shouldRefuseDatagramAboveMtuInsteadOfFragmenting() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    PrivateNetwork.ip("link set lo mtu 1500");
                    try (UdpSocket sender = open("127.0.0.1", false);
                            UdpSocket receiver = open("127.0.0.1", false)) {
                        assertEquals(1472, send(sender, receiver, 1472, 0));
                        assertEquals(-Errno.EMSGSIZE, send(sender, receiver, 1473, 0));
                        assertTrue(send(sender, receiver, 6000, 1473) < 0);
                        assertEquals(1472, receive(receiver));
                    }
                });
    }

    @Test
    void shouldHearOnlyTheDeviceItIsBoundTo() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (TapDevice tun = TapDevice.open(TapDeviceTest.ip("tun0"))) {
                        NetworkDevice.setUp("tun0");
                        InetSocketAddress local = new InetSocketAddress("127.0.0.1", 4000);
                        try (UdpSocket sender = open("127.0.0.1", false);
                                UdpSocket elsewhere = open(tun.name(), local);
                                UdpSocket here = open("lo", local)) {
                            send(sender, here, 100, 0);

                            assertEquals(100, receive(here));
                            assertEquals(
                                    -Errno.EAGAIN,
                                    elsewhere.receive(buffer.addressOffset(), 100, source));
                        }
                    }
                });
    }

    @Test
    void shouldSendOnlyByTheDeviceItIsBoundTo() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (TapDevice tun = TapDevice.open(TapDeviceTest.ip("tun0"))) {
                        PrivateNetwork.ip("addr add 192.0.2.1/24 dev tun0");
                        NetworkDevice.setUp("tun0");
                        InetSocketAddress local = new InetSocketAddress("192.0.2.1", 4000);
                        try (UdpSocket socket = open("tun0", local)) {
                            long remote = Native.endpoint("198.51.100.9", 443);

                            int sent = socket.send(buffer.addressOffset(), 100, 0, remote);

                            assertEquals(100, sent);
                            assertEquals(
                                    128, Native.await(() -> TapDeviceTest.readIpv4(tun, buffer)));
                        }
                    }
                });
    }

    @Test
    void shouldNotFailSendAfterIcmpPortUnreachable() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (UdpSocket sender = open("127.0.0.1", false);
                            UnreachableMonitor monitor = UnreachableMonitor.open("lo", false)) {
                        long closed = Native.endpoint("127.0.0.1", 9);

                        sender.send(buffer.addressOffset(), 100, 0, closed);
                        awaitMessage(monitor);

                        assertEquals(100, sender.send(buffer.addressOffset(), 100, 0, closed));
                        assertEquals(
                                -Errno.EAGAIN, sender.receive(buffer.addressOffset(), 100, source));
                    }
                });
    }

    @Test
    void shouldCountDatagramsThatKernelDropped() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    InetSocketAddress local = new InetSocketAddress("127.0.0.1", 0);
                    try (UdpSocket sender = open("127.0.0.1", false);
                            UdpSocket receiver =
                                    UdpSocket.open(new UdpConfig(null, local, false, 4096))) {
                        int sent = 0;
                        for (; sent < 500; sent++) {
                            send(sender, receiver, 500, 0);
                        }

                        int received = drain(receiver);
                        send(sender, receiver, 500, 0);
                        receive(receiver);

                        assertTrue(receiver.dropped() > 0);
                        assertEquals(sent, received + receiver.dropped());
                    }
                });
    }

    @Test
    void shouldForceBuffersAboveSystemLimitOrSayWhatWasGranted() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    InetSocketAddress local = new InetSocketAddress("127.0.0.1", 0);
                    int wanted = UdpConfig.DEFAULT_BUFFER_LENGTH;
                    try (UdpSocket socket =
                            UdpSocket.open(new UdpConfig(null, local, true, wanted))) {
                        int receive = granted("rmem_max", wanted);
                        int send = granted("wmem_max", wanted);

                        assertEquals(receive, socket.receiveBufferLength());
                        assertEquals(send, socket.sendBufferLength());
                    }
                });
    }

    /**
     * Only root of the first user namespace may exceed the limit, which others may not even see.
     */
    private static int granted(String limit, int wanted) throws Exception {
        String map = Files.readString(Path.of("/proc/self/uid_map")).strip();
        if (map.split("\\s+")[2].equals("4294967295")) {
            return wanted;
        }
        String value = Sysctls.read(Path.of("/proc/sys/net/core", limit));
        return Math.min(wanted, Integer.parseInt(value));
    }

    @Test
    void shouldNameDeviceThatDoesNotExist() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    InetSocketAddress local = new InetSocketAddress("127.0.0.1", 0);
                    LinuxException e =
                            assertThrows(LinuxException.class, () -> open("wan7", local));

                    assertEquals("SO_BINDTODEVICE wan7: ENODEV (no such device)", e.getMessage());
                });
    }

    @Test
    void shouldNameAddressThatIsNotThere() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    InetSocketAddress local = new InetSocketAddress("192.0.2.9", 443);
                    LinuxException e = assertThrows(LinuxException.class, () -> open("lo", local));

                    assertEquals(
                            "bind 192.0.2.9:443 on lo: EADDRNOTAVAIL"
                                    + " (no interface of this machine has the address)",
                            e.getMessage());
                });
    }

    private void assertSendsAndReceives(String host) throws Exception {
        try (UdpSocket sender = open(host, false);
                UdpSocket receiver = open(host, false)) {
            buffer.setMemory(0, 1000, (byte) 42);

            int sent = send(sender, receiver, 1000, 0);
            buffer.setMemory(0, 1000, (byte) 0);
            int received = receive(receiver);

            assertEquals(1000, sent);
            assertEquals(1000, received);
            assertEquals(42, buffer.getByte(999));
            assertEquals(sender.localEndpoint(), EndpointAddress.decode(source));
            assertTrue(receiver.localEndpoint().getPort() > 0);
        }
    }

    static void awaitMessage(UnreachableMonitor monitor) {
        Native.await(() -> monitor.poll(new Complaints()) == 0 ? -Errno.EAGAIN : 1);
    }

    static UdpSocket open(String host, boolean receiveCoalescing) throws LinuxException {
        InetSocketAddress local = new InetSocketAddress(host, 0);
        return UdpSocket.open(new UdpConfig(null, local, receiveCoalescing, BUFFER_LENGTH));
    }

    private static UdpSocket open(String device, InetSocketAddress local) throws LinuxException {
        return UdpSocket.open(new UdpConfig(device, local, false, BUFFER_LENGTH));
    }

    private int send(UdpSocket sender, UdpSocket receiver, int length, int segmentLength) {
        InetSocketAddress remote = receiver.localEndpoint();
        long endpoint = Native.endpoint(remote.getAddress().getHostAddress(), remote.getPort());
        return sender.send(buffer.addressOffset(), length, segmentLength, endpoint);
    }

    private int receive(UdpSocket receiver) {
        return Native.await(
                () -> receiver.receive(buffer.addressOffset(), buffer.capacity(), source));
    }

    private int drain(UdpSocket receiver) {
        int count = 0;
        while (receiver.receive(buffer.addressOffset(), buffer.capacity(), source) > 0) {
            count++;
        }
        return count;
    }
}
