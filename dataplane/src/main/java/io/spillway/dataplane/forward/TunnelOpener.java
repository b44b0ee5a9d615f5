package io.spillway.dataplane.forward;

import io.spillway.crypto.Session;
import io.spillway.crypto.record.RecordOpener;
import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.DropReason;

/**
 * Opens records in place; packets walk on, probes are answered, what is relayed goes to {@link
 * Relay}, the rest is news for control.
 *
 * <p>Owned by a WAN agent.
 */
public final class TunnelOpener {
    private final SessionTable sessions;
    private final ProbeResponder probes;
    private final Relay relay;
    private final TunnelNews news;
    private final Drops drops;
    private final PacketPool pool;
    private final TunnelCapture capture;

    public TunnelOpener(
            SessionTable sessions,
            ProbeResponder probes,
            Relay relay,
            TunnelNews news,
            Drops drops,
            PacketPool pool,
            Capture capture) {
        this.sessions = sessions;
        this.probes = probes;
        this.relay = relay;
        this.news = news;
        this.drops = drops;
        this.pool = pool;
        this.capture = new TunnelCapture(capture, CapturePoint.POST_OPEN);
    }

    public void process(PacketBatch batch) {
        open(batch);
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer plaintext = batch.get(i);
            if (unwrap(plaintext) && isPacket(plaintext)) {
                batch.set(kept++, plaintext);
            }
        }
        batch.truncate(kept);
        capture.process(sessions, batch);
    }

    private void open(PacketBatch batch) {
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer record = batch.get(i);
            if (open(record)) {
                batch.set(kept++, record);
            }
        }
        batch.truncate(kept);
    }

    /** Opens the first record; bytes behind it are not ours, since our peers send one each. */
    private boolean open(PacketBuffer record) {
        Session session = sessions.session(record.session);
        RecordOpener opener = session.opener();
        int length = opener.open(record.memory(), record.offset(), record.length());
        if (length < 0) {
            drops.drop(record, reason(length));
            return false;
        }
        noteAuthenticated(session, record);
        record.set(opener.plaintextOffset(), length);
        return true;
    }

    private boolean unwrap(PacketBuffer plaintext) {
        RecordOpener opener = sessions.session(plaintext.session).opener();
        int offset = plaintext.offset();
        int length = opener.unwrap(plaintext.memory(), offset, plaintext.length());
        if (length < ContentType.LENGTH) {
            drops.drop(plaintext, reason(length));
            return false;
        }
        plaintext.set(offset, length);
        int type = plaintext.memory().getByte(offset);
        plaintext.contentType = (byte) (type & ~ContentType.ANSWER);
        plaintext.isAnswer = (type & ContentType.ANSWER) != 0;
        plaintext.pull(ContentType.LENGTH);
        return true;
    }

    private void noteAuthenticated(Session session, PacketBuffer record) {
        if (sessions.noteOpened(record.session)) {
            sessions.tunnel(record.session).onOpened(session);
            news.onAuthenticated(record.ingressTunnel, session.localConnectionId());
        }
    }

    /** Whether the content walks on; else it has a new owner. */
    private boolean isPacket(PacketBuffer content) {
        switch (content.contentType) {
            case ContentType.PACKET, ContentType.PACKET_PARTIAL_CHECKSUM -> {
                content.isChecksumPartial = content.contentType != ContentType.PACKET;
                sessions.tunnel(content.session).packetsReceived().count(content.length());
                return true;
            }
            case ContentType.PROOF -> {
                content.isAnswer = true; // no flow follows it
                return true; // no host's packet, but it walks as one
            }
            case ContentType.PROBE -> probes.onProbe(content);
            case ContentType.PROBE_REPLY -> probes.onReply(content);
            case ContentType.PATH_CHECK -> probes.onPathCheck(content);
            case ContentType.PATH_ANSWER -> probes.onPathAnswer(content);
            case ContentType.RELAY -> relay.onRelay(content);
            case ContentType.CLOSE -> {
                news.onClose(content.ingressTunnel);
                pool.release(content);
            }
            default -> drops.drop(content, DropReason.RECORD_UNKNOWN_CONTENT);
        }
        return false;
    }

    private static DropReason reason(int result) {
        return switch (result) {
            case 0 -> DropReason.RECORD_UNKNOWN_CONTENT;
            case RecordOpener.OPEN_BAD_TAG -> DropReason.RECORD_BAD_TAG;
            case RecordOpener.OPEN_REPLAYED -> DropReason.RECORD_REPLAYED;
            case RecordOpener.OPEN_WRONG_EPOCH -> DropReason.RECORD_WRONG_EPOCH;
            case RecordOpener.OPEN_NOT_APPLICATION_DATA -> DropReason.RECORD_NOT_APPLICATION_DATA;
            default -> DropReason.RECORD_MALFORMED;
        };
    }
}
