package io.spillway.dataplane.port;

import io.spillway.dataplane.buffer.PacketBuffer;

/** Takes what neighbours say to a gateway: the {@link Gateway}, or the way to it. */
public interface NeighbourMessages {
    /** Takes the frame, whose content is the ARP message. */
    void onArp(PacketBuffer frame, LanInterface lan);

    /** Takes the frame, whose content is an IPv6 packet of neighbour discovery. */
    void onNeighbourDiscovery(PacketBuffer frame, LanInterface lan);

    /** Takes the frame, whose content is a DHCP client's broadcast, its headers proved. */
    void onDhcpRequest(PacketBuffer frame, LanInterface lan);

    /** Takes what the host port has for a DHCP client, its headers proved. */
    void onDhcpReply(PacketBuffer packet);
}
