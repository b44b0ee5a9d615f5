package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntUnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Nothing on the packet's way allocates, once compiled. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 100_000;

    /**
     * Until the compiler is done, interpreted code allocates; what allocates always never passes.
     */
    private static final int ATTEMPTS_MAX = 20;

    private final UnsafeBuffer buffer = Native.buffer(65536);
    private final long address = buffer.addressOffset();
    private final Gather packet = new Gather(1);
    private final long source = Native.endpoint("2001:db8::1", 443);

    @Test
    void shouldNotAllocateToSendAndReceiveDatagrams() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (UdpSocket sender = UdpSocketTest.open("127.0.0.1", false);
                            UdpSocket receiver = UdpSocketTest.open("127.0.0.1", true)) {
                        int port = receiver.localEndpoint().getPort();
                        long remote = Native.endpoint("127.0.0.1", port);

                        assertAllocatesNothing(calls -> exchange(sender, receiver, remote, calls));
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
                        int length = EchoPackets.request(buffer, 0, "192.0.2.7", "192.0.2.1", 1);

                        assertAllocatesNothing(calls -> echo(tun, length, calls));
                    }
                });
    }

    @Test
    void shouldNotAllocateToCompareAndHashEndpoints() {
        long other = Native.endpoint("2001:db8::1", 443);

        assertAllocatesNothing(calls -> compare(other, calls));
    }

    private static void assertAllocatesNothing(IntUnaryOperator action) {
        long bytes = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS_MAX && bytes > 0; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            int done = action.applyAsInt(CALLS);
            bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(done >= CALLS, done + " done");
        }
        assertEquals(0, bytes);
    }

    /** A plain and a segmented send each round; the answer of an empty socket is a call, too. */
    private int exchange(UdpSocket sender, UdpSocket receiver, long remote, int calls) {
        int received = 0;
        for (int i = 0; i < calls; i += 2) {
            sender.send(address, 1200, 0, remote);
            sender.send(address, 2400, 1200, remote);
            while (receiver.receive(address, 65536, source) > 0) {
                received++;
            }
        }
        return received;
    }

    private int echo(TapDevice tun, int length, int calls) {
        int read = 0;
        packet.clear();
        packet.add(address, length);
        for (int i = 0; i < calls; i++) {
            tun.write(packet);
            while (tun.read(address + 2048, 2048) > 0) {
                read++;
            }
        }
        return read;
    }

    private int compare(long other, int calls) {
        int matching = 0;
        for (int i = 0; i < calls; i++) {
            if (EndpointAddress.hash(source) == EndpointAddress.hash(other)
                    && EndpointAddress.matches(source, other)) {
                matching++;
            }
        }
        return matching;
    }
}
