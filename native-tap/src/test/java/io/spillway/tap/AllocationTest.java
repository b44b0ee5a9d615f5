package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Nothing on the packet's way allocates, once compiled. */
class AllocationTest {
    private static final int WARM_UP = 50_000;
    private static final int CALLS = 100_000;
    private final UnsafeBuffer buffer = Native.buffer(65536);
    private final long address = buffer.addressOffset();
    private final long source = Native.buffer(EndpointAddress.LENGTH).addressOffset();

    @Test
    void shouldNotAllocateToSendAndReceiveDatagrams() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (UdpSocket sender = UdpSocketTest.open("127.0.0.1", false);
                            UdpSocket receiver = UdpSocketTest.open("127.0.0.1", true)) {
                        InetSocketAddress local = receiver.localEndpoint();
                        long remote = Native.endpoint("127.0.0.1", local.getPort());
                        exchange(sender, receiver, remote, WARM_UP);

                        long before = allocated();
                        int received = exchange(sender, receiver, remote, CALLS);
                        long bytes = allocated() - before;

                        assertEquals(CALLS * 2, received);
                        assertEquals(0, bytes);
                    }
                });
    }

    @Test
    void shouldNotAllocateToReadAndWriteFrames() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (TapDevice tun = TapDevice.open(TapDeviceTest.ip("tun0"))) {
                        PrivateNetwork.ip("addr add 192.0.2.1/24 dev tun0");
                        NetworkDevice.setUp("tun0");
                        Programs.run("sysctl", "-q", "-w", "net.ipv4.icmp_ratelimit=0");
                        echo(tun, WARM_UP);

                        long before = allocated();
                        int read = echo(tun, CALLS);
                        long bytes = allocated() - before;

                        assertEquals(true, read >= CALLS, read + " read");
                        assertEquals(0, bytes);
                    }
                });
    }

    @Test
    void shouldNotAllocateToCompareAndHashEndpoints() {
        long other = Native.endpoint("2001:db8::1", 443);
        EndpointAddress.encode(new InetSocketAddress("2001:db8::1", 443), source);
        compare(other, WARM_UP);

        long before = allocated();
        int matching = compare(other, CALLS);
        long bytes = allocated() - before;

        assertEquals(CALLS, matching);
        assertEquals(0, bytes);
    }

    /** One plain and one segmented send a round; the answer to an empty socket is a call, too. */
    private int exchange(UdpSocket sender, UdpSocket receiver, long remote, int rounds) {
        int received = 0;
        for (int i = 0; i < rounds; i++) {
            sender.send(address, 1200, 0, remote);
            sender.send(address, 2400, 1200, remote);
            while (receiver.receive(address, 65536, source) > 0) {
                received++;
            }
        }
        return received;
    }

    private int echo(TapDevice tun, int rounds) {
        int read = 0;
        int length = EchoPackets.request(buffer, 0, "192.0.2.7", "192.0.2.1", 1);
        for (int i = 0; i < rounds; i++) {
            tun.write(address, length);
            while (tun.read(address + 2048, 2048) > 0) {
                read++;
            }
        }
        return read;
    }

    private int compare(long other, int rounds) {
        int matching = 0;
        for (int i = 0; i < rounds; i++) {
            if (EndpointAddress.hash(source) == EndpointAddress.hash(other)
                    && EndpointAddress.matches(source, other)) {
                matching++;
            }
        }
        return matching;
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
