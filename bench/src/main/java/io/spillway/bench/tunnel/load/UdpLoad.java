package io.spillway.bench.tunnel.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * UDP from one host to another, at a rate or as fast as it goes, and a count of what arrives.
 *
 * <p>Both ends look at the clock every {@link #TICK_NS} and move what is there in one system call,
 * so that they take little of the processor the tunnels need.
 */
public final class UdpLoad {
    /** As fast as the sending host can. */
    public static final double UNPACED_KPPS = Double.POSITIVE_INFINITY;

    private static final long TICK_NS = 200_000;
    private static final long BURST_MAX = 256;
    private static final long TAIL_MS = 200;
    private static final long START_MS = 2_000;
    private static final int PORT = 7001;
    private static final double KILO = 1e3;
    private static final double NS_PER_S = 1e9;

    private final Host from;
    private final Host to;
    private int run;

    public UdpLoad(Host from, Host to) {
        this.from = from;
        this.to = to;
    }

    /**
     * @param packetLength of the IP packet
     */
    public UdpTally run(int packetLength, double kpps, double seconds)
            throws IOException, InterruptedException {
        Sink sink = new Sink(++run, packetLength);
        FutureTask<Long> receiving = to.start("sink", sink::count);
        if (!sink.isReady.await(START_MS, TimeUnit.MILLISECONDS)) {
            throw new IOException("the UDP sink does not start");
        }
        try {
            Sent sent = Host.await(from.start("source", () -> send(packetLength, kpps, seconds)));
            Thread.sleep(TAIL_MS);
            sink.isDone = true;
            return new UdpTally(sent.packets(), Host.await(receiving), sent.seconds());
        } finally {
            sink.isDone = true;
        }
    }

    private record Sent(long packets, double seconds) {}

    private Sent send(int packetLength, double kpps, double seconds) throws IOException {
        try (HostSocket socket = new HostSocket(sourceEnd(), sinkEnd(), packetLength).mark(run)) {
            long startNs = System.nanoTime();
            long endNs = startNs + (long) (seconds * NS_PER_S);
            long packets =
                    Double.isInfinite(kpps)
                            ? flood(socket, endNs)
                            : pace(socket, new PacingClock(kpps * KILO, BURST_MAX, startNs), endNs);
            return new Sent(packets, (System.nanoTime() - startNs) / NS_PER_S);
        }
    }

    private static long flood(HostSocket socket, long endNs) {
        long packets = 0;
        while (System.nanoTime() - endNs < 0) {
            packets += Math.max(0, socket.send(HostSocket.BATCH));
        }
        return packets;
    }

    private static long pace(HostSocket socket, PacingClock clock, long endNs) {
        long packets = 0;
        for (long nowNs = System.nanoTime(); nowNs - endNs < 0; nowNs = System.nanoTime()) {
            long due = clock.take(nowNs);
            while (due > 0) {
                int count = (int) Math.min(due, HostSocket.BATCH);
                packets += Math.max(0, socket.send(count));
                due -= count;
            }
            LockSupport.parkNanos(TICK_NS);
        }
        return packets;
    }

    private InetSocketAddress sourceEnd() {
        return from.at(PORT);
    }

    private InetSocketAddress sinkEnd() {
        return to.at(PORT);
    }

    private final class Sink {
        private final CountDownLatch isReady = new CountDownLatch(1);
        private final int mark;
        private final int packetLength;
        private volatile boolean isDone;

        Sink(int mark, int packetLength) {
            this.mark = mark;
            this.packetLength = packetLength;
        }

        /** Those of this run; others are late ones of the run before. */
        long count() throws IOException {
            long packets = 0;
            try (HostSocket socket = new HostSocket(sinkEnd(), sourceEnd(), packetLength)) {
                isReady.countDown();
                while (!isDone) {
                    int received = socket.receiveNow();
                    for (int i = 0; i < received; i++) {
                        if (socket.receivedMark(i) == mark) packets++;
                    }
                    if (received < HostSocket.BATCH) LockSupport.parkNanos(TICK_NS);
                }
            }
            return packets;
        }
    }
}
