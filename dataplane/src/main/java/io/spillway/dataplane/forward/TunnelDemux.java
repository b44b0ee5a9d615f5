package io.spillway.dataplane.forward;

import io.spillway.crypto.record.RecordHeader;
import io.spillway.crypto.record.RecordSealer;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.observe.DropReason;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Tells apart what comes in on a WAN socket, by its first record (DESIGN §4 "Demux", RFC 7983):
 *
 * <pre>
 *   first byte 0 to 3                      STUN: to control, like handshakes
 *   epoch 0, any type                      handshake, whole datagram
 *   type 25 (connection ID), seq &lt; 65536   handshake's own records: Finished and its repetition
 *   type 25, else                          our records: session by connection ID
 *   type 23 without connection ID          our records: session by sender's endpoint
 *   other types of epoch 1                 handshake
 * </pre>
 *
 * <p>STUN and handshake datagrams leave the walk here, on the ring to control. Owned by a WAN
 * agent.
 */
public final class TunnelDemux {
    private static final int STUN_FIRST_BYTE_MAX = 3;
    private static final int STUN_HEADER_LENGTH = 20; // RFC 8489 §5
    private static final int STUN_COOKIE_OFFSET = 4;
    private static final int STUN_COOKIE = 0x2112A442;
    private static final int DTLS_FIRST_BYTE_MIN = 20;
    private static final int DTLS_FIRST_BYTE_MAX = 63;
    private static final int CONNECTION_ID_LENGTH = 4;

    private final SessionTable sessions;
    private final PacketRing handshakes;
    private final Drops drops;
    private final int threadMask;
    private final int thread;

    /**
     * @param handshakes to control
     * @param thread which of the WAN threads this is
     * @param threadCount a power of two; the connection ID's low bits name one of them
     */
    public TunnelDemux(
            SessionTable sessions,
            PacketRing handshakes,
            Drops drops,
            int thread,
            int threadCount) {
        this.sessions = sessions;
        this.handshakes = handshakes;
        this.drops = drops;
        this.thread = thread;
        threadMask = threadCount - 1;
    }

    /** Keeps the datagrams that hold a record of a known session. */
    public void process(PacketBatch batch) {
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer datagram = batch.get(i);
            if (isRecordOfSession(datagram)) {
                batch.set(kept++, datagram);
            }
        }
        batch.truncate(kept);
    }

    private boolean isRecordOfSession(PacketBuffer datagram) {
        DropReason refused = check(datagram);
        if (refused != null) {
            drops.drop(datagram, refused);
            return false;
        }
        DirectBuffer memory = datagram.memory();
        int offset = datagram.offset();
        if ((memory.getByte(offset) & 0xff) <= STUN_FIRST_BYTE_MAX) {
            offerStun(datagram);
            return false;
        }
        if (isForHandshake(memory, offset)) {
            if (RecordHeader.type(memory, offset) == RecordHeader.TLS12_CID) {
                datagram.connectionId = RecordHeader.connectionId(memory, offset);
            }
            if (!handshakes.offer(datagram)) {
                drops.drop(datagram, DropReason.HANDSHAKE_RING_FULL);
            }
            return false;
        }
        return findSession(datagram);
    }

    private static DropReason check(PacketBuffer datagram) {
        if (datagram.length() == 0) {
            return DropReason.RECORD_MALFORMED;
        }
        int first = datagram.memory().getByte(datagram.offset()) & 0xff;
        if (first <= STUN_FIRST_BYTE_MAX) {
            return isStun(datagram) ? null : DropReason.DATAGRAM_STUN_MALFORMED;
        }
        if (first < DTLS_FIRST_BYTE_MIN || first > DTLS_FIRST_BYTE_MAX) {
            return DropReason.DATAGRAM_NOT_DTLS;
        }
        int headerLength = RecordHeader.LENGTH;
        if (first == RecordHeader.TLS12_CID) {
            headerLength += CONNECTION_ID_LENGTH;
        }
        return datagram.length() < headerLength ? DropReason.RECORD_MALFORMED : null;
    }

    private static boolean isStun(PacketBuffer datagram) {
        return datagram.length() >= STUN_HEADER_LENGTH
                && datagram.memory()
                                .getInt(
                                        datagram.offset() + STUN_COOKIE_OFFSET,
                                        ByteOrder.BIG_ENDIAN)
                        == STUN_COOKIE;
    }

    /** Half the ring is theirs, so that a flood of STUN keeps no handshake out. */
    private void offerStun(PacketBuffer datagram) {
        boolean hasRoom = handshakes.size() < handshakes.capacity() / 2;
        if (!hasRoom || !handshakes.offer(datagram)) {
            drops.drop(datagram, DropReason.HANDSHAKE_RING_FULL);
        }
    }

    private static boolean isForHandshake(DirectBuffer memory, int offset) {
        if (RecordHeader.epoch(memory, offset) == 0) {
            return true;
        }
        return switch (RecordHeader.type(memory, offset)) {
            case RecordHeader.TLS12_CID ->
                    RecordHeader.sequence(memory, offset) < RecordSealer.FIRST_SEQUENCE;
            case RecordHeader.APPLICATION_DATA -> false;
            default -> true;
        };
    }

    private boolean findSession(PacketBuffer datagram) {
        DirectBuffer memory = datagram.memory();
        int offset = datagram.offset();
        if (RecordHeader.type(memory, offset) == RecordHeader.TLS12_CID) {
            int connectionId = RecordHeader.connectionId(memory, offset);
            if ((connectionId & threadMask) != thread) {
                drops.drop(datagram, DropReason.RECORD_WRONG_THREAD);
                return false;
            }
            datagram.session = sessions.find(connectionId);
        } else {
            datagram.session = sessions.findByEndpoint(datagram.endpointAddress());
        }
        if (datagram.session == PacketBuffer.NONE) {
            drops.drop(datagram, DropReason.RECORD_UNKNOWN_SESSION);
            return false;
        }
        datagram.ingressTunnel = sessions.tunnel(datagram.session).index();
        return true;
    }
}
