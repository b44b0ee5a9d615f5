package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class UnreachableMonitorTest {
    private static final int COUNT = Boolean.getBoolean("spillway.long") ? 5_000_000 : 200_000;
    private final Complaints complaints = new Complaints();

    @Test
    void shouldReportPortUnreachableInIpv4() throws Throwable {
        PrivateNetwork.run(() -> assertReports("127.0.0.1", 3));
    }

    @Test
    void shouldReportPortUnreachableInIpv6() throws Throwable {
        PrivateNetwork.run(() -> assertReports("::1", 4));
    }

    @Test
    void shouldReportTheMtuOfFragmentationNeeded() {
        byte[] message = new byte[20 + 8 + 20 + 8];
        message[0] = 0x45;
        message[20] = 3;
        message[21] = 4;
        message[26] = 0x05; // 1400
        message[27] = 0x78;
        message[28] = 0x45;
        message[28 + 9] = 17;
        plantIpv4Ends(message, 28);

        decode(message, false, 0);

        assertEquals(List.of(tooBig("192.0.2.1", "192.0.2.2")), complaints.reports);
    }

    @Test
    void shouldReportTheMtuOfPacketTooBig() throws Exception {
        byte[] message = new byte[8 + 40 + 8];
        message[0] = 2;
        message[6] = 0x05;
        message[7] = 0x78;
        message[8] = 0x60;
        message[8 + 6] = 17;
        System.arraycopy(InetAddress.ofLiteral("2001:db8::1").getAddress(), 0, message, 16, 16);
        System.arraycopy(InetAddress.ofLiteral("2001:db8::2").getAddress(), 0, message, 32, 16);
        plantPorts(message, 48);

        decode(message, true, 0);

        assertEquals(List.of(tooBig("2001:db8::1", "2001:db8::2")), complaints.reports);
    }

    private static void plantIpv4Ends(byte[] message, int ip) {
        System.arraycopy(new byte[] {(byte) 192, 0, 2, 1}, 0, message, ip + 12, 4);
        System.arraycopy(new byte[] {(byte) 192, 0, 2, 2}, 0, message, ip + 16, 4);
        plantPorts(message, ip + 20);
    }

    private static void plantPorts(byte[] message, int udp) {
        message[udp + 1] = 7;
        message[udp + 3] = 9;
    }

    private static Complaints.Report tooBig(String local, String remote) {
        return new Complaints.Report(
                new InetSocketAddress(InetAddress.ofLiteral(local), 7),
                new InetSocketAddress(InetAddress.ofLiteral(remote), 9),
                true,
                1400);
    }

    @Test
    void shouldSurviveArbitraryMessages() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            boolean ipv6 = random.nextBoolean();
            plant(bytes, ipv6, random);

            decode(bytes, ipv6, seed);
        }
        assertTrue(complaints.reports.size() > 0, "seed " + seed);
    }

    /** Puts plausible bytes at the places that are looked at first. */
    private static void plant(byte[] bytes, boolean ipv6, Random random) {
        int icmp = ipv6 ? 0 : 20;
        if (bytes.length < icmp + 28) {
            return;
        }
        bytes[0] = ipv6 ? (byte) (1 + random.nextInt(2)) : (byte) 0x45;
        bytes[icmp] = ipv6 ? bytes[0] : 3;
        bytes[icmp + 8] = (byte) (0x40 | random.nextInt(16));
        bytes[icmp + 8 + (ipv6 ? 6 : 9)] = 17;
    }

    private void decode(byte[] bytes, boolean ipv6, long seed) {
        byte[] message = Arrays.copyOf(bytes, bytes.length);
        try {
            UnreachableDecoder.decode(new UnsafeBuffer(message), message.length, ipv6, complaints);
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private void assertReports(String host, int code) throws Exception {
        boolean ipv6 = host.contains(":");
        long closed = Native.endpoint(host, 9);
        UnsafeBuffer buffer = Native.buffer(100);
        try (UdpSocket socket = UdpSocketTest.open(host, false);
                UnreachableMonitor monitor = UnreachableMonitor.open("lo", ipv6)) {
            socket.send(buffer.addressOffset(), 100, 0, closed);

            Native.await(() -> monitor.poll(complaints) == 0 ? -Errno.EAGAIN : 1);

            InetSocketAddress remote = new InetSocketAddress(host, 9);
            assertEquals(
                    List.of(new Complaints.Report(socket.localEndpoint(), remote, false, code)),
                    complaints.reports);
        }
    }
}
