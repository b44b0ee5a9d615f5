package io.spillway.dataplane.port;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.EthernetHeader;
import io.spillway.dataplane.header.MacAddress;
import io.spillway.dataplane.header.VlanTag;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.tap.VirtioNetHeader;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Takes the virtio-net and Ethernet headers off, finds the LAN interface by VLAN, and hands ARP and
 * neighbour discovery to whom it concerns. What the host port delivers is IP already.
 *
 * <p>Owned by the lan agent, or by a port agent.
 */
public final class FrameDecoder {
    /** What twelve bits can say; 4095 is reserved and never ours. */
    private static final int VLAN_COUNT = 1 << 12;

    private final LanPort port;
    private final LanInterface[] byVlan = new LanInterface[VLAN_COUNT];
    private final NeighbourMessages gateway;
    private final Drops drops;

    public FrameDecoder(LanPort port, NeighbourMessages gateway, Drops drops) {
        this.port = port;
        this.gateway = gateway;
        this.drops = drops;
        for (LanInterface lan : port.interfaces()) {
            byVlan[lan.addresses().vlanId()] = lan;
        }
    }

    public void process(PacketBatch batch) {
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer frame = batch.get(i);
            if (decode(frame)) {
                batch.set(kept++, frame);
            }
        }
        batch.truncate(kept);
    }

    private boolean decode(PacketBuffer frame) {
        if (port.device().hasVnetHeader() && !takeVnetHeader(frame)) {
            return drop(frame, DropReason.FRAME_OFFLOAD_UNEXPECTED);
        }
        if (port.isHost()) {
            frame.isFromHost = true;
            return !takeDhcpReply(frame);
        }
        return takeEthernetHeader(frame);
    }

    private boolean takeDhcpReply(PacketBuffer packet) {
        if (!DhcpDoor.isReply(packet)) {
            return false;
        }
        gateway.onDhcpReply(packet);
        return true;
    }

    /** Notes what the kernel left to us; the packet decoder proves it. */
    private static boolean takeVnetHeader(PacketBuffer frame) {
        UnsafeBuffer memory = frame.memory();
        int header = frame.offset();
        if (frame.length() < VirtioNetHeader.LENGTH) {
            return false;
        }
        frame.pull(VirtioNetHeader.LENGTH);
        frame.gsoType = VirtioNetHeader.gsoType(memory, header);
        if (frame.gsoType != VirtioNetHeader.GSO_NONE) {
            frame.segmentLength = VirtioNetHeader.gsoSize(memory, header);
        }
        if (VirtioNetHeader.needsChecksum(memory, header)) {
            frame.checksumStart = VirtioNetHeader.checksumStart(memory, header);
            frame.checksumField = VirtioNetHeader.checksumOffset(memory, header);
        }
        return true;
    }

    private boolean takeEthernetHeader(PacketBuffer frame) {
        if (frame.length() < EthernetHeader.LENGTH_MAX) {
            return drop(frame, DropReason.FRAME_TOO_SHORT);
        }
        UnsafeBuffer memory = frame.memory();
        int etherType = EthernetHeader.etherType(memory, frame.offset());
        long destination = EthernetHeader.destination(memory, frame.offset());
        frame.ingressMac = EthernetHeader.source(memory, frame.offset());
        int vlanId = VlanTag.UNTAGGED;
        int headerLength = EthernetHeader.LENGTH;
        if (etherType == EthernetHeader.ETHER_TYPE_VLAN) {
            int tag = frame.offset() + EthernetHeader.ETHER_TYPE_OFFSET;
            vlanId = VlanTag.vlanId(memory, tag);
            etherType = VlanTag.etherType(memory, tag);
            headerLength = EthernetHeader.LENGTH_MAX;
        }
        frame.pull(headerLength);
        if (frame.checksumStart != PacketBuffer.NONE) {
            frame.checksumStart -= headerLength;
            if (frame.checksumStart < 0) {
                return drop(frame, DropReason.FRAME_OFFLOAD_UNEXPECTED);
            }
        }
        LanInterface lan = byVlan[vlanId];
        if (lan == null) {
            return drop(frame, DropReason.FRAME_UNKNOWN_VLAN);
        }
        frame.ingressInterface = lan.index();
        return dispatch(frame, lan, etherType, destination);
    }

    private boolean dispatch(
            PacketBuffer frame, LanInterface lan, int etherType, long destination) {
        switch (etherType) {
            case EthernetHeader.ETHER_TYPE_ARP -> gateway.onArp(frame, lan);
            case EthernetHeader.ETHER_TYPE_IPV4 -> {
                return isForUs(frame, lan, destination);
            }
            case EthernetHeader.ETHER_TYPE_IPV6 -> {
                if (!Gateway.isNeighbourDiscovery(frame)) {
                    return isForUs(frame, lan, destination);
                }
                gateway.onNeighbourDiscovery(frame, lan);
            }
            default -> drop(frame, DropReason.FRAME_UNKNOWN_ETHERTYPE);
        }
        return false;
    }

    /** A bridge floods: only what is addressed to the gateway's own MAC is ours to route. */
    private boolean isForUs(PacketBuffer frame, LanInterface lan, long destination) {
        if (destination == lan.addresses().mac()) {
            return true;
        }
        if (lan.relaysDhcp() && destination == MacAddress.BROADCAST && DhcpDoor.isRequest(frame)) {
            gateway.onDhcpRequest(frame, lan);
            return false;
        }
        return drop(
                frame,
                MacAddress.isGroup(destination)
                        ? DropReason.PACKET_MULTICAST
                        : DropReason.FRAME_NOT_FOR_US);
    }

    /** Whole, as a capture shows it. */
    private boolean drop(PacketBuffer frame, DropReason reason) {
        frame.putBack(port.device().hasVnetHeader() ? VirtioNetHeader.LENGTH : 0);
        frame.isFramed = !port.isHost();
        drops.drop(frame, reason);
        return false;
    }
}
