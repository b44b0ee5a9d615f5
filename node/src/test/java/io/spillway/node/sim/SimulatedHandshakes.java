package io.spillway.node.sim;

import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.handshake.Handshake;
import io.spillway.crypto.handshake.HandshakeFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Handshakes of one simulated node; they move when it is polled, never by themselves. */
final class SimulatedHandshakes implements HandshakeFactory {
    private static final int COOKIE = 0x5EED;

    private final SimClock clock;
    private final PeerIdentity own;
    private final SplittableRandom random;
    private final List<SimulatedHandshake> running = new ArrayList<>();

    SimulatedHandshakes(SimClock clock, PeerIdentity own, long seed) {
        this.clock = clock;
        this.own = own;
        random = new SplittableRandom(seed);
    }

    @Override
    public Handshake connect(
            InetSocketAddress remote, byte[] localConnectionId, Handshake.Listener listener) {
        byte[] clientRandom = new byte[HandshakeMessage.RANDOM_LENGTH];
        random.nextBytes(clientRandom);
        return add(
                SimulatedHandshake.client(
                        clock, own, localConnectionId.clone(), clientRandom, listener));
    }

    @Override
    public Handshake accept(
            byte[] clientHello,
            InetSocketAddress remote,
            byte[] localConnectionId,
            Handshake.Listener listener) {
        HandshakeMessage hello = HandshakeMessage.decode(clientHello);
        if (hello == null || hello.type() != HandshakeMessage.CLIENT_HELLO) {
            return null;
        }
        int cookie = COOKIE ^ remote.hashCode() | 1;
        if (hello.cookie() != cookie) {
            listener.send(
                    HandshakeMessage.of(HandshakeMessage.VERIFY, hello.random(), null, null, cookie)
                            .encode(null));
            return null;
        }
        byte[] serverRandom = new byte[HandshakeMessage.RANDOM_LENGTH];
        random.nextBytes(serverRandom);
        return add(
                SimulatedHandshake.server(
                        clock, own, localConnectionId.clone(), hello, serverRandom, listener));
    }

    /** Repeats flights that were not answered, hands results over. */
    void poll() {
        List.copyOf(running).forEach(SimulatedHandshake::poll);
        running.removeIf(SimulatedHandshake::isEnded);
    }

    private Handshake add(SimulatedHandshake handshake) {
        running.add(handshake);
        return handshake;
    }
}
