package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.forward.TunnelNews;
import io.spillway.tap.EndpointAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * News from one agent to control: small messages on an off-heap ring, handshake datagrams as slots,
 * which go home on a second ring. The agent offers, the control thread drains; what finds no room
 * is lost and counted, since probes repeat and handshakes resend.
 *
 * <pre>
 *   message: | tunnel (4) | flags or length (4) | sequence, connection ID or link (8) | origin site (8) | sent ns (8) | received ns (8) |
 * </pre>
 */
final class NewsRing implements TunnelNews {
    private static final int AUTHENTICATED = 1;
    private static final int PROBE = 2;
    private static final int PROBE_REPLY = 3;
    private static final int CLOSE = 4;
    private static final int MOVED = 5;
    private static final int PROOF = 6;

    private static final int TUNNEL_OFFSET = 0;
    private static final int FLAGS_OFFSET = 4;
    private static final int SEQUENCE_OFFSET = 8;
    private static final int ORIGIN_OFFSET = 16;
    private static final int SENT_OFFSET = 24;
    private static final int RECEIVED_OFFSET = 32;

    /** Of a move: in place of everything behind the tunnel. */
    private static final int ENDPOINT_OFFSET = 4;

    private static final int MESSAGE_LENGTH = 40;

    private static final int STUN_FIRST_BYTE_MAX = 3;

    private static final int RING_LENGTH = 1 << 16;

    /** From here on what could wait no longer can. */
    private static final int PATIENCE_LENGTH = RING_LENGTH / 2;

    private final OneToOneRingBuffer ring =
            new OneToOneRingBuffer(
                    new UnsafeBuffer(
                            ByteBuffer.allocateDirect(
                                    RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
    private final PacketRing handshakes;
    private final PacketRing recycled;
    private volatile Runnable wakeUp = () -> {};
    private volatile boolean isUrgent;
    private volatile long lost;

    /**
     * @param handshakes agent to control
     * @param recycled control to agent: the agent's pool's way home
     */
    NewsRing(PacketRing handshakes, PacketRing recycled) {
        this.handshakes = handshakes;
        this.recycled = recycled;
    }

    /** Where datagrams for control go. Agent only. */
    PacketRing handshakes() {
        return handshakes;
    }

    /** What ends control's sleep; called after every cycle that leaves urgent news. */
    void onNews(Runnable action) {
        wakeUp = action;
    }

    /** Whether control must not sleep over what waits here. Either thread. */
    boolean isUrgent() {
        return isUrgent || !handshakes.isEmpty() || ring.size() > PATIENCE_LENGTH;
    }

    /** Agent only, after a cycle. */
    void announce() {
        if (isUrgent()) {
            wakeUp.run();
        }
    }

    @Override
    public void hurry() {
        isUrgent = true;
    }

    /** Messages that found no room. Any thread. */
    long lost() {
        return lost;
    }

    @Override
    public void onAuthenticated(int tunnel, int connectionId) {
        offer(AUTHENTICATED, tunnel, 0, connectionId, 0, 0, 0);
        hurry();
    }

    @Override
    public void onProbe(int tunnel, int flags, int originLink, long originSite) {
        offer(PROBE, tunnel, flags, originLink, originSite, 0, 0);
    }

    @Override
    public void onProbeReply(
            int tunnel, int flags, int sequence, long originSite, long sentNs, long receivedNs) {
        offer(PROBE_REPLY, tunnel, flags, sequence, originSite, sentNs, receivedNs);
    }

    @Override
    public void onProof(int tunnel, int sequence, int length, long sentNs, long receivedNs) {
        offer(PROOF, tunnel, length, sequence, 0, sentNs, receivedNs);
    }

    @Override
    public boolean onMoved(int tunnel, long endpointAddress) {
        int index = ring.tryClaim(MOVED, MESSAGE_LENGTH);
        if (index <= 0) {
            countLost();
            return false;
        }
        AtomicBuffer buffer = ring.buffer();
        buffer.putInt(index + TUNNEL_OFFSET, tunnel);
        EndpointAddress.copy(endpointAddress, buffer.addressOffset() + index + ENDPOINT_OFFSET);
        ring.commit(index);
        hurry();
        return true;
    }

    @Override
    public void onClose(int tunnel) {
        offer(CLOSE, tunnel, 0, 0, 0, 0, 0);
        hurry();
    }

    /** Control thread only. Hands at most {@code max} messages and as many datagrams on. */
    int drain(ControlEvents.Handler handler, int max) {
        isUrgent = false; // before the first read, so that nothing hurried stays behind
        MessageHandler decoder =
                (type, buffer, index, length) -> decode(handler, type, buffer, index);
        int drained = ring.read(decoder, max);
        if (drained < max && ring.size() > 0) { // a read ends where the ring's memory does
            drained += ring.read(decoder, max - drained);
        }
        for (int i = 0; i < max; i++) {
            PacketBuffer datagram = handshakes.poll();
            if (datagram == null) {
                break;
            }
            handOn(datagram, handler);
            drained++;
        }
        return drained;
    }

    private void handOn(PacketBuffer datagram, ControlEvents.Handler handler) {
        byte[] bytes = new byte[datagram.length()];
        datagram.memory().getBytes(datagram.offset(), bytes);
        int link = datagram.ingressLink;
        int connectionId = datagram.connectionId;
        InetSocketAddress remote = EndpointAddress.decode(datagram.endpointAddress());
        boolean isHome = recycled.offer(datagram);
        assert isHome : "the way home holds every slot";
        if (isStun(bytes)) {
            handler.onStun(link, remote, bytes);
        } else {
            handler.onHandshake(link, remote, connectionId, bytes);
        }
    }

    /** RFC 7983: no record of DTLS begins so. */
    private static boolean isStun(byte[] datagram) {
        return datagram[0] >= 0 && datagram[0] <= STUN_FIRST_BYTE_MAX;
    }

    private static void decode(
            ControlEvents.Handler handler, int type, MutableDirectBuffer buffer, int index) {
        int tunnel = buffer.getInt(index + TUNNEL_OFFSET);
        int flags = buffer.getInt(index + FLAGS_OFFSET);
        int sequence = (int) buffer.getLong(index + SEQUENCE_OFFSET);
        long originSite = buffer.getLong(index + ORIGIN_OFFSET);
        switch (type) {
            case AUTHENTICATED -> handler.onAuthenticated(tunnel, sequence);
            case PROBE -> handler.onProbe(tunnel, flags, sequence, originSite);
            case CLOSE -> handler.onClose(tunnel);
            case MOVED -> {
                long endpoint = buffer.addressOffset() + index + ENDPOINT_OFFSET;
                handler.onMoved(tunnel, EndpointAddress.decode(endpoint));
            }
            case PROBE_REPLY ->
                    handler.onProbeReply(
                            tunnel,
                            flags,
                            sequence,
                            originSite,
                            buffer.getLong(index + SENT_OFFSET),
                            buffer.getLong(index + RECEIVED_OFFSET));
            case PROOF ->
                    handler.onProof(
                            tunnel,
                            sequence,
                            flags,
                            buffer.getLong(index + SENT_OFFSET),
                            buffer.getLong(index + RECEIVED_OFFSET));
            default -> throw new IllegalStateException("control event " + type);
        }
    }

    private void offer(
            int type,
            int tunnel,
            int flags,
            long sequence,
            long originSite,
            long sentNs,
            long receivedNs) {
        int index = ring.tryClaim(type, MESSAGE_LENGTH);
        if (index <= 0) {
            countLost();
            return;
        }
        AtomicBuffer buffer = ring.buffer();
        buffer.putInt(index + TUNNEL_OFFSET, tunnel);
        buffer.putInt(index + FLAGS_OFFSET, flags);
        buffer.putLong(index + SEQUENCE_OFFSET, sequence);
        buffer.putLong(index + ORIGIN_OFFSET, originSite);
        buffer.putLong(index + SENT_OFFSET, sentNs);
        buffer.putLong(index + RECEIVED_OFFSET, receivedNs);
        ring.commit(index);
    }

    /** One writer, the agent. */
    private void countLost() {
        lost++;
    }
}
