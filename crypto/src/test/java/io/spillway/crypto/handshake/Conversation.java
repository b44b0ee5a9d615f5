package io.spillway.crypto.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A client and a server over a simulated network, which decides about every datagram. Datagrams are
 * delivered on the sender's thread.
 */
final class Conversation implements AutoCloseable {
    static final byte[] CLIENT_ID = {(byte) 0xC1, 1, 2, 3};
    static final byte[] SERVER_ID = {(byte) 0x5E, 4, 5, 6};
    static final InetSocketAddress CLIENT_ENDPOINT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 20060);
    static final InetSocketAddress SERVER_ENDPOINT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 443);

    enum Fate {
        PASS,
        DROP,
        DUPLICATE,
        /** Delivered after the next datagram of the same direction. */
        DELAY
    }

    interface Network {
        Network PERFECT = (fromClient, index, datagram) -> Fate.PASS;

        /** Of the datagram with this index in its direction; may change its bytes. */
        Fate fateOf(boolean fromClient, int index, byte[] datagram);
    }

    final Side client = new Side(true);
    final Side server = new Side(false);
    private final HandshakeFactory acceptor;
    private final Network network;
    private final byte[] serverConnectionId;

    private Conversation(HandshakeFactory acceptor, Network network, byte[] serverConnectionId) {
        this.acceptor = acceptor;
        this.network = network;
        this.serverConnectionId = serverConnectionId;
    }

    static Conversation start(
            HandshakeFactory connector, HandshakeFactory acceptor, Network network) {
        return start(connector, CLIENT_ID, acceptor, SERVER_ID, network);
    }

    static Conversation start(
            HandshakeFactory connector,
            byte[] clientConnectionId,
            HandshakeFactory acceptor,
            byte[] serverConnectionId,
            Network network) {
        Conversation conversation = new Conversation(acceptor, network, serverConnectionId);
        conversation.client.attach(
                connector.connect(SERVER_ENDPOINT, clientConnectionId, conversation.client));
        return conversation;
    }

    private void deliver(boolean fromClient, byte[] datagram) {
        (fromClient ? server : client).receive(datagram);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    /** One end: its handshake, what it sent, how it ended. */
    final class Side implements Handshake.Listener, AutoCloseable {
        final CompletableFuture<HandshakeResult> outcome = new CompletableFuture<>();
        private final boolean isClient;
        private final List<byte[]> sent = new ArrayList<>();
        private final List<byte[]> early = new ArrayList<>();
        private Handshake handshake;
        private byte[] delayed;

        Side(boolean isClient) {
            this.isClient = isClient;
        }

        synchronized void attach(Handshake started) {
            handshake = started;
            early.forEach(handshake::onDatagram);
            early.clear();
        }

        synchronized Handshake handshake() {
            return handshake;
        }

        /** Copies of the datagrams as they left, before the network touched them. */
        List<byte[]> sent() {
            synchronized (sent) {
                return List.copyOf(sent);
            }
        }

        HandshakeResult result() throws Exception {
            return outcome.get(20, TimeUnit.SECONDS);
        }

        /** Why it failed; fails the test when it did not. */
        String failure() throws InterruptedException, TimeoutException {
            try {
                outcome.get(20, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                return e.getCause().getMessage();
            }
            throw new AssertionError("handshake succeeded");
        }

        @Override
        public void send(byte[] datagram) {
            int index;
            synchronized (sent) {
                index = sent.size();
                sent.add(datagram.clone());
            }
            switch (network.fateOf(isClient, index, datagram)) {
                case PASS -> pass(datagram);
                case DROP -> {}
                case DUPLICATE -> {
                    pass(datagram.clone());
                    pass(datagram);
                }
                case DELAY -> delayed = datagram;
            }
        }

        private void pass(byte[] datagram) {
            deliver(isClient, datagram);
            byte[] late = delayed;
            delayed = null;
            if (late != null) {
                deliver(isClient, late);
            }
        }

        synchronized void receive(byte[] datagram) {
            if (handshake != null) {
                handshake.onDatagram(datagram);
            } else if (isClient) {
                early.add(datagram);
            } else {
                handshake = acceptor.accept(datagram, CLIENT_ENDPOINT, serverConnectionId, this);
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
        public synchronized void close() {
            if (handshake != null) {
                handshake.close();
            }
            if (outcome.isDone() && !outcome.isCompletedExceptionally()) {
                outcome.join().keys().close();
            }
        }
    }
}
