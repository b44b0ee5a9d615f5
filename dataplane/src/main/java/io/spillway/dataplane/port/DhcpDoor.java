package io.spillway.dataplane.port;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Checksum;
import io.spillway.dataplane.header.DhcpHeader;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.MacAddress;
import io.spillway.dataplane.header.TransportChecksum;
import io.spillway.dataplane.header.UdpHeader;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * DHCP between a LAN and the host port, where the relay is a UDP socket on each gateway address.
 * Only here is it known by which LAN a broadcast came, and which MAC an answer is for, which has no
 * address yet that could be asked for; all else a kernel does as well.
 *
 * <pre>
 *   LAN:        0.0.0.0 port 68 ──&gt; 255.255.255.255 port 67    gateway port 67 ──&gt; client port 68
 *                      │ addresses changed                            ^ chaddr's MAC, or broadcast
 *                      v                                              │
 *   host port:  192.0.0.8 port 68 ──&gt; gateway port 67          gateway port 67 ──&gt; client port 68
 * </pre>
 */
final class DhcpDoor {
    /**
     * Of who has none (RFC 7600 section 4.8), since no kernel takes 0.0.0.0 for one of its own
     * addresses.
     */
    private static final int DUMMY_ADDRESS = 0xC000_0008;

    private static final int LIMITED_BROADCAST = -1;
    private static final int HEADERS_LENGTH = Ipv4Header.LENGTH_MIN + UdpHeader.LENGTH;

    private DhcpDoor() {}

    /** Whether a frame's content is a client's broadcast to servers. Proves its headers. */
    static boolean isRequest(PacketBuffer frame) {
        return frame.length() >= HEADERS_LENGTH
                && UdpHeader.destinationPort(frame.memory(), udp(frame)) == DhcpHeader.SERVER_PORT
                && Ipv4Header.destination(frame.memory(), frame.offset()) == LIMITED_BROADCAST
                && isUdp(frame);
    }

    /** Whether our own kernel answers a client. Proves its headers. */
    static boolean isReply(PacketBuffer packet) {
        return packet.length() >= HEADERS_LENGTH
                && UdpHeader.sourcePort(packet.memory(), udp(packet)) == DhcpHeader.SERVER_PORT
                && UdpHeader.destinationPort(packet.memory(), udp(packet)) == DhcpHeader.CLIENT_PORT
                && isUdp(packet);
    }

    /** A single datagram behind a header without options, which no DHCP message has. */
    private static boolean isUdp(PacketBuffer packet) {
        UnsafeBuffer memory = packet.memory();
        int offset = packet.offset();
        int length = packet.length();
        return Ipv4Header.protocol(memory, offset) == UdpHeader.PROTOCOL
                && Ipv4Header.headerLength(memory, offset) == Ipv4Header.LENGTH_MIN
                && Ipv4Header.isValid(memory, offset, length)
                && !Ipv4Header.isFragment(memory, offset)
                && packet.segmentLength == 0
                && UdpHeader.isValid(
                        memory,
                        udp(packet),
                        Ipv4Header.totalLength(memory, offset) - Ipv4Header.LENGTH_MIN);
    }

    private static int udp(PacketBuffer packet) {
        return packet.offset() + Ipv4Header.LENGTH_MIN;
    }

    /**
     * Makes a request one that the kernel takes for its own.
     *
     * @param gateway of the LAN that it came by
     * @return false when it is none of a client; it is not changed then
     */
    static boolean toHost(PacketBuffer request, int gateway) {
        if (!isOf(request, DhcpHeader.REQUEST) || !completeChecksum(request)) {
            return false;
        }
        UnsafeBuffer memory = request.memory();
        int offset = request.offset();
        if (Ipv4Header.source(memory, offset) == 0) {
            address(request, Ipv4Header.SOURCE_OFFSET, DUMMY_ADDRESS);
        }
        address(request, Ipv4Header.DESTINATION_OFFSET, gateway);
        Ipv4Header.writeChecksum(memory, offset);
        request.truncate(Ipv4Header.totalLength(memory, offset));
        return true;
    }

    /** The pseudo-header of the datagram's checksum has both addresses (RFC 768). */
    private static void address(PacketBuffer packet, int field, int address) {
        UnsafeBuffer memory = packet.memory();
        int at = packet.offset() + field;
        int before = memory.getInt(at, BIG_ENDIAN);
        memory.putInt(at, address, BIG_ENDIAN);
        int checksum = UdpHeader.checksum(memory, udp(packet));
        if (checksum != 0) {
            checksum = Checksum.update(checksum, before >>> 16, address >>> 16);
            checksum = Checksum.update(checksum, before & 0xFFFF, address & 0xFFFF);
            int nonZero = checksum == 0 ? 0xFFFF : checksum;
            memory.putShort(udp(packet) + UdpHeader.CHECKSUM_OFFSET, (short) nonZero, BIG_ENDIAN);
        }
    }

    /**
     * Whom an answer is for: the client's MAC, or all of the LAN; {@link MacAddress#NONE} when it
     * is no answer. Completes its checksum.
     */
    static long destinationOf(PacketBuffer reply) {
        if (!isOf(reply, DhcpHeader.REPLY) || !completeChecksum(reply)) {
            return MacAddress.NONE;
        }
        UnsafeBuffer memory = reply.memory();
        if (Ipv4Header.destination(memory, reply.offset()) == LIMITED_BROADCAST) {
            return MacAddress.BROADCAST;
        }
        long mac = DhcpHeader.clientMac(memory, udp(reply) + UdpHeader.LENGTH);
        return MacAddress.isStation(mac) ? mac : MacAddress.NONE;
    }

    private static boolean isOf(PacketBuffer packet, int operation) {
        UnsafeBuffer memory = packet.memory();
        int message = udp(packet) + UdpHeader.LENGTH;
        int length = UdpHeader.length(memory, udp(packet)) - UdpHeader.LENGTH;
        return DhcpHeader.isValid(memory, message, length)
                && DhcpHeader.operation(memory, message) == operation;
    }

    /** What its host left to us. */
    private static boolean completeChecksum(PacketBuffer packet) {
        if (packet.checksumStart == PacketBuffer.NONE) {
            return true;
        }
        boolean isComplete =
                TransportChecksum.complete(
                        packet.memory(),
                        packet.offset(),
                        packet.length(),
                        packet.checksumStart,
                        packet.checksumField);
        packet.checksumStart = PacketBuffer.NONE;
        return isComplete;
    }
}
