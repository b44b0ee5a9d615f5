package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class UnreachableMonitorTest {
    private record Report(InetSocketAddress local, InetSocketAddress remote, int code) {}

    private static final int COUNT = Boolean.getBoolean("spillway.long") ? 5_000_000 : 200_000;
    private final List<Report> reports = new ArrayList<>();

    @Test
    void shouldReportPortUnreachableInIpv4() throws Throwable {
        PrivateNetwork.run(() -> assertReports("127.0.0.1", 3));
    }

    @Test
    void shouldReportPortUnreachableInIpv6() throws Throwable {
        PrivateNetwork.run(() -> assertReports("::1", 4));
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
        assertTrue(reports.size() > 0, "seed " + seed);
    }

    /** Puts plausible bytes at the places that are looked at first. */
    private static void plant(byte[] bytes, boolean ipv6, Random random) {
        int icmp = ipv6 ? 0 : 20;
        if (bytes.length < icmp + 28) {
            return;
        }
        bytes[0] = ipv6 ? 1 : (byte) 0x45;
        bytes[icmp] = (byte) (ipv6 ? 1 : 3);
        bytes[icmp + 8] = (byte) (0x40 | random.nextInt(16));
        bytes[icmp + 8 + (ipv6 ? 6 : 9)] = 17;
    }

    private void decode(byte[] bytes, boolean ipv6, long seed) {
        byte[] message = Arrays.copyOf(bytes, bytes.length);
        try {
            UnreachableDecoder.decode(
                    new UnsafeBuffer(message), message.length, ipv6, this::report);
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

            Native.await(() -> monitor.poll(this::report) == 0 ? -Errno.EAGAIN : 1);

            InetSocketAddress remote = new InetSocketAddress(host, 9);
            assertEquals(List.of(new Report(socket.localEndpoint(), remote, code)), reports);
        }
    }

    private void report(InetSocketAddress local, InetSocketAddress remote, int code) {
        reports.add(new Report(local, remote, code));
    }
}
