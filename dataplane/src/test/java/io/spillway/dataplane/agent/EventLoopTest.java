package io.spillway.dataplane.agent;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.sim.PrivateNetwork;
import io.spillway.dataplane.sim.Sim;
import io.spillway.tap.EndpointAddress;
import io.spillway.tap.FrameDevice;
import io.spillway.tap.Gather;
import io.spillway.tap.UdpSocket;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The real thread asleep and awake, behind io_uring and behind epoll. */
class EventLoopTest {
    private static final long MS = 1_000_000L;
    private static final UnaryOperator<FrameDevice> AS_IT_IS = UnaryOperator.identity();

    private final UnsafeBuffer datagram = new UnsafeBuffer(ByteBuffer.allocateDirect(2048));
    private final UnsafeBuffer endpoint =
            new UnsafeBuffer(ByteBuffer.allocateDirect(EndpointAddress.LENGTH));

    static Stream<Arguments> threads() {
        return Stream.of(Threading.SHARED, Threading.dedicated(2), Threading.dedicated(2, 1))
                .flatMap(
                        threading ->
                                Stream.of(EventLoopKind.values())
                                        .map(kind -> Arguments.of(threading, kind)));
    }

    /** A wake-up that got lost would show as the rest of the sleep, up to a second. */
    @ParameterizedTest
    @MethodSource("threads")
    void shouldWakeUpForACommand(Threading threading, EventLoopKind kind) throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (RealNode node = new RealNode(threading, kind, false, AS_IT_IS);
                            UdpSocket far = RealNode.open(false)) {
                        List<Long> delaysNs = new ArrayList<>();
                        SplittableRandom random = new SplittableRandom(Sim.seed());
                        for (int i = 0; i < Sim.count(200, 5_000); i++) {
                            LockSupport.parkNanos(random.nextLong(3 * MS));
                            long startNs = System.nanoTime();
                            node.plane
                                    .commands()
                                    .sendDatagram(0, far.localEndpoint(), new byte[] {1});
                            await(() -> receive(far) == 1, "a datagram for command " + i);
                            delaysNs.add(System.nanoTime() - startNs);
                        }
                        Collections.sort(delaysNs);
                        long medianNs = delaysNs.get(delaysNs.size() / 2);
                        assertTrue(medianNs < 20 * MS, "median " + medianNs + " ns");
                        long worstNs = delaysNs.getLast();
                        assertTrue(worstNs < 500 * MS, "worst " + worstNs + " ns");
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("threads")
    void shouldKeepItsDeadlines(Threading threading, EventLoopKind kind) throws Throwable {
        PrivateNetwork.run(
                () -> {
                    List<Long> announcedNs = Collections.synchronizedList(new ArrayList<>());
                    UnaryOperator<FrameDevice> watched = tap -> new Watched(tap, announcedNs);
                    try (RealNode node = new RealNode(threading, kind, false, watched)) {
                        await(() -> announcedNs.size() >= 2, "the second announcement");

                        double seconds = (announcedNs.get(1) - announcedNs.get(0)) / 1e9;
                        assertTrue(Math.abs(seconds - 2) < 0.5, seconds + " s, not 2");
                        assertNull(node.threads.failure());
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("threads")
    void shouldRestWhileNothingHappens(Threading threading, EventLoopKind kind) throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (RealNode node = new RealNode(threading, kind, false, AS_IT_IS)) {
                        LockSupport.parkNanos(300 * MS); // the first announcements are out
                        long before = cpuNs(node);
                        LockSupport.parkNanos(2_000 * MS);
                        double percent = (cpuNs(node) - before) / (2_000.0 * MS) * 100;

                        System.out.printf(
                                "%s %s: %.2f %% CPU while idle%n",
                                threading.describe(), kind, percent);
                        assertTrue(percent < 2, percent + " %");
                    }
                });
    }

    /** Bursts of any length, with nothing behind them that could wake a reader that stopped. */
    @ParameterizedTest
    @MethodSource("threads")
    void shouldDrainEveryBurstToItsEnd(Threading threading, EventLoopKind kind) throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (RealNode node = new RealNode(threading, kind, false, AS_IT_IS)) {
                        var source =
                                new RecordSource(
                                        node.second.socket(),
                                        node.wan.localEndpoint(),
                                        node.second.session(),
                                        udp("10.2.0.8", "10.3.0.9", 53, new byte[100]));
                        SplittableRandom random = new SplittableRandom(Sim.seed());
                        long sent = 0;
                        for (int i = 0; i < Sim.count(100, 3_000); i++) {
                            int burst = random.nextInt(4) == 0 ? 64 : random.nextInt(1, 700);
                            source.send(burst);
                            sent += burst;
                            long expected = sent;
                            await(
                                    () -> node.third.tunnel().packetsSent().packets() == expected,
                                    "burst " + i + " of " + burst + ", seed " + Sim.seed());
                        }
                        node.wans.forEach(wan -> assertEquals(0, wan.dropped()));
                    }
                });
    }

    /** At any moment: before its first sleep, in one, between two. */
    @ParameterizedTest
    @MethodSource("threads")
    void shouldEndWhenToldTo(Threading threading, EventLoopKind kind) throws Throwable {
        PrivateNetwork.run(
                () -> {
                    SplittableRandom random = new SplittableRandom(Sim.seed());
                    for (int i = 0; i < Sim.count(40, 500); i++) {
                        RealNode node = new RealNode(threading, kind, false, AS_IT_IS);
                        LockSupport.parkNanos(random.nextLong(4 * MS));
                        long startNs = System.nanoTime();
                        node.close();
                        long tookNs = System.nanoTime() - startNs;
                        assertTrue(tookNs < 900 * MS, "round " + i + ": " + tookNs + " ns");
                    }
                });
    }

    private static long cpuNs(RealNode node) {
        return node.threads.threads().stream()
                .mapToLong(
                        thread ->
                                ManagementFactory.getThreadMXBean()
                                        .getThreadCpuTime(thread.threadId()))
                .sum();
    }

    private int receive(UdpSocket socket) {
        return socket.receive(datagram.addressOffset(), 2048, endpoint.addressOffset());
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition, String what) {
        long deadlineNs = System.nanoTime() + 5_000 * MS;
        while (!condition.holds()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "never came: " + what);
            LockSupport.parkNanos(50_000);
        }
    }

    /** Notes when our gratuitous ARPs are written. */
    private record Watched(FrameDevice tap, List<Long> announcedNs) implements FrameDevice {
        private static final int TYPE_OFFSET = 12;
        private static final int BROADCAST = -1;
        private static final short ARP_NETWORK_ORDER = 0x0608;

        @Override
        public int write(Gather pieces) {
            UnsafeBuffer frame = new UnsafeBuffer(pieces.pieceAddress(1), pieces.pieceLength(1));
            if (frame.getInt(0) == BROADCAST && frame.getShort(TYPE_OFFSET) == ARP_NETWORK_ORDER) {
                announcedNs.add(System.nanoTime());
            }
            return tap.write(pieces);
        }

        @Override
        public int fd() {
            return tap.fd();
        }

        @Override
        public int read(long address, int length) {
            return tap.read(address, length);
        }

        @Override
        public boolean hasVnetHeader() {
            return tap.hasVnetHeader();
        }

        @Override
        public int offloads() {
            return tap.offloads();
        }

        @Override
        public String name() {
            return tap.name();
        }

        @Override
        public void close() {
            tap.close();
        }
    }
}
