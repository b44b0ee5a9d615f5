package io.spillway.bench.bgp;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A router at the far end of a session with the speaker under test: it calls, says what it is told
 * to, and notes what it hears. It chooses no routes, so that next to nothing of the time is its
 * own.
 */
final class BgpPeer implements AutoCloseable {
    private static final int PORT = 179;
    private static final long UP_S = 60;
    private static final long KEEP_ALIVE_MS = 30_000;
    private static final int BUFFER_LENGTH = 1 << 20;

    private final SocketChannel channel;
    private final PrefixSet heard = new PrefixSet();
    private final CountDownLatch up = new CountDownLatch(1);
    private final AtomicReference<String> failure = new AtomicReference<>();

    private BgpPeer(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Calls, and returns when the session stands.
     *
     * @throws IOException when it does not within a minute
     */
    static BgpPeer connect(InetAddress local, InetAddress remote, int as)
            throws IOException, InterruptedException {
        SocketChannel channel = SocketChannel.open();
        BgpPeer peer = new BgpPeer(channel);
        try {
            channel.bind(new InetSocketAddress(local, 0));
            channel.connect(new InetSocketAddress(remote, PORT));
            int routerId = ByteBuffer.wrap(local.getAddress()).getInt();
            peer.send(ByteBuffer.wrap(BgpMessages.open(as, routerId)));
            Thread.ofPlatform().daemon().name("bgp reader").start(peer::read);
            if (!peer.up.await(UP_S, TimeUnit.SECONDS)) {
                throw new IOException("no session with " + remote.getHostAddress());
            }
            peer.requireUp();
            Thread.ofPlatform().daemon().name("bgp keep-alive").start(peer::keepAlive);
            return peer;
        } catch (IOException | InterruptedException e) {
            peer.close();
            throw e;
        }
    }

    /** What the far end announces at this moment. Any thread. */
    int heardCount() {
        return heard.count();
    }

    /**
     * @throws IOException when the session has ended, saying why
     */
    void requireUp() throws IOException {
        if (failure.get() != null) {
            throw new IOException(failure.get());
        }
    }

    /** Waits until the far end has taken all of it. */
    synchronized void send(ByteBuffer messages) throws IOException {
        while (messages.hasRemaining()) {
            channel.write(messages);
        }
    }

    private void keepAlive() {
        try {
            while (channel.isOpen()) {
                Thread.sleep(KEEP_ALIVE_MS);
                send(ByteBuffer.wrap(BgpMessages.keepAlive()));
            }
        } catch (IOException e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_LENGTH);
        try {
            while (true) {
                if (channel.read(buffer) < 0) {
                    throw new EOFException("the speaker closed the session");
                }
                buffer.flip();
                takeMessages(buffer);
                buffer.compact();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void fail(IOException e) {
        failure.compareAndSet(null, e.toString());
        up.countDown();
    }

    private void takeMessages(ByteBuffer buffer) throws IOException {
        while (buffer.remaining() >= BgpMessages.HEADER_LENGTH) {
            int start = buffer.position();
            int length = Short.toUnsignedInt(buffer.getShort(start + 16));
            if (buffer.remaining() < length) {
                return;
            }
            ByteBuffer body =
                    buffer.slice(
                            start + BgpMessages.HEADER_LENGTH, length - BgpMessages.HEADER_LENGTH);
            take(buffer.get(start + 18), body);
            buffer.position(start + length);
        }
    }

    private void take(int type, ByteBuffer body) throws IOException {
        switch (type) {
            case BgpMessages.OPEN -> send(ByteBuffer.wrap(BgpMessages.keepAlive()));
            case BgpMessages.KEEPALIVE -> up.countDown();
            case BgpMessages.UPDATE -> heard.apply(body);
            case BgpMessages.NOTIFICATION ->
                    throw new IOException("notification %d/%d".formatted(body.get(0), body.get(1)));
            default -> throw new IOException("message of type " + type);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
