package io.spillway.crypto.handshake;

import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.bouncycastle.tls.DatagramTransport;

/**
 * Bouncy Castle's view of the network: datagrams of one peer, queued by anyone, taken by the
 * handshake's thread, which alone calls {@link #receive}, {@link #send} and {@link #deadlineIn}.
 *
 * <p>Keeps its own deadline on the monotonic clock, as Bouncy Castle's follow the wall clock.
 */
final class DatagramQueue implements DatagramTransport {
    /**
     * Longest datagram taken in. A whole flight of a peer on a path with a large MTU is about 3 kB;
     * the thread keeps a buffer of this length while it waits.
     */
    static final int DATAGRAM_LENGTH_MAX = 4096;

    static final int DATAGRAMS_MAX = 64;

    private static final byte[] WAKE_UP = {};

    /**
     * The deadline has passed. An interruption in Bouncy Castle's eyes, which it lets through: to
     * any other exception while lingering it would answer with an alert that ends the association.
     */
    static final class DeadlinePassedException extends InterruptedIOException {
        private static final long serialVersionUID = 1L;
    }

    private final ArrayBlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(DATAGRAMS_MAX);
    private final Consumer<byte[]> network;
    private final ToIntFunction<byte[]> deliverable;
    private final int sendLimit;
    private long deadlineNs;
    private volatile boolean closed;

    /**
     * @param deliverable how many bytes of a datagram the handshake may see now
     */
    DatagramQueue(
            Consumer<byte[]> network,
            ToIntFunction<byte[]> deliverable,
            int sendLimit,
            long timeoutNs) {
        this.network = network;
        this.deliverable = deliverable;
        this.sendLimit = sendLimit;
        this.deadlineNs = System.nanoTime() + timeoutNs;
    }

    /** Any thread. Ignores what no handshake could be made of. */
    void offer(byte[] datagram) {
        if (closed || datagram.length > DATAGRAM_LENGTH_MAX || !FlightGuard.admits(datagram)) {
            return;
        }
        while (!queue.offer(datagram)) {
            queue.poll();
        }
    }

    /** Moves the deadline: this far from now. */
    void deadlineIn(long timeoutNs) {
        deadlineNs = System.nanoTime() + timeoutNs;
    }

    @Override
    public int getReceiveLimit() {
        return DATAGRAM_LENGTH_MAX;
    }

    @Override
    public int getSendLimit() {
        return sendLimit;
    }

    /**
     * @param waitMillis 0 for as long as the deadline allows
     * @return bytes received, perhaps 0, or -1 when the wait is over
     * @throws InterruptedIOException when the deadline has passed, or the queue was closed
     */
    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis)
            throws InterruptedIOException {
        int remainingMillis = remainingMillis();
        if (remainingMillis == 0) {
            throw new DeadlinePassedException();
        }
        int millis = waitMillis == 0 ? remainingMillis : Math.min(waitMillis, remainingMillis);
        byte[] datagram = closed ? null : poll(millis);
        if (closed) {
            throw new InterruptedIOException("handshake closed");
        }
        if (datagram == null || datagram.length > length) {
            return -1;
        }
        int count = deliverable.applyAsInt(datagram);
        System.arraycopy(datagram, 0, buffer, offset, count);
        return count;
    }

    @Override
    public void send(byte[] buffer, int offset, int length) {
        if (!closed) {
            byte[] datagram = new byte[length];
            System.arraycopy(buffer, offset, datagram, 0, length);
            network.accept(datagram);
        }
    }

    /** Any thread. Wakes up the handshake's thread, which then finds the queue closed. */
    @Override
    public void close() {
        closed = true;
        queue.clear();
        queue.offer(WAKE_UP);
    }

    /** Until the deadline; 0 when it has passed, -1 when closed. */
    private int remainingMillis() {
        long remainingNs = deadlineNs - System.nanoTime();
        if (closed) {
            return -1;
        }
        // Rounded up: a wait of 0 would mean for ever.
        return remainingNs <= 0 ? 0 : (int) TimeUnit.NANOSECONDS.toMillis(remainingNs) + 1;
    }

    private byte[] poll(int millis) throws InterruptedIOException {
        try {
            return queue.poll(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("handshake interrupted");
        }
    }
}
