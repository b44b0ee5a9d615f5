package io.spillway.crypto.handshake;

import io.spillway.crypto.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Our end on a loopback socket: handshake datagrams to the handshake, application data to the
 * session, by the first byte of the datagram.
 */
final class UdpEnd implements Handshake.Listener, AutoCloseable {
    private static final int APPLICATION_DATA = 23;
    private static final byte[] CONNECTION_ID = {1, 2, 3, 4};

    private final DtlsHandshakes factory;
    private final DatagramSocket socket;
    private final CompletableFuture<HandshakeResult> outcome = new CompletableFuture<>();
    private final BlockingQueue<byte[]> records = new LinkedBlockingQueue<>();
    private volatile InetSocketAddress remote;
    private volatile Handshake handshake;

    UdpEnd(DtlsHandshakes factory) throws IOException {
        this.factory = factory;
        this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::receive);
    }

    int port() {
        return socket.getLocalPort();
    }

    void connect(int port) {
        remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        handshake = factory.connect(remote, CONNECTION_ID, this);
    }

    HandshakeResult result() throws Exception {
        return outcome.get(20, TimeUnit.SECONDS);
    }

    String failure() throws Exception {
        try {
            return "completed with " + result().peer();
        } catch (ExecutionException e) {
            return e.getCause().getMessage();
        }
    }

    String nextText(Session session) throws InterruptedException {
        byte[] record = records.poll(15, TimeUnit.SECONDS);
        return record == null ? "nothing" : TestSessions.open(session, record);
    }

    private void receive() {
        byte[] buffer = new byte[65536];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                dispatch(
                        Arrays.copyOf(buffer, packet.getLength()),
                        (InetSocketAddress) packet.getSocketAddress());
            }
        } catch (IOException e) {
            // The socket was closed.
        }
    }

    private void dispatch(byte[] datagram, InetSocketAddress from) {
        if (datagram[0] == APPLICATION_DATA) {
            records.add(datagram);
        } else if (handshake != null) {
            handshake.onDatagram(datagram);
        } else {
            remote = from;
            handshake = factory.accept(datagram, from, CONNECTION_ID, this);
        }
    }

    @Override
    public void send(byte[] datagram) {
        try {
            socket.send(new DatagramPacket(datagram, datagram.length, remote));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onComplete(HandshakeResult result) {
        outcome.complete(result);
    }

    @Override
    public void onFailed(String reason) {
        outcome.completeExceptionally(new IllegalStateException(reason));
    }

    @Override
    public void close() {
        if (handshake != null) {
            handshake.close();
        }
        socket.close();
    }
}
