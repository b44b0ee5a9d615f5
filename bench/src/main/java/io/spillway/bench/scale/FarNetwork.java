package io.spillway.bench.scale;

import io.spillway.tap.ThreadPriority;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * The sockets of all sites that are not under test, and the one thread that turns them: a plain
 * loop, so that little of the machine is theirs.
 */
final class FarNetwork implements Executor, AutoCloseable {
    private static final int DATAGRAM_LENGTH_MAX = 1 << 16;
    private static final int BUFFER_LENGTH = 1 << 20;
    private static final int BURST_MAX = 64;
    private static final long TURN_MS = 5;

    /** As a node prefers its own threads: far sites that wait for a processor answer nobody. */
    private static final int NICENESS = -5;

    private static final long SLICE_NS = 500_000;
    private static final int SESSION_NICENESS = -15;

    private final Selector selector = Selector.open();
    private final ConcurrentLinkedQueue<Runnable> mail = new ConcurrentLinkedQueue<>();
    private final List<FarSocket> sockets = new ArrayList<>();
    private final ByteBuffer received = ByteBuffer.allocateDirect(DATAGRAM_LENGTH_MAX);
    private final ByteBuffer record = ByteBuffer.allocateDirect(DATAGRAM_LENGTH_MAX);
    private final Thread thread;
    private volatile boolean isClosed;

    FarNetwork() throws IOException {
        ThreadPriority.niceAll(NICENESS, SLICE_NS);
        ThreadPriority.niceSession(SESSION_NICENESS);
        thread = Thread.ofPlatform().name("far").daemon().start(this::run);
    }

    /** Before traffic; any thread. */
    FarSocket open(InetSocketAddress local) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, BUFFER_LENGTH);
        channel.bind(local);
        channel.configureBlocking(false);
        FarSocket socket = new FarSocket(channel);
        execute(
                () -> {
                    sockets.add(socket);
                    register(channel, socket);
                });
        return socket;
    }

    private void register(DatagramChannel channel, FarSocket socket) {
        try {
            channel.register(selector, SelectionKey.OP_READ, socket);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For what is sent next. On the network's thread. */
    ByteBuffer record() {
        return record.clear();
    }

    /** On the network's thread. */
    @Override
    public void execute(Runnable task) {
        mail.add(task);
        selector.wakeup();
    }

    private void run() {
        try {
            long turnNs = System.nanoTime();
            while (!isClosed) {
                selector.select(key -> read((FarSocket) key.attachment()), TURN_MS);
                for (Runnable task = mail.poll(); task != null; task = mail.poll()) {
                    task.run();
                }
                long nowNs = System.nanoTime();
                if (nowNs - turnNs >= TURN_MS * 1_000_000) {
                    turnNs = nowNs;
                    sockets.forEach(socket -> socket.poll(nowNs));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("far sites", e);
        }
    }

    private void read(FarSocket socket) {
        try {
            for (int i = 0; i < BURST_MAX; i++) {
                received.clear();
                InetSocketAddress from = (InetSocketAddress) socket.channel().receive(received);
                if (from == null) {
                    return;
                }
                socket.onDatagram(from, received.flip(), System.nanoTime());
            }
        } catch (IOException e) {
            // An ICMP error about what was sent before, while nobody was there.
        }
    }

    @Override
    public void close() throws IOException {
        isClosed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (FarSocket socket : sockets) {
            socket.channel().close();
        }
        selector.close();
    }
}
