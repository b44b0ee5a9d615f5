package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.flow.FlowTable;
import org.agrona.concurrent.NanoClock;

/**
 * Finds each packet's flow and notes the tunnel it arrived by. Without a policy every flow is
 * allowed.
 *
 * <p>Owned by the lan agent.
 */
public final class LanFirewall {
    private final FlowTable flows;
    private final NanoClock clock;

    public LanFirewall(FlowTable flows, NanoClock clock) {
        this.flows = flows;
        this.clock = clock;
    }

    public void process(PacketBatch batch) {
        long nowNs = clock.nanoTime();
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer packet = batch.get(i);
            packet.flow = flows.touch(packet.tuple, nowNs);
            if (packet.ingressTunnel != PacketBuffer.NONE && !packet.isAnswer) {
                flows.arrived(packet.flow, packet.ingressTunnel, nowNs);
            }
        }
    }
}
