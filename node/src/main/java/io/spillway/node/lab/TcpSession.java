package io.spillway.node.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * One long TCP session between two hosts: both ends send blocks all the time and check every byte
 * that comes.
 *
 * <p>The ends run as {@link #listener()} and {@link #dialler()} in their hosts' namespaces.
 */
final class TcpSession {
    private static final int PORT = 7100;
    private static final int CONNECT_MS = 10_000;
    private final LabSite listening;
    private final int port;
    private final TcpEnd first;
    private final TcpEnd second;

    TcpSession(LabSite listening, LabSite dialling, Marker marker) {
        this(listening, dialling, PORT, marker);
    }

    TcpSession(LabSite listening, LabSite dialling, int port, Marker marker) {
        this.listening = listening;
        this.port = port;
        first = new TcpEnd("tcp-" + listening.name(), marker, this::accept);
        second = new TcpEnd("tcp-" + dialling.name(), marker, this::connect);
    }

    HostJob listener() {
        return first;
    }

    HostJob dialler() {
        return second;
    }

    /** Whether it is still established and no byte was wrong. */
    boolean survived() {
        return first.isWell() && second.isWell();
    }

    /** The longest time either end got nothing. */
    long longestGapMs() {
        return Math.max(first.longestGapNs(), second.longestGapNs()) / 1_000_000;
    }

    long bytesChecked() {
        return first.received() + second.received();
    }

    /** Why it did not survive; empty if it did. */
    String failure() {
        return first.failure().isEmpty() ? second.failure() : first.failure();
    }

    private SocketChannel accept() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            server.bind(new InetSocketAddress(listening.hostAddress(), port));
            server.socket().setSoTimeout(CONNECT_MS);
            return server.socket().accept().getChannel();
        }
    }

    /** The listener is a thread that starts at the same time: refused means not yet. */
    private SocketChannel connect() throws IOException {
        long deadlineNs = System.nanoTime() + CONNECT_MS * 1_000_000L;
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET);
            try {
                InetSocketAddress remote = new InetSocketAddress(listening.hostAddress(), port);
                channel.socket().connect(remote, CONNECT_MS);
                return channel;
            } catch (IOException e) {
                channel.close();
                if (System.nanoTime() - deadlineNs >= 0) throw e;
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
