package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.observe.DropReason;

/**
 * Puts each packet in the ring of the exit that the router named. A full ring drops: a slow exit
 * never holds up another.
 *
 * <p>Owned by one agent; a WAN agent's has no ports.
 */
public final class Exits {
    private final PacketRing[] ports;
    private final TunnelExit tunnels;
    private final ForwardingView forwarding;
    private final Drops drops;

    /**
     * @param ports the rings of LAN ports and host port, by port index
     */
    public Exits(PacketRing[] ports, TunnelExit tunnels, ForwardingView forwarding, Drops drops) {
        this.ports = ports.clone();
        this.tunnels = tunnels;
        this.forwarding = forwarding;
        this.drops = drops;
    }

    /** Gives all packets away; the batch is empty afterwards. */
    public void offer(PacketBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            offer(batch.get(i));
        }
        batch.clear();
        tunnels.flush();
    }

    /** What was given away singly goes on to other agents. */
    void flush() {
        tunnels.flush();
    }

    /** Gives those away whose exit was named elsewhere; the rest stay, in order. */
    public void offerDecided(PacketBatch batch) {
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer packet = batch.get(i);
            if (packet.exit == PacketBuffer.NONE) {
                batch.set(kept++, packet);
            } else {
                offer(packet);
            }
        }
        batch.truncate(kept);
    }

    /** Gives one packet away whose {@code exit} is set. */
    public void offer(PacketBuffer packet) {
        int index = Exit.index(packet.exit);
        if (!Exit.isTunnel(packet.exit)) {
            if (!ports[index].offer(packet)) {
                drops.drop(packet, DropReason.RING_FULL);
            }
            return;
        }
        Tunnel tunnel = forwarding.current().tunnels().get(index);
        if (tunnel == null) {
            drops.drop(packet, DropReason.TUNNEL_CLOSED);
        } else if (!tunnels.offer(tunnel, packet)) {
            drops.drop(packet, DropReason.RING_FULL);
        }
    }
}
