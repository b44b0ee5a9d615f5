package io.spillway.dataplane.shape;

import io.spillway.dataplane.buffer.PacketBuffer;

/**
 * The packets of the flows with one hash, linked through their buffers; a super-frame or train is
 * one entry, which may leave in parts.
 *
 * <p>Owned by one agent.
 */
final class FlowQueue {
    private final Backlog backlog;
    private final CoDel coDel;
    private PacketBuffer first;
    private PacketBuffer last;
    private int length;
    private int deficit;
    private boolean isListed;
    private FlowQueue next;

    /**
     * @param backlog of its class
     */
    FlowQueue(Backlog backlog, CoDel coDel) {
        this.backlog = backlog;
        this.coDel = coDel;
    }

    CoDel coDel() {
        return coDel;
    }

    /** Bytes on the link. */
    int length() {
        return length;
    }

    /** Null: empty. */
    PacketBuffer first() {
        return first;
    }

    void add(PacketBuffer packet) {
        packet.nextQueued = null;
        if (first == null) {
            first = packet;
        } else {
            last.nextQueued = packet;
        }
        last = packet;
        int added = WireLength.of(packet);
        length += added;
        backlog.add(added, packet.slotsHeld);
    }

    /** The whole entry; the caller owns it. */
    PacketBuffer removeFirst() {
        PacketBuffer removed = first;
        first = removed.nextQueued;
        removed.nextQueued = null;
        shorten(WireLength.of(removed), removed.slotsHeld);
        return removed;
    }

    /** A part of the first entry left; what is left of it is still the same buffer. */
    void onCut(int removedLength) {
        shorten(removedLength, 0);
    }

    /** The first packet of the first entry's train left; {@code rest} stands for the others. */
    void onDetached(PacketBuffer detached, PacketBuffer rest) {
        rest.nextQueued = first.nextQueued;
        if (last == first) {
            last = rest;
        }
        first = rest;
        detached.nextQueued = null;
        shorten(WireLength.of(detached), 0);
    }

    private void shorten(int removedLength, int removedSlots) {
        length -= removedLength;
        backlog.remove(removedLength, removedSlots);
    }

    /** Bytes that it may send in this round of its list; none when negative. */
    int deficit() {
        return deficit;
    }

    void deficit(int bytes) {
        deficit = bytes;
    }

    /** Whether it stands in a {@link FlowList}. */
    boolean isListed() {
        return isListed;
    }

    void isListed(boolean listed) {
        isListed = listed;
    }

    /** The queue behind it in its list. */
    FlowQueue next() {
        return next;
    }

    void next(FlowQueue queue) {
        next = queue;
    }
}
