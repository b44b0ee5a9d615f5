package io.spillway.bench.tunnel.load;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/** One host answers every packet; the other measures how long that takes. */
public final class UdpEcho implements AutoCloseable {
    private static final int PORT = 7002;
    private static final int PACKET_LENGTH = 64;
    private static final int WAIT_MS = 100;
    private static final long PROBE_NS = 500_000;
    private static final long NS_PER_S = 1_000_000_000L;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_US = 1e3;

    private final Host near;
    private final Host far;
    private volatile boolean isClosed;

    /** Answers from now on. */
    public UdpEcho(Host near, Host far) {
        this.near = near;
        this.far = far;
        far.start("echo", this::answer);
    }

    private Void answer() throws IOException {
        try (HostSocket socket = socket(far, near)) {
            while (!isClosed) {
                int received = socket.receive();
                if (received > 0) socket.send(received);
            }
        }
        return null;
    }

    private static HostSocket socket(Host at, Host other) throws IOException {
        return new HostSocket(at.at(PORT), other.at(PORT), PACKET_LENGTH).timeoutMs(WAIT_MS);
    }

    /** Sorted round trips, one after the other. */
    public record RoundTrips(long[] sortedNs, int lost) {
        /**
         * @param fraction of all that are at most as long: 0.5 is the median
         */
        public double quantileUs(double fraction) {
            int index = (int) Math.ceil(fraction * sortedNs.length) - 1;
            return sortedNs[Math.max(0, index)] / NS_PER_US;
        }
    }

    /**
     * @throws IOException if more than one in a hundred is lost
     */
    public RoundTrips measure(int count) throws IOException, InterruptedException {
        return Host.await(near.start("ping", () -> pingPong(count)));
    }

    private RoundTrips pingPong(int count) throws IOException {
        long[] timesNs = new long[count];
        int lost = 0;
        int taken = 0;
        try (HostSocket socket = socket(near, far)) {
            while (taken < count) {
                long sentNs = System.nanoTime();
                socket.send(1);
                if (socket.receive() > 0) {
                    timesNs[taken++] = System.nanoTime() - sentNs;
                } else if (++lost > count / 100) {
                    throw new IOException(lost + " round trips of " + (taken + lost) + " lost");
                }
            }
        }
        Arrays.sort(timesNs);
        return new RoundTrips(timesNs, lost);
    }

    /** Asks again and again until there is an answer; its time in ms. */
    public FutureTask<Double> firstAnswerMs(long sinceNs, int timeoutSeconds) {
        return near.start("first", () -> awaitAnswer(sinceNs, timeoutSeconds));
    }

    /** Returns when a packet has come back. */
    public void awaitAnswer(int timeoutSeconds) throws IOException, InterruptedException {
        Host.await(firstAnswerMs(System.nanoTime(), timeoutSeconds));
    }

    private Double awaitAnswer(long sinceNs, int timeoutSeconds) throws IOException {
        try (HostSocket socket = socket(near, far)) {
            while (System.nanoTime() - sinceNs < timeoutSeconds * NS_PER_S) {
                socket.send(1);
                LockSupport.parkNanos(PROBE_NS);
                if (socket.receiveNow() > 0) return (System.nanoTime() - sinceNs) / NS_PER_MS;
            }
        }
        throw new IOException("no packet comes back within " + timeoutSeconds + " s");
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
