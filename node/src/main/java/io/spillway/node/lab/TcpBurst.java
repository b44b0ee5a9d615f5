package io.spillway.node.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * As much TCP as the path carries for a while, from one host to another; measured at the receiver.
 */
final class TcpBurst {
    private static final int PORT = 7200;
    private static final int CONNECT_MS = 3000;
    private static final long END_MS = 10_000;
    private static final int WRITE_LENGTH = 256 * 1024;
    private final LabNetwork network;
    private final LabSite from;
    private final LabSite to;
    private final Marker marker;
    private final long durationMs;
    private final CountDownLatch isListening = new CountDownLatch(1);
    private final CountDownLatch isDone = new CountDownLatch(1);
    private volatile ServerSocketChannel server;
    private volatile SocketChannel accepted;
    private volatile SocketChannel dialled;
    private volatile double gigabitsPerSecond = Double.NaN;

    TcpBurst(LabNetwork network, LabSite from, LabSite to, Marker marker, long durationMs) {
        this.network = network;
        this.from = from;
        this.to = to;
        this.marker = marker;
        this.durationMs = durationMs;
    }

    /** Runs it. NaN if the path carried nothing to the end. */
    double run() throws InterruptedException {
        try (HostThreads threads = new HostThreads()) {
            threads.start(
                    network.namespacePath(to.hostNamespace()), job("burst-to", this::receive));
            threads.start(
                    network.namespacePath(from.hostNamespace()), job("burst-from", this::send));
            isDone.await(durationMs + END_MS, TimeUnit.MILLISECONDS);
        }
        return gigabitsPerSecond;
    }

    private void receive() throws IOException {
        try (ServerSocketChannel listening =
                ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            server = listening.bind(new InetSocketAddress(to.hostAddress(), PORT));
            isListening.countDown();
            try (SocketChannel channel = listening.accept()) {
                accepted = channel;
                measure(channel);
            }
        } finally {
            isDone.countDown();
        }
    }

    private void measure(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        long bytes = 0;
        long startNs = System.nanoTime();
        for (int length = 0; length >= 0; length = channel.read(buffer.clear())) {
            bytes += length;
        }
        if (bytes > 0) gigabitsPerSecond = bytes * 8.0 / (System.nanoTime() - startNs);
    }

    private void send() throws IOException {
        awaitListener();
        ByteBuffer buffer = ByteBuffer.allocateDirect(WRITE_LENGTH);
        while (buffer.hasRemaining()) {
            marker.write(buffer);
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET)) {
            dialled = channel;
            channel.socket().connect(new InetSocketAddress(to.hostAddress(), PORT), CONNECT_MS);
            long endNs = System.nanoTime() + durationMs * 1_000_000;
            while (System.nanoTime() - endNs < 0) {
                buffer.clear();
                channel.write(buffer);
            }
        } catch (IOException e) {
            isDone.countDown();
            throw e;
        }
    }

    private void awaitListener() throws IOException {
        try {
            isListening.await(CONNECT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private HostJob job(String name, HostWork work) {
        return new HostJob() {
            @Override
            public String jobName() {
                return name;
            }

            @Override
            public void run() throws IOException {
                work.run();
            }

            @Override
            public void stop() {
                closeAll();
            }
        };
    }

    /** Ends a thread that blocks in a dead path. */
    private void closeAll() {
        for (AutoCloseable channel : new AutoCloseable[] {dialled, accepted, server}) {
            try {
                if (channel != null) channel.close();
            } catch (Exception e) {
                System.err.println("spillway lab: burst: " + e.getMessage());
            }
        }
    }

    private interface HostWork {
        void run() throws IOException;
    }
}
