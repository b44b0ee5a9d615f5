package io.spillway.dataplane.shape;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.observe.LinkQueue;
import io.spillway.dataplane.segment.Segmenter;

/**
 * Takes packets off the front of a link's queues: of a super-frame only what the link sends in a
 * moment, of a train one. Those that waited too long are marked, or dropped where their sender does
 * not understand that (RFC 3168).
 *
 * <p>Owned by one agent.
 */
final class QueueFront {
    private static final int ECN_MASK = 3; // RFC 3168 §5
    private static final int NOT_CAPABLE = 0;

    private final int pieceLength;
    private final PacketPool pool;
    private final Drops drops;
    private final LinkQueue state;
    private final Segmenter segmenter = new Segmenter();

    /**
     * @param pieceLength bytes on the link that may leave at once, unless one packet has more
     */
    QueueFront(int pieceLength, PacketPool pool, Drops drops, LinkQueue state) {
        this.pieceLength = pieceLength;
        this.pool = pool;
        this.drops = drops;
        this.state = state;
    }

    /** The caller owns what it returns; null: the queue is empty. */
    PacketBuffer take(FlowQueue queue, long nowNs) {
        while (queue.first() != null) {
            PacketBuffer first = queue.first();
            long sojournNs = nowNs - first.queuedNs;
            int behindLength = queue.length() - WireLength.ofFirst(first);
            if (!queue.coDel().isDue(sojournNs, behindLength, nowNs)) {
                return takeFirst(queue);
            }
            if (isEcnCapable(first)) {
                PacketBuffer marked = takeFirst(queue);
                mark(marked);
                return marked;
            }
            dropFirst(queue);
        }
        return null;
    }

    private PacketBuffer takeFirst(FlowQueue queue) {
        PacketBuffer first = queue.first();
        if (first.segmentLength > 0) {
            return takeOfSuperFrame(queue, first);
        }
        return first.next() == null ? queue.removeFirst() : detachFirst(queue);
    }

    /** Whole where it is short enough, or where no slot is left for a part. */
    private PacketBuffer takeOfSuperFrame(FlowQueue queue, PacketBuffer superFrame) {
        int count = Math.max(1, pieceLength / WireLength.ofFirst(superFrame));
        PacketBuffer piece = count < superFrame.packetCount() ? pool.acquire() : null;
        if (piece == null) {
            return queue.removeFirst();
        }
        segmenter.takeFirst(superFrame, count, piece);
        piece.queuedNs = superFrame.queuedNs;
        piece.wireOverhead = superFrame.wireOverhead;
        queue.onCut(WireLength.of(piece));
        return piece;
    }

    private static PacketBuffer detachFirst(FlowQueue queue) {
        PacketBuffer first = queue.first();
        PacketBuffer rest = first.detach();
        rest.exit = first.exit;
        rest.isAnswer = first.isAnswer;
        rest.queuedNs = first.queuedNs;
        rest.wireOverhead = first.wireOverhead;
        rest.slotsHeld = first.slotsHeld;
        queue.onDetached(first, rest);
        return first;
    }

    private void dropFirst(FlowQueue queue) {
        PacketBuffer first = queue.first();
        int length = WireLength.ofFirst(first);
        state.dropped().count(1, length);
        if (first.segmentLength > 0) {
            segmenter.dropFirst(first);
            queue.onCut(length);
            drops.count(DropReason.LINK_QUEUE_DELAY);
        } else {
            PacketBuffer dead = first.next() == null ? queue.removeFirst() : detachFirst(queue);
            drops.drop(dead, DropReason.LINK_QUEUE_DELAY);
        }
    }

    private static boolean isEcnCapable(PacketBuffer packet) {
        return packet.ipVersion != 0 && ecn(packet) != NOT_CAPABLE;
    }

    private void mark(PacketBuffer packet) {
        if (packet.ipVersion == 4) {
            Ipv4Header.markCongestion(packet.memory(), packet.offset());
        } else {
            Ipv6Header.markCongestion(packet.memory(), packet.offset());
        }
        state.marked().count(packet.packetCount(), WireLength.of(packet));
    }

    private static int ecn(PacketBuffer packet) {
        int traffic =
                packet.ipVersion == 4
                        ? Ipv4Header.typeOfService(packet.memory(), packet.offset())
                        : Ipv6Header.trafficClass(packet.memory(), packet.offset());
        return traffic & ECN_MASK;
    }
}
