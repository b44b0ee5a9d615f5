package io.spillway.dataplane.agent;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.spillway.crypto.record.RecordOpener;
import io.spillway.dataplane.forward.ContentType;
import io.spillway.dataplane.observe.TrafficCounter;
import io.spillway.dataplane.sim.PrivateNetwork;
import io.spillway.dataplane.sim.Sim;
import io.spillway.tap.AlarmTimer;
import io.spillway.tap.ThreadSleep;
import io.spillway.tap.UdpConfig;
import io.spillway.tap.UdpSocket;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The data-plane threads, their event loops included, allocate nothing per packet on a real TAP and
 * real UDP sockets: TAP to UDP, UDP to TAP, relay; by tunnels of sites (RECOVERY) and of a PoP
 * (CLOUD); as single packets and as super-frames of {@link #BURST}; with a WAN link that is shaped;
 * with somebody who captures all of it.
 *
 * <p>Counted are the threads' allocated bytes over a whole run of packets, compared with zero
 * exactly: no division, no rounding. Until the compiler is done, interpreted code allocates, so a
 * run may be repeated; what allocates always never passes.
 */
@Order(Integer.MAX_VALUE)
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int PACKETS = Sim.count(50_000, 1_000_000);
    private static final int ATTEMPTS_MAX = 30;
    private static final int IN_FLIGHT_MAX = 256;
    private static final int BURST = 32;
    private static final int EXCHANGES = PACKETS / 10;
    private static final int ALARMS_WARM_UP = 200_000;
    private static final int RESTS_WARM_UP = 20_000;
    private static final long STALL_NS = 5_000_000_000L;

    private RealNode node;

    /** A stream rests 2000 times a second: too rarely for the compiler to be done in a run. */
    @BeforeAll
    static void warmUpRests() {
        ThreadSleep sleep = new ThreadSleep();
        for (int i = 0; i < RESTS_WARM_UP; i++) {
            sleep.sleep(1);
        }
    }

    /** A thread sets its alarm once a second at least, which is rarer still. */
    @BeforeEach
    void warmUpAlarms() throws Exception {
        try (AlarmTimer alarm = AlarmTimer.open()) {
            for (int i = 0; i < ALARMS_WARM_UP; i++) {
                alarm.arm(1 + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, IO_URING, false, 0",
        "0, 0, IO_URING, true, 0",
        "0, 0, EPOLL, false, 0",
        "0, 0, EPOLL, true, 0",
        "0, 1, IO_URING, false, 0",
        "0, 2, IO_URING, true, 0",
        "0, 2, EPOLL, false, 0",
        "2, 1, IO_URING, false, 0",
        "0, 0, IO_URING, false, 8000000000"
    })
    void shouldAllocateNothingPerPacket(
            int portThreads, int wanThreads, EventLoopKind kind, boolean byPop, long bitsPerSecond)
            throws Throwable {
        Threading threading =
                wanThreads == 0 ? Threading.SHARED : Threading.dedicated(portThreads, wanThreads);
        PrivateNetwork.run(
                () -> {
                    try (RealNode running =
                                    new RealNode(
                                            threading,
                                            kind,
                                            byPop,
                                            UnaryOperator.identity(),
                                            bitsPerSecond);
                            UdpSocket host = hostSocket()) {
                        node = running;
                        String where =
                                threading.describe()
                                        + " "
                                        + kind
                                        + (byPop ? " CLOUD " : " RECOVERY ")
                                        + (bitsPerSecond > 0 ? "shaped " : "");
                        for (int burst : new int[] {1, BURST}) {
                            assertAllocatesNothing(where + "bursts of " + burst, host, burst);
                        }
                        assertAllocatesNothing(
                                where + "a dialogue", EXCHANGES, () -> converse(host));
                        assertArrived(host);
                    }
                });
    }

    /** At all points. */
    @Test
    void shouldAllocateNothingWhileSomebodyCaptures() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (RealNode running =
                                    new RealNode(
                                            EventLoopKind.IO_URING,
                                            false,
                                            UnaryOperator.identity());
                            UdpSocket host = hostSocket();
                            Drain drain = new Drain(running.plane)) {
                        node = running;
                        assertAllocatesNothing(
                                "captured TAP to UDP",
                                fromHost(host),
                                1,
                                node.second.tunnel().packetsSent());
                        assertAllocatesNothing(
                                "captured UDP to TAP",
                                fromSite("10.1.0.7"),
                                BURST,
                                node.second.tunnel().packetsReceived());
                        assertTrue(drain.taken > PACKETS, () -> drain.taken + " copies");
                    }
                });
    }

    private void assertAllocatesNothing(String where, UdpSocket host, int burst) {
        assertAllocatesNothing(
                where + " TAP to UDP", fromHost(host), burst, node.second.tunnel().packetsSent());
        assertAllocatesNothing(
                where + " UDP to TAP",
                fromSite("10.1.0.7"),
                burst,
                node.second.tunnel().packetsReceived());
        assertAllocatesNothing(
                where + " relay", fromSite("10.3.0.9"), burst, node.third.tunnel().packetsSent());
    }

    private static UdpSocket hostSocket() throws Exception {
        var local = new InetSocketAddress("10.1.0.7", 4711);
        return UdpSocket.open(new UdpConfig(null, local, false, 8 << 20));
    }

    private static RecordSource fromHost(UdpSocket host) {
        var remote = new InetSocketAddress("10.2.0.8", 53);
        return new RecordSource(host, remote, null, new byte[1000]);
    }

    private RecordSource fromSite(String target) {
        byte[] packet = udp("10.2.0.8", target, 4711, new byte[1000]);
        return new RecordSource(
                node.second.socket(), node.wan.localEndpoint(), node.second.session(), packet);
    }

    private void assertAllocatesNothing(
            String what, RecordSource source, int burst, TrafficCounter passed) {
        run(source, burst, passed, 1000); // ARP, first records
        assertAllocatesNothing(what, PACKETS, () -> run(source, burst, passed, PACKETS));
    }

    /** Question and answer in turn: the thread looks for each a while before it comes (Spin). */
    private void converse(UdpSocket host) {
        RecordSource question = fromHost(host);
        RecordSource answer = fromSite("10.1.0.7");
        for (int i = 0; i < EXCHANGES; i++) {
            sendOne(question, node.second.tunnel().packetsSent());
            sendOne(answer, node.second.tunnel().packetsReceived());
        }
    }

    private static void sendOne(RecordSource source, TrafficCounter passed) {
        long before = passed.packets();
        source.send(1);
        long sentNs = System.nanoTime();
        while (passed.packets() == before) {
            Thread.yield();
            assertTrue(System.nanoTime() - sentNs < STALL_NS, "stalled");
        }
    }

    private void assertAllocatesNothing(String what, int packets, Runnable traffic) {
        long bytes = Long.MAX_VALUE;
        long startNs = 0;
        long endNs = 0;
        int attempt = 0;
        while (bytes > 0 && attempt < ATTEMPTS_MAX) {
            attempt++;
            long before = allocatedBytes();
            startNs = System.nanoTime();
            traffic.run();
            endNs = System.nanoTime();
            bytes = allocatedBytes() - before;
        }
        System.out.printf(
                "%s: %d bytes over %d packets at attempt %d, %.0f packets/s%n",
                what, bytes, packets, attempt, packets * 1e9 / (endNs - startNs));
        assertEquals(0, bytes, what + " after " + attempt + " runs");
    }

    /** Of all data-plane threads. */
    private long allocatedBytes() {
        return node.threads.threads().stream()
                .mapToLong(thread -> THREADS.getThreadAllocatedBytes(thread.threadId()))
                .sum();
    }

    /** What was counted as passed is what the far ends have: the kernel host, and site 3. */
    private void assertArrived(UdpSocket host) {
        UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
        long address = memory.addressOffset();
        long source = address + 2048;
        assertEquals(1000, host.receive(address, 2048, source));
        int length = node.third.socket().receive(address, 2048, source);
        RecordOpener opener = node.third.session().opener();
        int opened = opener.open(memory, 0, length);
        assertEquals(1 + 28 + 1000, opener.unwrap(memory, opener.plaintextOffset(), opened));
        assertEquals(ContentType.PACKET, memory.getByte(opener.plaintextOffset()));
    }

    /** Sends as fast as they pass, so that no queue of the kernel overflows. */
    private void run(RecordSource source, int burst, TrafficCounter passed, int packets) {
        long from = passed.packets();
        long sent = 0;
        long progressNs = System.nanoTime();
        long seen = from;
        while (passed.packets() - from < packets) {
            if (sent - (passed.packets() - from) < IN_FLIGHT_MAX) {
                source.send(burst);
                sent += burst;
            } else {
                LockSupport.parkNanos(20_000);
            }
            if (passed.packets() != seen) {
                seen = passed.packets();
                progressNs = System.nanoTime();
            } else if (System.nanoTime() - progressNs > STALL_NS / 20) {
                sent = passed.packets() - from; // lost: while ARP was asked for, for example
            }
            assertTrue(
                    System.nanoTime() - progressNs < STALL_NS,
                    () -> "stalled: " + node.plane.counters().dropped());
        }
    }
}
