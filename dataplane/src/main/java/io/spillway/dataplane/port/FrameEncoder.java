package io.spillway.dataplane.port;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.EthernetHeader;
import io.spillway.dataplane.header.GatewayAddresses;
import io.spillway.dataplane.header.MacAddress;

/**
 * Puts the Ethernet header in front, towards the next hop's MAC; packets whose neighbour is not
 * known yet wait at the {@link Gateway}. The host port takes IP as it is.
 *
 * <p>Owned by the lan agent.
 */
public final class FrameEncoder {
    static {
        if (EthernetHeader.LENGTH_MAX > PacketPool.HEADROOM) {
            throw new ExceptionInInitializerError("no room for the Ethernet header");
        }
    }

    private final LanPort port;
    private final Gateway gateway;

    public FrameEncoder(LanPort port, Gateway gateway) {
        this.port = port;
        this.gateway = gateway;
    }

    public void process(PacketBatch batch) {
        if (port.isHost()) {
            return;
        }
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer packet = batch.get(i);
            if (packet.isFramed || encode(packet)) {
                batch.set(kept++, packet);
            }
        }
        batch.truncate(kept);
    }

    private boolean encode(PacketBuffer packet) {
        long mac = packet.nextHopMac;
        if (mac == MacAddress.NONE) {
            mac = gateway.resolve(packet);
        }
        if (mac == MacAddress.NONE) {
            return false;
        }
        for (PacketBuffer each = packet; each != null; each = each.next()) {
            frame(each, gateway.lan(packet.egressInterface).addresses(), mac);
        }
        return true;
    }

    private static void frame(PacketBuffer packet, GatewayAddresses own, long mac) {
        packet.linkLength = EthernetHeader.length(own.vlanId());
        packet.push(packet.linkLength);
        EthernetHeader.write(
                packet.memory(), packet.offset(), mac, own.mac(), own.vlanId(), etherType(packet));
        packet.isFramed = true;
    }

    private static int etherType(PacketBuffer packet) {
        return packet.ipVersion == 4
                ? EthernetHeader.ETHER_TYPE_IPV4
                : EthernetHeader.ETHER_TYPE_IPV6;
    }
}
