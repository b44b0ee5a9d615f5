package io.spillway.node.tunnel;

import io.spillway.crypto.handshake.Handshake;
import io.spillway.crypto.handshake.HandshakeFactory;
import io.spillway.crypto.handshake.HandshakeResult;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Runs the handshakes of all tunnels: gives each its datagrams, by connection ID or by the sender's
 * endpoint, and brings their results to the control thread.
 *
 * <p>Owned by control. Handshakes run on threads of their own and come back by mail.
 */
final class HandshakeDriver {
    /** What becomes of handshakes. Called on the control thread. */
    interface Outcome {
        /** The listener owns the result's keys. */
        void onComplete(Attempt attempt, HandshakeResult result);

        void onFailed(Attempt attempt, String reason);

        /** Whether our handshake ends when the peer begins one on the same path (D08). */
        boolean givesWay(Attempt own);
    }

    /** How a datagram reaches the network. Any thread. */
    interface DatagramSender {
        boolean send(int link, InetSocketAddress remote, byte[] datagram);
    }

    /** Which WAN thread a path's sessions belong to. */
    interface WanThreads {
        int of(int link, InetSocketAddress remote);
    }

    /**
     * What handshakes need of the node.
     *
     * @param control runs tasks on the control thread
     */
    record Surroundings(
            ConnectionIds connectionIds,
            WanThreads wanThreads,
            DatagramSender sender,
            Executor control) {}

    /** One handshake, from its first datagram until its retransmission window is over. */
    static final class Attempt {
        final int link;
        final InetSocketAddress remote;
        final boolean isClient;
        final int connectionId;

        /** The tunnel that is to have its session; null where the peer began. */
        ManagedTunnel tunnel;

        /** The peer took part in it. */
        boolean isAnswered;

        /** The same, since this was last set to false. */
        boolean hasAdvanced;

        private final List<byte[]> held = new ArrayList<>();
        private Handshake handshake;
        private byte[] clientRandom;
        private boolean isLastFlight; // on the handshake's thread
        private boolean isEnded;
        private boolean isComplete;
        private boolean isReplaced;

        Attempt(int link, InetSocketAddress remote, boolean isClient, int connectionId) {
            this.link = link;
            this.remote = remote;
            this.isClient = isClient;
            this.connectionId = connectionId;
        }
    }

    private static final byte CHANGE_CIPHER_SPEC = 20; // content type (RFC 5246 §6.2.1)

    private final HandshakeFactory factory;
    private final ConnectionIds connectionIds;
    private final WanThreads wanThreads;
    private final DatagramSender sender;
    private final Executor control;
    private final Outcome outcome;
    private final Map<Path, Attempt> byPath = new HashMap<>();
    private final Map<Integer, Attempt> byConnectionId = new HashMap<>();

    HandshakeDriver(HandshakeFactory factory, Surroundings around, Outcome outcome) {
        this.factory = factory;
        this.outcome = outcome;
        connectionIds = around.connectionIds();
        wanThreads = around.wanThreads();
        sender = around.sender();
        control = around.control();
    }

    /** Begins as client; an older attempt on that path ends. Null when no connection ID is free. */
    Attempt connect(int link, InetSocketAddress remote) {
        int connectionId = connectionIds.allocate(wanThreads.of(link, remote));
        if (connectionId == ConnectionIds.NONE) {
            return null;
        }
        Attempt attempt = new Attempt(link, remote, true, connectionId);
        register(attempt);
        attempt.handshake =
                factory.connect(remote, ConnectionIds.bytes(connectionId), listener(attempt));
        return attempt;
    }

    /** A datagram that belongs to a handshake, or begins one. */
    void onDatagram(int link, InetSocketAddress remote, int connectionId, byte[] datagram) {
        Attempt attempt = find(link, remote, connectionId);
        if (ClientHellos.isClientHello(datagram) && !isOfAttempt(attempt, datagram)) {
            accept(link, remote, datagram);
        } else if (attempt != null) {
            attempt.isAnswered = true;
            attempt.hasAdvanced = true;
            attempt.handshake.onDatagram(datagram);
        }
    }

    /** The handshake is of no more use: its session was opened by the peer, or given up. */
    void end(Attempt attempt) {
        if (!attempt.isEnded) {
            attempt.isEnded = true;
            byPath.remove(new Path(attempt.link, attempt.remote), attempt);
            byConnectionId.remove(attempt.connectionId, attempt);
            attempt.handshake.close();
        }
    }

    /** The connection ID of the path's latest attempt, or {@link ConnectionIds#NONE}. */
    int connectionIdAt(int link, InetSocketAddress remote) {
        Attempt attempt = byPath.get(new Path(link, remote));
        return attempt == null ? ConnectionIds.NONE : attempt.connectionId;
    }

    private Attempt find(int link, InetSocketAddress remote, int connectionId) {
        Attempt attempt = connectionId == 0 ? null : byConnectionId.get(connectionId);
        return attempt == null ? byPath.get(new Path(link, remote)) : attempt;
    }

    /** A repeated ClientHello carries the same random; another one is a peer that began anew. */
    private static boolean isOfAttempt(Attempt attempt, byte[] clientHello) {
        return attempt != null
                && attempt.clientRandom != null
                && Arrays.equals(attempt.clientRandom, ClientHellos.random(clientHello));
    }

    private void accept(int link, InetSocketAddress remote, byte[] clientHello) {
        Attempt own = byPath.get(new Path(link, remote));
        if (own != null && own.isClient && !own.isComplete && !outcome.givesWay(own)) {
            return;
        }
        int connectionId = connectionIds.allocate(wanThreads.of(link, remote));
        if (connectionId == ConnectionIds.NONE) {
            return;
        }
        Attempt attempt = new Attempt(link, remote, false, connectionId);
        attempt.handshake =
                factory.accept(
                        clientHello, remote, ConnectionIds.bytes(connectionId), listener(attempt));
        if (attempt.handshake == null) {
            connectionIds.release(connectionId);
            return;
        }
        attempt.clientRandom = ClientHellos.random(clientHello);
        register(attempt);
    }

    private void register(Attempt attempt) {
        Attempt older = byPath.get(new Path(attempt.link, attempt.remote));
        if (older != null) {
            replace(older);
        }
        byPath.put(new Path(attempt.link, attempt.remote), attempt);
        byConnectionId.put(attempt.connectionId, attempt);
    }

    /** Nobody else knows of a server's attempt before it is complete, so its ID goes here. */
    private void replace(Attempt older) {
        end(older);
        if (!older.isClient && !older.isComplete) {
            older.isReplaced = true;
            connectionIds.release(older.connectionId);
        }
    }

    private void complete(Attempt attempt, HandshakeResult result) {
        if (attempt.isReplaced) {
            result.keys().close();
            return;
        }
        attempt.isComplete = true;
        outcome.onComplete(attempt, result);
        attempt.held.forEach(datagram -> sender.send(attempt.link, attempt.remote, datagram));
        attempt.held.clear();
    }

    /**
     * A server's last flight goes out after its session was installed: the client seals by it as
     * soon as it has that flight, and what came before would be of an unknown session.
     */
    private void sendLast(Attempt attempt, byte[] datagram) {
        if (attempt.isComplete) {
            sender.send(attempt.link, attempt.remote, datagram);
        } else {
            attempt.held.add(datagram);
        }
    }

    private void fail(Attempt attempt, String reason) {
        if (!attempt.isReplaced) {
            outcome.onFailed(attempt, reason);
        }
    }

    private Handshake.Listener listener(Attempt attempt) {
        return new Handshake.Listener() {
            @Override
            public void send(byte[] datagram) {
                attempt.isLastFlight |= !attempt.isClient && datagram[0] == CHANGE_CIPHER_SPEC;
                if (attempt.isLastFlight) {
                    control.execute(() -> sendLast(attempt, datagram));
                } else {
                    sender.send(attempt.link, attempt.remote, datagram);
                }
            }

            @Override
            public void onComplete(HandshakeResult result) {
                control.execute(() -> complete(attempt, result));
            }

            @Override
            public void onFailed(String reason) {
                control.execute(() -> fail(attempt, reason));
            }
        };
    }
}
