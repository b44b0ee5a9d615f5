package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.PacketBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often each decision of a policy was taken, by its number. The lan agent counts, any thread
 * reads.
 */
public final class DecisionCounts {
    private final AtomicLongArray flows;
    private final AtomicLongArray blocked;
    private final Sighting[] sightings; // null: nothing is told

    public DecisionCounts(CompiledPolicy rules) {
        flows = new AtomicLongArray(rules.decisionCount());
        blocked = new AtomicLongArray(rules.decisionCount());
        sightings = new Sighting[rules.decisionCount()];
        for (int i = 0; i < sightings.length; i++) {
            sightings[i] = rules.decision(i).isTold() ? new Sighting() : null;
        }
    }

    /** A flow was decided about, by this packet of it. */
    void countFlow(int decision, PacketBuffer packet) {
        flows.setOpaque(decision, flows.getPlain(decision) + 1);
        note(decision, packet);
    }

    void countBlocked(int decision, PacketBuffer packet) {
        blocked.setOpaque(decision, blocked.getPlain(decision) + packet.packetCount());
        note(decision, packet);
    }

    private void note(int decision, PacketBuffer packet) {
        if (sightings[decision] != null) {
            sightings[decision].note(packet);
        }
    }

    /** As {@link LanPolicy#takeSeen}. */
    SeenPacket takeSeen(int decision) {
        return sightings[decision] == null ? null : sightings[decision].take();
    }

    /** Flows about which so was decided. */
    public long flows(int decision) {
        return flows.getOpaque(decision);
    }

    /** Packets that died by it. */
    public long blocked(int decision) {
        return blocked.getOpaque(decision);
    }
}
