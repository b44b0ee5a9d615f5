package io.spillway.dataplane.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * TCP connections from the first site's host to the second's, all at once, each with random bytes
 * in both directions, written in pieces of random length.
 */
final class StreamTransfer implements AutoCloseable {
    private static final int CONTENT_LENGTH = 4 << 20;
    private static final int PIECE_LENGTH_MAX = 1 << 16;
    private static final int BACKLOG = 64;
    private static final int PATIENCE_SECONDS = 30;

    private final TransferNetwork network;
    private final SplittableRandom random;
    private final byte[] content = new byte[CONTENT_LENGTH];
    private final ServerSocketChannel listener;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    StreamTransfer(TransferNetwork network, long seed) throws Exception {
        this.network = network;
        random = new SplittableRandom(seed);
        random.nextBytes(content);
        listener = network.second.host.call(StreamTransfer::listen);
    }

    /** Both families. */
    private static ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress("::", 0), BACKLOG);
    }

    /** What happens while the streams flow. */
    interface Meanwhile {
        void run() throws Exception;
    }

    /** One connection per length, IPv4 and IPv6 in turn. */
    void run(int... lengths) throws Exception {
        run(() -> network.calm(false), lengths);
    }

    void run(Meanwhile meanwhile, int... lengths) throws Exception {
        List<SocketChannel> sockets = new ArrayList<>();
        try {
            List<Future<byte[]>> sums = new ArrayList<>();
            for (int i = 0; i < lengths.length; i++) {
                SocketChannel client = connect(i % 2 == 1);
                sockets.add(client);
                SocketChannel server = listener.accept();
                sockets.add(server);
                exchange(client, server, lengths[i], sums);
            }
            meanwhile.run();
            for (int i = 0; i < sums.size(); i += 2) {
                byte[] sent = sums.get(i).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                byte[] received = sums.get(i + 1).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertArrayEquals(sent, received, "stream " + i / 2);
            }
        } finally {
            for (SocketChannel socket : sockets) {
                socket.close();
            }
        }
    }

    private SocketChannel connect(boolean isIpv6) throws Exception {
        int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        InetAddress address = InetAddress.ofLiteral(network.second.address(isIpv6));
        SocketChannel socket = network.first.host.call(() -> SocketChannel.open());
        return within(() -> connected(socket, new InetSocketAddress(address, port)));
    }

    private static SocketChannel connected(SocketChannel socket, InetSocketAddress remote)
            throws IOException {
        try {
            socket.connect(remote);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private <T> T within(Callable<T> task) throws Exception {
        return executor.submit(task).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Adds what was sent and what was received, of either direction. */
    private void exchange(
            SocketChannel client, SocketChannel server, int length, List<Future<byte[]>> sums) {
        long seed = random.nextLong();
        int there = random.nextInt(CONTENT_LENGTH - length);
        int back = random.nextInt(CONTENT_LENGTH - length);
        sums.add(executor.submit(() -> send(client, there, length, seed)));
        sums.add(executor.submit(() -> receive(server)));
        sums.add(executor.submit(() -> send(server, back, length, seed + 1)));
        sums.add(executor.submit(() -> receive(client)));
    }

    private byte[] send(SocketChannel socket, int from, int length, long seed) throws Exception {
        SplittableRandom pieces = new SplittableRandom(seed);
        ByteBuffer left = ByteBuffer.wrap(content, from, length);
        int end = left.limit();
        while (left.position() < end) {
            int piece = pieces.nextInt(1, PIECE_LENGTH_MAX);
            left.limit(Math.min(end, left.position() + piece));
            while (left.hasRemaining()) {
                socket.write(left);
            }
        }
        socket.shutdownOutput();
        return sum(ByteBuffer.wrap(content, from, length));
    }

    private static byte[] receive(SocketChannel socket) throws Exception {
        MessageDigest digest = digest();
        ByteBuffer piece = ByteBuffer.allocate(PIECE_LENGTH_MAX);
        while (socket.read(piece.clear()) >= 0) {
            digest.update(piece.flip());
        }
        return digest.digest();
    }

    private static byte[] sum(ByteBuffer bytes) throws GeneralSecurityException {
        MessageDigest digest = digest();
        digest.update(bytes);
        return digest.digest();
    }

    private static MessageDigest digest() throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256");
    }

    @Override
    public void close() throws IOException {
        listener.close();
        executor.shutdownNow();
    }
}
