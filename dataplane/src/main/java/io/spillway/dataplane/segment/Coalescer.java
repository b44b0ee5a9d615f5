package io.spillway.dataplane.segment;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;

/**
 * Couples consecutive packets of one flow into a train, so that they are decided about once and
 * written as one super-frame. The rules are {@link Coupling}'s; the order within a flow is kept.
 *
 * <p>Trains end with the batch. Of flows that share a place in the small table, the later one goes
 * on and the earlier one's train ends.
 *
 * <p>Owned by a WAN agent.
 */
public final class Coalescer {
    /** Packets of a train; UDP_MAX_SEGMENTS of the kernels we run on. */
    public static final int PACKETS_MAX = 64;

    private static final int FLOWS_MAX = 64;

    private final PacketBuffer[] open = new PacketBuffer[FLOWS_MAX];
    private long used;

    public void process(PacketBatch batch) {
        if (batch.size() < 2) {
            return;
        }
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer packet = batch.get(i);
            if (!join(packet)) {
                batch.set(kept++, packet);
            }
        }
        batch.truncate(kept);
        forget();
    }

    /** Whether the packet went to the end of its flow's train; else it may begin one. */
    private boolean join(PacketBuffer packet) {
        int place = packet.tuple.symmetricHash() & FLOWS_MAX - 1;
        if (!Coupling.hasFlow(packet)) {
            open[place] = null; // a fragment of the flow, for one, is not to be overtaken
            return false;
        }
        PacketBuffer head = open[place];
        boolean joins = head != null && Coupling.follows(head, packet);
        if (joins) {
            head.append(packet);
        } else {
            head = packet;
        }
        open[place] = Coupling.mayBeFollowed(head) ? head : null;
        used |= 1L << place;
        return joins;
    }

    private void forget() {
        while (used != 0) {
            open[Long.numberOfTrailingZeros(used)] = null;
            used &= used - 1;
        }
    }
}
