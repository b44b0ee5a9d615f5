package io.spillway.bench.scale;

import io.spillway.control.recovery.ProbeBeat;
import io.spillway.crypto.Session;
import io.spillway.crypto.handshake.Handshake;
import io.spillway.crypto.handshake.HandshakeFactory;
import io.spillway.crypto.handshake.HandshakeResult;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.crypto.record.RecordHeader;
import io.spillway.crypto.record.RecordSealer;
import io.spillway.dataplane.forward.ContentType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The far end of one tunnel: a real handshake, real records, PROBEs answered and sent, echoes
 * answered. Owned by the {@link FarNetwork}; counters are for any thread.
 */
final class FarTunnel {
    /** What all tunnels of one run count. */
    static final class Tally {
        final AtomicLong established = new AtomicLong();
        final AtomicLong probesHeard = new AtomicLong();
        final AtomicLong repliesHeard = new AtomicLong();
        final AtomicLong echoesHeard = new AtomicLong();
    }

    /**
     * How the far end behaves.
     *
     * @param siteId of the far end; 0: it is a PoP
     * @param isCaller it opens the handshake, and again when nobody answers
     * @param watchNs between its own probes; 0: keep-alives
     */
    record Role(long siteId, int link, boolean isCaller, long watchNs) {}

    private static final RecordCiphers CIPHERS = RecordCiphers.choose(RecordCiphers.AUTO);
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int MESSAGE_TYPE_OFFSET = 13;
    private static final int RANDOM_OFFSET = 27;
    private static final int RANDOM_END = 59;
    private static final long ATTEMPT_MAX_NS = 3_000_000_000L;
    private static final long RETRY_MAX_NS = 1_000_000_000L;
    private static final long SILENT_MAX_NS = 400_000_000L;

    private final FarNetwork network;
    private final FarSocket socket;
    private final InetSocketAddress remote;
    private final HandshakeFactory factory;
    private final Role role;
    private final Tally tally;
    private final ProbeBeat beat;
    private final byte[] connectionId = new byte[Session.CONNECTION_ID_LENGTH];
    private final UnsafeBuffer plain = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
    private Handshake handshake;
    private byte[] clientRandom;
    private Session session;
    private boolean isHeard;
    private int sequence;
    private long nextProbeNs;
    private long lastHeardNs;
    private long attemptEndNs;
    private long retryNs = System.nanoTime();
    private volatile long upSinceNs;

    FarTunnel(
            FarNetwork network,
            FarSocket socket,
            InetSocketAddress remote,
            HandshakeFactory factory,
            Role role,
            Tally tally) {
        this.network = network;
        this.socket = socket;
        this.remote = remote;
        this.factory = factory;
        this.role = role;
        this.tally = tally;
        beat = new ProbeBeat(role.siteId(), FarSites.OWN_ID, true);
        ThreadLocalRandom.current().nextBytes(connectionId);
        network.execute(() -> socket.add(this));
    }

    InetSocketAddress remote() {
        return remote;
    }

    /** Since when the present session is used by the other end; 0: it is not. Any thread. */
    long upSinceNs() {
        return upSinceNs;
    }

    void onDatagram(ByteBuffer datagram, long nowNs) {
        if (datagram.remaining() < RecordHeader.LENGTH) {
            return;
        }
        UnsafeBuffer bytes = new UnsafeBuffer(datagram);
        boolean isOurs =
                RecordHeader.type(bytes, 0) == RecordHeader.TLS12_CID
                        && RecordHeader.sequence(bytes, 0) >= RecordSealer.FIRST_SEQUENCE;
        if (isOurs) {
            onRecord(bytes, datagram.remaining(), nowNs);
        } else {
            byte[] copy = new byte[datagram.remaining()];
            datagram.get(copy);
            onFlight(copy);
        }
    }

    // ---- handshake

    private void onFlight(byte[] datagram) {
        boolean isHello =
                datagram[0] == HANDSHAKE
                        && datagram.length >= RANDOM_END
                        && datagram[RecordHeader.EPOCH_OFFSET + 1] == 0
                        && datagram[MESSAGE_TYPE_OFFSET] == CLIENT_HELLO;
        byte[] random = isHello ? Arrays.copyOfRange(datagram, RANDOM_OFFSET, RANDOM_END) : null;
        if (!isHello || role.isCaller() || Arrays.equals(random, clientRandom)) {
            if (handshake != null) {
                handshake.onDatagram(datagram);
            }
            return;
        }
        Handshake accepted = factory.accept(datagram, remote, connectionId, new Outcome());
        if (accepted != null) {
            end();
            handshake = accepted;
            clientRandom = random;
        }
    }

    private void call(long nowNs) {
        end();
        attemptEndNs = nowNs + ATTEMPT_MAX_NS;
        handshake = factory.connect(remote, connectionId, new Outcome());
    }

    private void end() {
        if (handshake != null) {
            handshake.close();
            handshake = null;
        }
    }

    /** Called on the handshake's thread. */
    private final class Outcome implements Handshake.Listener {
        @Override
        public void send(byte[] datagram) {
            socket.send(remote, ByteBuffer.wrap(datagram));
        }

        @Override
        public void onComplete(HandshakeResult result) {
            network.execute(() -> establish(result));
        }

        @Override
        public void onFailed(String reason) {
            network.execute(() -> attemptEndNs = System.nanoTime());
        }
    }

    private void establish(HandshakeResult result) {
        if (session != null) {
            session.close();
        }
        session =
                Session.of(
                        result.keys(),
                        result.localConnectionId(),
                        result.remoteConnectionId(),
                        result.sentLastFlight(),
                        CIPHERS);
        isHeard = false;
        upSinceNs = 0;
        lastHeardNs = System.nanoTime();
        nextProbeNs = lastHeardNs;
    }

    // ---- records

    private void onRecord(UnsafeBuffer bytes, int length, long nowNs) {
        if (session == null) {
            return;
        }
        int opened = session.opener().open(bytes, 0, length);
        if (opened < 0) {
            return;
        }
        int offset = session.opener().plaintextOffset();
        int content = session.opener().unwrap(bytes, offset, opened);
        session.onOpened();
        lastHeardNs = nowNs;
        if (!isHeard) {
            isHeard = true;
            upSinceNs = nowNs;
            tally.established.incrementAndGet();
            end();
        }
        if (FarProbe.isProbeOrReply(bytes, offset, content)) {
            onContent(bytes, offset);
        } else if (FarEcho.isRequest(bytes, offset, content)) {
            tally.echoesHeard.incrementAndGet();
            FarEcho.answer(bytes, offset);
            seal(bytes, offset, content);
        }
    }

    private void onContent(UnsafeBuffer bytes, int offset) {
        switch (bytes.getByte(offset)) {
            case ContentType.PROBE -> {
                tally.probesHeard.incrementAndGet();
                bytes.getBytes(offset, plain, 0, FarProbe.LENGTH);
                FarProbe.answer(plain, 0, role.siteId(), role.link());
                seal(plain, 0, FarProbe.LENGTH);
            }
            case ContentType.PROBE_REPLY -> tally.repliesHeard.incrementAndGet();
            default -> {}
        }
    }

    private void seal(UnsafeBuffer content, int offset, int length) {
        ByteBuffer record = network.record();
        UnsafeBuffer bytes = new UnsafeBuffer(record);
        int recordLength = session.sealer().seal(content, offset, length, bytes, 0);
        socket.send(remote, record.limit(recordLength));
    }

    // ---- time

    void poll(long nowNs) {
        if (session != null && session.maySeal() && nowNs - nextProbeNs >= 0) {
            FarProbe.write(plain, 0, role.siteId(), role.link(), sequence++, nowNs);
            seal(plain, 0, FarProbe.LENGTH);
            nextProbeNs =
                    role.watchNs() > 0
                            ? beat.watchedAfterNs(nowNs, role.watchNs())
                            : beat.keepAliveAfterNs(nowNs);
        }
        if (role.isCaller()) {
            pollCall(nowNs);
        }
    }

    /** As a site does with its PoP: calls until somebody answers, and again when nobody does. */
    private void pollCall(long nowNs) {
        boolean isAlive = session != null && nowNs - lastHeardNs < SILENT_MAX_NS;
        if (!isAlive && upSinceNs != 0) {
            upSinceNs = 0;
            isHeard = false;
        }
        if (isAlive) {
            return;
        }
        if (handshake != null && nowNs - attemptEndNs >= 0) {
            end();
            retryNs = nowNs + ThreadLocalRandom.current().nextLong(RETRY_MAX_NS);
        } else if (handshake == null && nowNs - retryNs >= 0) {
            call(nowNs);
        }
    }
}
