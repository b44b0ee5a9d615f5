package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.PacketBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A policy in force, and how often each of its decisions was taken. The rules are immutable; the
 * lan agent counts, any thread reads.
 */
public final class LanPolicy {
    private final CompiledPolicy rules;
    private final boolean isOpenWithoutCloud;
    private final AtomicLongArray flows;
    private final AtomicLongArray blocked;
    private final Sighting[] sightings; // null: nothing is told

    /**
     * @param isOpenWithoutCloud what is to go to the WAN stays here while there is no PoP; else it
     *     is blocked then
     */
    public LanPolicy(CompiledPolicy rules, boolean isOpenWithoutCloud) {
        this.rules = rules;
        this.isOpenWithoutCloud = isOpenWithoutCloud;
        flows = new AtomicLongArray(rules.decisionCount());
        blocked = new AtomicLongArray(rules.decisionCount());
        sightings = new Sighting[rules.decisionCount()];
        for (int i = 0; i < sightings.length; i++) {
            sightings[i] = rules.decision(i).isTold() ? new Sighting() : null;
        }
    }

    public CompiledPolicy rules() {
        return rules;
    }

    boolean isOpenWithoutCloud() {
        return isOpenWithoutCloud;
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

    /** Flows about which so was decided. */
    public long flows(int decision) {
        return flows.getOpaque(decision);
    }

    /**
     * A packet of those counted since the last call, or null: when there was none, or nothing is
     * told of the decision. One thread, another than the lan agent's.
     */
    public SeenPacket takeSeen(int decision) {
        return sightings[decision] == null ? null : sightings[decision].take();
    }

    /** Packets that died by it. */
    public long blocked(int decision) {
        return blocked.getOpaque(decision);
    }
}
