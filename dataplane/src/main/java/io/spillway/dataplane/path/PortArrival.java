package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.port.Gateway;

/**
 * Where the ports have threads of their own: what a port agent read arrives at the lan agent. Comes
 * from {@link LanIngress}.
 *
 * <pre>
 *   PacketRing.poll &gt; Gateway
 *   PacketRing.poll &gt; LanDecision
 * </pre>
 */
public final class PortArrival {
    /** Packets taken in one go. */
    public static final int PACKETS_MAX = 256;

    private final PacketBatch batch = new PacketBatch(PACKETS_MAX);
    private final PacketRing messages;
    private final PacketRing packets;
    private final Gateway gateway;
    private final LanDecision decision;

    /**
     * @param messages of neighbours to the gateway, from one port agent
     * @param packets from the same
     */
    public PortArrival(
            PacketRing messages, PacketRing packets, Gateway gateway, LanDecision decision) {
        this.messages = messages;
        this.packets = packets;
        this.gateway = gateway;
        this.decision = decision;
    }

    /** Frames and packets taken from the rings; 0 when there were none. */
    public int poll() {
        int work = messages.poll(batch);
        gateway.process(batch); // ARP and ND answered
        int polled = packets.poll(batch);
        if (polled > 0) {
            decision.process(batch);
        }
        return work + polled;
    }

    public boolean isEmpty() {
        return messages.isEmpty() && packets.isEmpty();
    }
}
