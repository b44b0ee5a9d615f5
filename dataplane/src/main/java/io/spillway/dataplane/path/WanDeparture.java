package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.forward.Exits;

/**
 * Where WAN and LAN have threads of their own: what the lan agent gave its exit gets into that
 * tunnel's ring at the WAN agent. Comes from {@link LanIngress} or {@link LanArrival}, continues in
 * {@link WanEgress}.
 *
 * <pre>
 *   PacketRing.poll &gt; Exits.offer
 * </pre>
 */
public final class WanDeparture {
    /** Packets taken in one go; what they stand for still fits in the tunnels' rings. */
    public static final int PACKETS_MAX = 256;

    private final PacketBatch batch = new PacketBatch(PACKETS_MAX);
    private final PacketRing ring;
    private final Exits exits;

    /**
     * @param ring from the lan agent
     */
    public WanDeparture(PacketRing ring, Exits exits) {
        this.ring = ring;
        this.exits = exits;
    }

    /**
     * Takes what waits; returns how many packets there are. They go on with {@link #offer}, behind
     * which stands the mail that came before them: of a tunnel that is new to the lan agent, this
     * one has heard before.
     */
    public int poll() {
        return ring.poll(batch);
    }

    /** To the tunnels' rings, which own them from here on. */
    public void offer() {
        exits.offer(batch);
    }
}
