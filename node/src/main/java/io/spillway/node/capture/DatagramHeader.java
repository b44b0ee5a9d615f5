package io.spillway.node.capture;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.header.Checksum;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.header.UdpHeader;
import io.spillway.tap.EndpointAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The IP and UDP headers of a datagram, which only the kernel ever sees, made anew from its two
 * endpoints: so that a capture of the WAN reads like one of its device. TTL and identification are
 * made up; the checksum is right, or none where only a part of the datagram was kept.
 */
final class DatagramHeader {
    /** Bytes in front of the datagram, at most. */
    static final int LENGTH_MAX = Ipv6Header.LENGTH + UdpHeader.LENGTH;

    private static final int HOP_LIMIT = 64;
    private static final int LENGTH_FIELD_MAX = 0xFFFF;
    private static final int IPV6_LENGTH = 16;

    // Of EndpointAddress.
    private static final int PORT_OFFSET = 2;
    private static final int IPV4_OFFSET = 4;
    private static final int IPV6_OFFSET = 8;

    private DatagramHeader() {}

    /** An endpoint as {@link #write} takes it. */
    static UnsafeBuffer endpoint(InetSocketAddress address) {
        UnsafeBuffer endpoint = new UnsafeBuffer(ByteBuffer.allocateDirect(EndpointAddress.LENGTH));
        EndpointAddress.encode(address, endpoint.addressOffset());
        return endpoint;
    }

    /**
     * Writes in front of the datagram.
     *
     * @param datagram its index
     * @param kept bytes of the datagram that are there
     * @param length of the whole datagram
     * @param source as {@code EndpointAddress}, of the same family as the destination
     * @return bytes written
     */
    static int write(
            MutableDirectBuffer buffer,
            int datagram,
            int kept,
            int length,
            UnsafeBuffer source,
            UnsafeBuffer destination) {
        boolean isIpv4 = !isIpv6(source) && !isIpv6(destination);
        int udp = datagram - UdpHeader.LENGTH;
        int ip = udp - (isIpv4 ? Ipv4Header.LENGTH_MIN : Ipv6Header.LENGTH);
        int udpLength = Math.min(UdpHeader.LENGTH + length, LENGTH_FIELD_MAX);
        putShort(buffer, udp + UdpHeader.SOURCE_PORT_OFFSET, port(source));
        putShort(buffer, udp + UdpHeader.DESTINATION_PORT_OFFSET, port(destination));
        putShort(buffer, udp + UdpHeader.LENGTH_OFFSET, udpLength);
        putShort(buffer, udp + UdpHeader.CHECKSUM_OFFSET, 0);
        if (isIpv4) {
            int total = Math.min(Ipv4Header.LENGTH_MIN + udpLength, LENGTH_FIELD_MAX);
            int from = source.getInt(IPV4_OFFSET, BIG_ENDIAN);
            int to = destination.getInt(IPV4_OFFSET, BIG_ENDIAN);
            Ipv4Header.write(buffer, ip, 0, total, UdpHeader.PROTOCOL, from, to);
        } else {
            Ipv6Header.write(buffer, ip, udpLength, UdpHeader.PROTOCOL, HOP_LIMIT);
            buffer.putBytes(ip + Ipv6Header.SOURCE_OFFSET, source, IPV6_OFFSET, IPV6_LENGTH);
            buffer.putBytes(
                    ip + Ipv6Header.DESTINATION_OFFSET, destination, IPV6_OFFSET, IPV6_LENGTH);
        }
        if (kept == length) {
            writeChecksum(buffer, ip, udp, udpLength, isIpv4);
        }
        return datagram - ip;
    }

    private static boolean isIpv6(UnsafeBuffer endpoint) {
        return EndpointAddress.sockaddrLength(endpoint.addressOffset()) == EndpointAddress.LENGTH;
    }

    private static int port(UnsafeBuffer endpoint) {
        return endpoint.getShort(PORT_OFFSET, BIG_ENDIAN);
    }

    private static void writeChecksum(
            MutableDirectBuffer buffer, int ip, int udp, int udpLength, boolean isIpv4) {
        int pseudo =
                isIpv4
                        ? Checksum.ofPseudoIpv4(buffer, ip, UdpHeader.PROTOCOL, udpLength)
                        : Checksum.ofPseudoIpv6(buffer, ip, UdpHeader.PROTOCOL, udpLength);
        int sum = Checksum.add(pseudo, Checksum.sum(buffer, udp, udpLength));
        putShort(buffer, udp + UdpHeader.CHECKSUM_OFFSET, Checksum.nonZeroOfSum(sum));
    }

    private static void putShort(MutableDirectBuffer buffer, int offset, int value) {
        buffer.putShort(offset, (short) value, BIG_ENDIAN);
    }
}
