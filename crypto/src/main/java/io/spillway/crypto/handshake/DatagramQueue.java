package io.spillway.crypto.handshake;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.DatagramTransport;

/**
 * Bouncy Castle's view of the network: datagrams of one peer, queued by anyone, taken by the
 * handshake's thread, which alone calls {@link #receive}, {@link #send} and {@link #deadline}.
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

    /** The deadline passed before the handshake was complete. */
    static final class DeadlinePassedException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final ArrayBlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(DATAGRAMS_MAX);
    private final Consumer<byte[]> network;
    private final int sendLimit;
    private long deadlineNs;
    private boolean isDeadlineError = true;
    private volatile boolean closed;

    DatagramQueue(Consumer<byte[]> network, int sendLimit, long timeoutNs) {
        this.network = network;
        this.sendLimit = sendLimit;
        this.deadlineNs = System.nanoTime() + timeoutNs;
    }

    /** Any thread. Ignores what no handshake could be made of. */
    void offer(byte[] datagram) {
        if (closed || !FlightGuard.admits(datagram)) {
            return;
        }
        while (!queue.offer(datagram)) {
            queue.poll();
        }
    }

    /** From now on the deadline, this far from now, is no error: receiving just finds nothing. */
    void linger(long windowNs) {
        deadlineNs = System.nanoTime() + windowNs;
        isDeadlineError = false;
    }

    /** Until the deadline; 0 when it has passed, -1 when closed. */
    int remainingMillis() {
        long remainingNs = deadlineNs - System.nanoTime();
        if (closed) {
            return -1;
        }
        // Rounded up: a wait of 0 would mean for ever.
        return remainingNs <= 0 ? 0 : (int) TimeUnit.NANOSECONDS.toMillis(remainingNs) + 1;
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
     * @return bytes received, or -1 when the wait is over
     */
    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        int remainingMillis = remainingMillis();
        if (remainingMillis == 0 && isDeadlineError) {
            throw new DeadlinePassedException();
        }
        int millis = waitMillis == 0 ? remainingMillis : Math.min(waitMillis, remainingMillis);
        byte[] datagram = closed ? null : poll(millis);
        if (closed) {
            throw new IOException("handshake closed");
        }
        if (datagram == null || datagram.length > length) {
            return -1;
        }
        System.arraycopy(datagram, 0, buffer, offset, datagram.length);
        return datagram.length;
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

    private byte[] poll(int millis) throws InterruptedIOException {
        try {
            return queue.poll(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("handshake interrupted");
        }
    }
}
