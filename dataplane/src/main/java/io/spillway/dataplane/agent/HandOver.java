package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.path.Onward;

/**
 * The way of packets from one agent to another: a ring, and the doorbell of who polls it, rung once
 * a batch. Full means drop and count, at the offering side.
 *
 * <p>Owned by the offering agent; the other one has the ring's far end.
 */
final class HandOver implements Onward {
    /** Of the rings: packets, or trains of them. */
    static final int CAPACITY = 1024;

    private final PacketRing ring;
    private final Doorbell receiver;
    private final Drops drops;
    private boolean hasOffered;

    /**
     * @param drops of the offering agent
     */
    HandOver(PacketRing ring, Doorbell receiver, Drops drops) {
        this.ring = ring;
        this.receiver = receiver;
        this.drops = drops;
    }

    @Override
    public void process(PacketBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer packet = batch.get(i);
            if (!offer(packet)) {
                drops.drop(packet, DropReason.RING_FULL);
            }
        }
        batch.clear();
        flush();
    }

    /** False when the ring is full: the caller still owns the packet. */
    boolean offer(PacketBuffer packet) {
        if (!ring.offer(packet)) {
            return false;
        }
        hasOffered = true;
        return true;
    }

    /** The batch is over. */
    void flush() {
        if (hasOffered) {
            hasOffered = false;
            receiver.ring();
        }
    }
}
