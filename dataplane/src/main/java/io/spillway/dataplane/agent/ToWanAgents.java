package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelExit;

/** The lan agent's way to the tunnels: by the WAN agent that each belongs to. */
final class ToWanAgents implements TunnelExit {
    private final HandOver[] byThread;

    ToWanAgents(HandOver[] byThread) {
        this.byThread = byThread;
    }

    @Override
    public boolean offer(Tunnel tunnel, PacketBuffer packet) {
        return byThread[tunnel.wanThread()].offer(packet);
    }

    @Override
    public void flush() {
        for (HandOver handOver : byThread) {
            handOver.flush();
        }
    }
}
