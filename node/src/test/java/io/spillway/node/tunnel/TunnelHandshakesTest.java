package io.spillway.node.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.control.mtu.PathMtu;
import io.spillway.control.recovery.Liveness;
import io.spillway.control.recovery.ProbeBeat;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.handshake.Handshake;
import io.spillway.crypto.handshake.HandshakeFactory;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.Threading;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.forward.Tunnel;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TunnelHandshakesTest {
    private static final InetSocketAddress REMOTE = new InetSocketAddress("192.0.2.1", 20060);
    private static final long SILENT_MAX_NS = 3_000_000_000L;
    private static final byte[] FLIGHT = {22};

    private final PacketPool pool = new PacketPool(1);
    private final CountingFactory factory = new CountingFactory();
    private final ConnectionIds connectionIds = new ConnectionIds(Threading.SHARED, new Random(1));
    private final TunnelHandshakes handshakes =
            new TunnelHandshakes(
                    factory,
                    new HandshakeDriver.Surroundings(
                            connectionIds, (_, _) -> 0, (_, _, _) -> true, Runnable::run),
                    new TunnelSessions(null, connectionIds, RekeyLimits.DEFAULT),
                    RecordCiphers.choose(RecordCiphers.AUTO),
                    new Nobody(),
                    new Random(1),
                    _ -> {},
                    0);
    private final ManagedTunnel tunnel =
            new ManagedTunnel(
                    new Tunnel(0, 0, 0, 1, REMOTE, 1500, pool, 4),
                    new Liveness(new ProbeBeat(1, 2, true), 0),
                    new PathMtu(1200, 1500, 1, 0),
                    true,
                    0);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void shouldBeginAnewWhatNobodyAnswers() {
        begin();

        turn(SILENT_MAX_NS);
        turn(2 * SILENT_MAX_NS);

        assertEquals(2, factory.begun);
    }

    /** As where both ends have thousands to do at once. */
    @Test
    void shouldGoOnWithWhatAdvances() {
        begin();

        handshakes.onDatagram(0, REMOTE, 0, FLIGHT);
        turn(SILENT_MAX_NS);
        handshakes.onDatagram(0, REMOTE, 0, FLIGHT);
        turn(2 * SILENT_MAX_NS);
        turn(3 * SILENT_MAX_NS - 1);
        assertEquals(1, factory.begun);

        turn(3 * SILENT_MAX_NS);
        turn(4 * SILENT_MAX_NS);
        assertEquals(2, factory.begun, "the peer has fallen silent");
    }

    private void begin() {
        turn(0);
        turn(0);
        assertEquals(1, factory.begun);
    }

    private void turn(long nowNs) {
        handshakes.time(nowNs);
        handshakes.poll(tunnel);
        handshakes.time(nowNs);
    }

    private static final class CountingFactory implements HandshakeFactory {
        private int begun;

        @Override
        public Handshake connect(
                InetSocketAddress remote, byte[] connectionId, Handshake.Listener listener) {
            begun++;
            return new Handshake() {
                @Override
                public void onDatagram(byte[] datagram) {}

                @Override
                public void close() {}
            };
        }

        @Override
        public Handshake accept(
                byte[] clientHello,
                InetSocketAddress remote,
                byte[] connectionId,
                Handshake.Listener listener) {
            return null;
        }
    }

    /** Whose tunnels no handshake ever completes. */
    private static final class Nobody implements TunnelKeeper.Owner {
        @Override
        public ManagedTunnel tunnelFor(int link, InetSocketAddress remote, PeerIdentity peer) {
            return null;
        }

        @Override
        public boolean isExpected(ManagedTunnel tunnel, PeerIdentity peer) {
            return false;
        }

        @Override
        public void onEstablished(ManagedTunnel tunnel) {}

        @Override
        public void onMoved(ManagedTunnel tunnel) {}

        @Override
        public void onFlags(ManagedTunnel tunnel, int flags) {}

        @Override
        public void onPathReply(long siteId, long sentNs) {}

        @Override
        public int threadOfRelay(InetSocketAddress remote) {
            return 0;
        }

        @Override
        public String describeWay(int link, InetSocketAddress remote) {
            return remote.toString();
        }

        @Override
        public void onStun(int link, InetSocketAddress remote, byte[] datagram) {}

        @Override
        public int probeFlags() {
            return 0;
        }
    }
}
