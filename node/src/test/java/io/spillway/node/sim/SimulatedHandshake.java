package io.spillway.node.sim;

import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.SessionKeys;
import io.spillway.crypto.handshake.Handshake;
import io.spillway.crypto.handshake.HandshakeResult;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The flights of a DTLS 1.2 handshake as datagrams over the simulated network, repeated by virtual
 * time; keys come from both randoms. No cryptography: there is nobody to deceive.
 *
 * <pre>
 *   client                       server
 *     | ClientHello                |
 *     |             VerifyRequest  | stateless
 *     | ClientHello(cookie)        |
 *     |               ServerHello  |
 *     | Finished                   |
 *     |                  Finished  | complete: the server sent the last flight
 *   complete
 * </pre>
 */
final class SimulatedHandshake implements Handshake {
    private static final long REPEAT_FIRST_NS = 1_000_000_000L; // RFC 6347 §4.2.4.1
    private static final long REPEAT_MAX_NS = 60_000_000_000L;
    private static final long TIMEOUT_NS = 20_000_000_000L;
    private static final long WINDOW_NS = 240_000_000_000L;
    private static final int QUEUE_MAX = 64;

    private final SimClock clock;
    private final PeerIdentity own;
    private final boolean isClient;
    private final byte[] connectionId;
    private final Listener listener;
    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private byte[] clientRandom;
    private byte[] serverRandom;
    private PeerIdentity peer;
    private byte[] peerConnectionId;
    private byte[] flight;
    private int expected;
    private long repeatNs;
    private long repeatAtNs;
    private long endNs;
    private boolean isComplete;
    private boolean isEnded;

    private SimulatedHandshake(
            SimClock clock,
            PeerIdentity own,
            boolean isClient,
            byte[] connectionId,
            Listener listener) {
        this.clock = clock;
        this.own = own;
        this.isClient = isClient;
        this.connectionId = connectionId;
        this.listener = listener;
        endNs = clock.nanoTime() + TIMEOUT_NS;
    }

    static SimulatedHandshake client(
            SimClock clock,
            PeerIdentity own,
            byte[] connectionId,
            byte[] clientRandom,
            Listener listener) {
        var client = new SimulatedHandshake(clock, own, true, connectionId, listener);
        client.clientRandom = clientRandom;
        client.hello(0);
        return client;
    }

    static SimulatedHandshake server(
            SimClock clock,
            PeerIdentity own,
            byte[] connectionId,
            HandshakeMessage hello,
            byte[] serverRandom,
            Listener listener) {
        var server = new SimulatedHandshake(clock, own, false, connectionId, listener);
        server.clientRandom = hello.random();
        server.serverRandom = serverRandom;
        server.takePeer(hello);
        server.next(
                HandshakeMessage.of(
                                HandshakeMessage.SERVER_HELLO, serverRandom, own, connectionId, 0)
                        .encode(null),
                HandshakeMessage.CLIENT_FINISHED);
        return server;
    }

    @Override
    public void onDatagram(byte[] datagram) {
        if (queue.size() == QUEUE_MAX) {
            queue.poll();
        }
        queue.add(datagram);
    }

    @Override
    public void close() {
        isEnded = true;
    }

    boolean isEnded() {
        return isEnded;
    }

    void poll() {
        while (!isEnded && !queue.isEmpty()) {
            HandshakeMessage message = HandshakeMessage.decode(queue.poll());
            if (message != null) {
                take(message);
            }
        }
        if (isEnded) {
            return;
        }
        long nowNs = clock.nanoTime();
        if (nowNs - endNs >= 0) {
            isEnded = true;
            if (!isComplete) {
                listener.onFailed("TIMEOUT: no answer");
            }
        } else if (!isComplete && nowNs - repeatAtNs >= 0) {
            repeatNs = Math.min(REPEAT_MAX_NS, 2 * repeatNs);
            send(flight);
        }
    }

    private void take(HandshakeMessage message) {
        boolean isRepeated = !isClient && isComplete && isFinished(message);
        if (isRepeated) {
            send(flight);
        } else if (isClient) {
            takeAsClient(message);
        } else if (!isComplete && isFinished(message)) {
            flight = finished(HandshakeMessage.SERVER_FINISHED, serverRandom);
            send(flight);
            complete();
        } else if (!isComplete && message.type() == HandshakeMessage.CLIENT_HELLO) {
            send(flight);
        }
    }

    private void takeAsClient(HandshakeMessage message) {
        if (isComplete) {
            return;
        }
        boolean isExpected = message.type() == expected;
        if (message.type() == HandshakeMessage.VERIFY
                && isExpected
                && Arrays.equals(message.random(), clientRandom)) {
            hello(message.cookie());
        } else if (message.type() == HandshakeMessage.SERVER_HELLO && isExpected) {
            serverRandom = message.random();
            takePeer(message);
            next(
                    finished(HandshakeMessage.CLIENT_FINISHED, clientRandom),
                    HandshakeMessage.SERVER_FINISHED);
        } else if (message.type() == HandshakeMessage.SERVER_FINISHED
                && isExpected
                && Arrays.equals(message.random(), serverRandom)) {
            complete();
        }
    }

    private boolean isFinished(HandshakeMessage message) {
        return message.type() == HandshakeMessage.CLIENT_FINISHED
                && Arrays.equals(message.random(), clientRandom);
    }

    private void hello(int cookie) {
        next(
                HandshakeMessage.of(
                                HandshakeMessage.CLIENT_HELLO,
                                clientRandom,
                                own,
                                connectionId,
                                cookie)
                        .encode(null),
                cookie == 0 ? HandshakeMessage.VERIFY : HandshakeMessage.SERVER_HELLO);
    }

    private byte[] finished(int type, byte[] random) {
        return HandshakeMessage.of(type, random, own, connectionId, 0).encode(peerConnectionId);
    }

    private void takePeer(HandshakeMessage message) {
        peer = message.sender();
        peerConnectionId = message.connectionId();
    }

    private void next(byte[] newFlight, int answer) {
        flight = newFlight;
        expected = answer;
        repeatNs = REPEAT_FIRST_NS;
        send(flight);
    }

    private void send(byte[] datagram) {
        repeatAtNs = clock.nanoTime() + repeatNs;
        listener.send(datagram.clone());
    }

    private void complete() {
        isComplete = true;
        endNs = clock.nanoTime() + WINDOW_NS;
        isEnded = isClient;
        if (!own.account().equals(peer.account())) {
            isEnded = true;
            listener.onFailed("WRONG_ACCOUNT: " + peer.account());
            return;
        }
        byte[] toServer = derive((byte) 1);
        byte[] toClient = derive((byte) 2);
        SessionKeys keys = isClient ? keys(toServer, toClient) : keys(toClient, toServer);
        listener.onComplete(
                new HandshakeResult(keys, connectionId, peerConnectionId, !isClient, peer));
    }

    private static SessionKeys keys(byte[] seal, byte[] open) {
        return new SessionKeys(
                RecordSuite.AES_128_GCM,
                Arrays.copyOf(seal, 16),
                Arrays.copyOfRange(seal, 16, 20),
                Arrays.copyOf(open, 16),
                Arrays.copyOfRange(open, 16, 20));
    }

    private byte[] derive(byte direction) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(clientRandom);
            digest.update(serverRandom);
            return digest.digest(new byte[] {direction});
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
