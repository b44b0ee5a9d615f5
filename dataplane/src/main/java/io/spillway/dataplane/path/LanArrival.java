package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.forward.Exits;

/**
 * Where WAN and LAN have threads of their own: what a WAN agent opened arrives at the lan agent.
 * Comes from {@link WanIngress}.
 *
 * <pre>
 *   PacketRing.poll &gt; WanDecision
 * </pre>
 */
public final class LanArrival {
    /** Packets, or trains of them, taken in one go. */
    public static final int PACKETS_MAX = 256;

    private final PacketBatch batch = new PacketBatch(PACKETS_MAX);
    private final PacketRing ring;
    private final Exits exits;
    private final WanDecision decision;

    /**
     * @param ring from one WAN agent
     */
    public LanArrival(PacketRing ring, Exits exits, WanDecision decision) {
        this.ring = ring;
        this.exits = exits;
        this.decision = decision;
    }

    /** Packets taken from the ring; 0 when there were none. */
    public int poll() {
        int polled = ring.poll(batch);
        if (polled == 0) {
            return 0;
        }
        exits.offerDecided(batch); // PROBEs that a PoP hands on to another agent's tunnel
        decision.process(batch);
        return polled;
    }
}
