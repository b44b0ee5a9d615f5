package io.spillway.dataplane.segment;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.header.UdpHeader;
import org.agrona.DirectBuffer;

/**
 * Which packet may follow which in a train: such that a receiver cannot tell the train, cut again
 * by the rules of segmentation, from the packets themselves. The same rules as in the kernel's own
 * receive path (GRO).
 *
 * <p>TCP: the next bytes of the stream, with the same acknowledgment, window, options and ECN
 * marks; nothing follows FIN, SYN, RST, PSH, URG or a shorter segment; CWR only begins a train.
 * UDP: same length, the last may be shorter. Both: same IP header but for length, identification
 * and checksum; no options or extension headers, no fragments. Relies on the packet decoder's
 * proofs.
 */
final class Coupling {
    /** Bytes of an IP packet. */
    private static final int LENGTH_MAX = 65_535;

    /** What may differ between a segment and the one before it. */
    private static final int LAST_FLAGS = TcpHeader.FIN | TcpHeader.PSH;

    private static final int MAY_DIFFER = LAST_FLAGS | TcpHeader.CWR;
    private static final int ENDS = LAST_FLAGS | TcpHeader.SYN | TcpHeader.RST | TcpHeader.URG;

    private static final int IPV4_LENGTH = Ipv4Header.LENGTH_MIN;

    private Coupling() {}

    /** Whether it is TCP or UDP in the plain form that trains are made of. */
    static boolean hasFlow(PacketBuffer packet) {
        boolean isPlain =
                packet.transportOffset == (packet.ipVersion == 4 ? IPV4_LENGTH : Ipv6Header.LENGTH);
        return isPlain
                && !packet.isFragment
                && (packet.protocol == TcpHeader.PROTOCOL || packet.protocol == UdpHeader.PROTOCOL);
    }

    /** Whether any packet may follow this single packet, or the train that it begins. */
    static boolean mayBeFollowed(PacketBuffer head) {
        PacketBuffer last = head.last();
        int payloadLength = payloadLength(last);
        if (payloadLength == 0
                || payloadLength < payloadLength(head)
                || head.packetCount() == Coalescer.PACKETS_MAX) {
            return false;
        }
        if (head.protocol == UdpHeader.PROTOCOL) {
            return UdpHeader.checksum(head.memory(), transport(head)) != 0
                    && UdpHeader.length(last.memory(), transport(last))
                            == UdpHeader.LENGTH + payloadLength;
        }
        return (TcpHeader.flags(last.memory(), transport(last)) & ENDS) == 0;
    }

    /** Whether {@code packet} may go behind the last of the train; both have a flow. */
    static boolean follows(PacketBuffer head, PacketBuffer packet) {
        int payloadLength = payloadLength(packet);
        return payloadLength > 0
                && payloadLength <= payloadLength(head)
                && packet.payloadOffset == head.payloadOffset
                && head.isAnswer == packet.isAnswer
                && head.ingressTunnel == packet.ingressTunnel
                && hasRoom(head, payloadLength)
                && isSameFlow(head.tuple, packet.tuple)
                && isSameIp(head, packet)
                && (head.protocol == UdpHeader.PROTOCOL
                        ? followsUdp(packet, payloadLength)
                        : followsTcp(head, packet));
    }

    private static boolean hasRoom(PacketBuffer head, int payloadLength) {
        int length = head.payloadOffset + head.packetCount() * payloadLength(head) + payloadLength;
        return length <= LENGTH_MAX;
    }

    private static boolean isSameFlow(FiveTuple one, FiveTuple other) {
        return one.sourceLow == other.sourceLow
                && one.destinationLow == other.destinationLow
                && one.sourcePort == other.sourcePort
                && one.destinationPort == other.destinationPort
                && one.protocol == other.protocol
                && one.sourceHigh == other.sourceHigh
                && one.destinationHigh == other.destinationHigh;
    }

    /** Identifications must count up, unless DF makes them meaningless (RFC 6864 §4.1). */
    private static boolean isSameIp(PacketBuffer head, PacketBuffer packet) {
        if (head.ipVersion != packet.ipVersion) {
            return false;
        }
        DirectBuffer memory = head.memory();
        int one = head.offset();
        int other = packet.offset();
        if (head.ipVersion == 6) {
            return memory.getInt(one) == memory.getInt(other)
                    && Ipv6Header.hopLimit(memory, one) == Ipv6Header.hopLimit(memory, other);
        }
        int identification = Ipv4Header.identification(memory, one) + head.packetCount() & 0xFFFF;
        int fragmentField = Ipv4Header.fragmentField(memory, one);
        return Ipv4Header.typeOfService(memory, one) == Ipv4Header.typeOfService(memory, other)
                && Ipv4Header.ttl(memory, one) == Ipv4Header.ttl(memory, other)
                && fragmentField == Ipv4Header.fragmentField(memory, other)
                && ((fragmentField & Ipv4Header.DONT_FRAGMENT) != 0
                        || identification == Ipv4Header.identification(memory, other));
    }

    private static boolean followsUdp(PacketBuffer packet, int payloadLength) {
        int udp = transport(packet);
        return UdpHeader.checksum(packet.memory(), udp) != 0
                && UdpHeader.length(packet.memory(), udp) == UdpHeader.LENGTH + payloadLength;
    }

    private static boolean followsTcp(PacketBuffer head, PacketBuffer packet) {
        DirectBuffer memory = head.memory();
        int one = transport(head);
        int other = transport(packet);
        int flags = TcpHeader.flags(memory, other);
        int differing = TcpHeader.flags(memory, one) ^ flags;
        int next = TcpHeader.sequence(memory, one) + head.packetCount() * payloadLength(head);
        return TcpHeader.sequence(memory, other) == next
                && (flags & TcpHeader.CWR) == 0
                && (differing & ~MAY_DIFFER) == 0
                && TcpHeader.acknowledgment(memory, one) == TcpHeader.acknowledgment(memory, other)
                && memory.getByte(one + TcpHeader.DATA_OFFSET_OFFSET)
                        == memory.getByte(other + TcpHeader.DATA_OFFSET_OFFSET)
                && memory.getShort(one + TcpHeader.WINDOW_OFFSET)
                        == memory.getShort(other + TcpHeader.WINDOW_OFFSET)
                && memory.getShort(one + TcpHeader.URGENT_POINTER_OFFSET)
                        == memory.getShort(other + TcpHeader.URGENT_POINTER_OFFSET)
                && hasSameOptions(memory, one, other, head.payloadOffset - head.transportOffset);
    }

    private static boolean hasSameOptions(DirectBuffer memory, int one, int other, int length) {
        for (int i = TcpHeader.LENGTH_MIN; i < length; i += Integer.BYTES) {
            if (memory.getInt(one + i, BIG_ENDIAN) != memory.getInt(other + i, BIG_ENDIAN)) {
                return false;
            }
        }
        return true;
    }

    private static int transport(PacketBuffer packet) {
        return packet.offset() + packet.transportOffset;
    }

    private static int payloadLength(PacketBuffer packet) {
        return packet.length() - packet.payloadOffset;
    }
}
