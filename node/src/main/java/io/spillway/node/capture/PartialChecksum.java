package io.spillway.node.capture;

import io.spillway.dataplane.header.EthernetHeader;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Extensions;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.header.TransportChecksum;
import io.spillway.dataplane.header.UdpHeader;
import io.spillway.dataplane.observe.CaptureEntry;
import org.agrona.MutableDirectBuffer;

/**
 * Completes the checksum that a local host's kernel left to its network card: in the copy, as a
 * card would. Only that of the outermost TCP or UDP header; others stay as they are.
 */
final class PartialChecksum {
    private PartialChecksum() {}

    /**
     * @param length of the whole frame or packet, which is there
     * @param start as {@link CaptureEntry#checksumStart} says, but not {@link CaptureEntry#NONE}
     */
    static void complete(
            MutableDirectBuffer buffer, int offset, int length, boolean isFrame, int start) {
        int link = isFrame ? linkLength(buffer, offset, length) : 0;
        int packet = offset + link;
        int inPacket = start == CaptureEntry.OF_TRANSPORT ? start : start - link;
        if (Ipv4Header.isValid(buffer, packet, length - link)) {
            completeIpv4(buffer, packet, inPacket);
        } else if (Ipv6Header.isValid(buffer, packet, length - link)) {
            completeIpv6(buffer, packet, inPacket);
        }
    }

    private static int linkLength(MutableDirectBuffer buffer, int offset, int length) {
        boolean hasTag =
                length >= EthernetHeader.LENGTH_MAX
                        && EthernetHeader.etherType(buffer, offset)
                                == EthernetHeader.ETHER_TYPE_VLAN;
        return hasTag ? EthernetHeader.LENGTH_MAX : EthernetHeader.LENGTH;
    }

    private static void completeIpv4(MutableDirectBuffer buffer, int packet, int start) {
        if (!Ipv4Header.isFragment(buffer, packet)) {
            int header = Ipv4Header.headerLength(buffer, packet);
            int length = Ipv4Header.totalLength(buffer, packet);
            complete(buffer, packet, length, start, header, Ipv4Header.protocol(buffer, packet));
        }
    }

    private static void completeIpv6(MutableDirectBuffer buffer, int packet, int start) {
        long walk = Ipv6Extensions.walk(buffer, packet);
        if (walk != Ipv6Extensions.MALFORMED && !Ipv6Extensions.isFragment(walk)) {
            int header = Ipv6Extensions.offset(walk) - packet;
            int length = Ipv6Header.packetLength(buffer, packet);
            complete(buffer, packet, length, start, header, Ipv6Extensions.protocol(walk));
        }
    }

    private static void complete(
            MutableDirectBuffer buffer,
            int packet,
            int length,
            int start,
            int transport,
            int protocol) {
        boolean isMeant = start == CaptureEntry.OF_TRANSPORT || start == transport;
        if (isMeant && (protocol == TcpHeader.PROTOCOL || protocol == UdpHeader.PROTOCOL)) {
            int field = TransportChecksum.fieldOf(protocol);
            TransportChecksum.complete(buffer, packet, length, transport, field);
        }
    }
}
