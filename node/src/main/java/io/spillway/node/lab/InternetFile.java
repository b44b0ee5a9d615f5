package io.spillway.node.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/** What {@link InternetServer}'s machine gives to everybody who connects, one after the other. */
final class InternetFile implements HostJob {
    static final int PORT = 80;
    static final int LENGTH = 8 << 20;

    private static final int CHUNK_LENGTH = 1 << 16;
    private static final long IDLE_NS = 1_000_000;

    private final TcpPattern pattern;
    private volatile boolean isRunning = true;

    InternetFile(Marker marker) {
        pattern = new TcpPattern(marker);
    }

    @Override
    public String jobName() {
        return "internet-file";
    }

    @Override
    public void stop() {
        isRunning = false;
    }

    @Override
    public void run() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InternetServer.ADDRESS, PORT));
            server.configureBlocking(false);
            while (isRunning) {
                try (SocketChannel client = server.accept()) {
                    if (client == null) {
                        LockSupport.parkNanos(IDLE_NS);
                    } else {
                        give(client);
                    }
                } catch (IOException e) {
                    // Who asked went away: it says itself what it got.
                }
            }
        }
    }

    private void give(SocketChannel client) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_LENGTH);
        for (int at = 0; at < LENGTH; at += CHUNK_LENGTH) {
            pattern.fill(chunk.clear(), at);
            chunk.flip();
            while (chunk.hasRemaining()) {
                client.write(chunk);
            }
        }
    }
}
