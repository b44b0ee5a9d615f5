package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelExit;
import io.spillway.dataplane.forward.TunnelRings;

/**
 * A WAN agent's way to the tunnels: its own rings, and for the other WAN agents' tunnels by the lan
 * agent, which has a ring to each.
 */
final class OwnTunnels implements TunnelExit {
    private final int thread;
    private final TunnelRings own;
    private final HandOver toLan;

    OwnTunnels(int thread, TunnelRings own, HandOver toLan) {
        this.thread = thread;
        this.own = own;
        this.toLan = toLan;
    }

    @Override
    public boolean offer(Tunnel tunnel, PacketBuffer packet) {
        return tunnel.wanThread() == thread ? own.offer(tunnel, packet) : toLan.offer(packet);
    }

    @Override
    public void flush() {
        toLan.flush();
    }
}
