package io.spillway.node.lab;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/** One end of the long TCP session. Owner: its thread; the results may be read by any. */
final class TcpEnd implements HostJob {
    private static final long INTERVAL_NS = 5_000_000;
    private static final int READS_MAX = 64;
    private final String name;
    private final TcpPattern pattern;
    private final Opener opener;
    private final ByteBuffer output = ByteBuffer.allocateDirect(TcpPattern.BLOCK_LENGTH);
    private final ByteBuffer input = ByteBuffer.allocateDirect(1 << 16);
    private long sent;
    private volatile long received;
    private volatile long longestGapNs;
    private volatile long lastArrivalNs;
    private volatile String failure = "";
    private volatile boolean isRunning = true;

    /** Opens the connection, in the host's namespace. */
    interface Opener {
        SocketChannel open() throws IOException;
    }

    TcpEnd(String name, Marker marker, Opener opener) {
        this.name = name;
        this.pattern = new TcpPattern(marker);
        this.opener = opener;
    }

    @Override
    public String jobName() {
        return name;
    }

    @Override
    public void stop() {
        isRunning = false;
    }

    boolean isWell() {
        return failure.isEmpty() && received > 0;
    }

    long received() {
        return received;
    }

    /** The longest pause between two arrivals, the present one included. */
    long longestGapNs() {
        if (lastArrivalNs == 0 || !isRunning) return longestGapNs;
        return Math.max(longestGapNs, System.nanoTime() - lastArrivalNs);
    }

    String failure() {
        return failure.isEmpty() && received == 0 ? name + ": nothing arrived" : failure;
    }

    @Override
    public void run() throws IOException {
        try (SocketChannel channel = opener.open()) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            output.flip();
            lastArrivalNs = System.nanoTime();
            while (isRunning) {
                writeBlock(channel);
                readAll(channel);
                LockSupport.parkNanos(INTERVAL_NS);
            }
        } catch (IOException e) {
            // The other end is stopped at the same time: its close is no failure then.
            if (isRunning) {
                failure = name + ": " + e.getMessage();
                throw e;
            }
        }
    }

    private void writeBlock(SocketChannel channel) throws IOException {
        if (!output.hasRemaining()) {
            pattern.fill(output.clear(), sent);
            sent += output.flip().remaining();
        }
        channel.write(output);
    }

    private void readAll(SocketChannel channel) throws IOException {
        for (int i = 0; i < READS_MAX; i++) {
            int length = channel.read(input.clear());
            if (length < 0) throw new IOException("the other end closed");
            if (length == 0) return;
            long nowNs = System.nanoTime();
            longestGapNs = Math.max(longestGapNs, nowNs - lastArrivalNs);
            lastArrivalNs = nowNs;
            long wrong = pattern.firstDifference(input.flip(), received);
            if (wrong >= 0) throw new IOException("wrong content at byte " + wrong);
            received += length;
        }
    }
}
