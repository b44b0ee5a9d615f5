package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.path.Onward;

/**
 * The lan agent's way to one LAN port: all packets of a flow by the same port agent, so that they
 * stay in order. The kernel then reads the answers from the same queue (tun's flow table).
 */
final class ToPortAgents implements Onward {
    private final HandOver[] byAgent;
    private final Drops drops;

    /**
     * @param byAgent a power of two of them
     */
    ToPortAgents(HandOver[] byAgent, Drops drops) {
        this.byAgent = byAgent;
        this.drops = drops;
    }

    @Override
    public void process(PacketBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer frame = batch.get(i);
            int agent = frame.tuple.symmetricHash() & byAgent.length - 1;
            if (!byAgent[agent].offer(frame)) {
                drops.drop(frame, DropReason.RING_FULL);
            }
        }
        batch.clear();
        for (HandOver handOver : byAgent) {
            handOver.flush();
        }
    }
}
