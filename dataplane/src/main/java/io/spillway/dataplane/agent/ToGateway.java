package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.port.LanInterface;
import io.spillway.dataplane.port.NeighbourMessages;

/** A port agent's way to the gateway, which the lan agent has. */
final class ToGateway implements NeighbourMessages {
    private final HandOver toLan;
    private final Drops drops;

    ToGateway(HandOver toLan, Drops drops) {
        this.toLan = toLan;
        this.drops = drops;
    }

    @Override
    public void onArp(PacketBuffer frame, LanInterface lan) {
        frame.ipVersion = 0;
        offer(frame);
    }

    @Override
    public void onNeighbourDiscovery(PacketBuffer frame, LanInterface lan) {
        frame.ipVersion = 6;
        offer(frame);
    }

    @Override
    public void onDhcpRequest(PacketBuffer frame, LanInterface lan) {
        frame.ipVersion = 4;
        offer(frame);
    }

    @Override
    public void onDhcpReply(PacketBuffer packet) {
        throw new IllegalStateException("the host port is the lan agent's");
    }

    private void offer(PacketBuffer frame) {
        if (!toLan.offer(frame)) {
            drops.drop(frame, DropReason.RING_FULL);
        }
        toLan.flush();
    }
}
