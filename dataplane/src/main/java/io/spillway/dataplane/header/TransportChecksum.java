package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.buffer.PacketBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Checksums that cover a pseudo-header: TCP, UDP, ICMPv6.
 *
 * <p>A <em>partial</em> checksum is what a host with checksum offload leaves in the field: the sum
 * (not complemented) of the pseudo-header; the rest is for whoever puts the packet on a wire.
 */
public final class TransportChecksum {
    private TransportChecksum() {}

    /** Of the TCP segment or UDP datagram behind an IPv4 header; UDP without checksum is valid. */
    public static boolean isValidIpv4(
            DirectBuffer buffer, int ipOffset, int offset, int length, int protocol) {
        if (protocol == UdpHeader.PROTOCOL && UdpHeader.checksum(buffer, offset) == 0) {
            return true; // RFC 768
        }
        return sumIpv4(buffer, ipOffset, offset, length, protocol) == Checksum.VALID;
    }

    /** Of TCP, UDP or ICMPv6 behind an IPv6 header; UDP without checksum is not (RFC 8200 §8.1). */
    public static boolean isValidIpv6(
            DirectBuffer buffer, int ipOffset, int offset, int length, int protocol) {
        if (protocol == UdpHeader.PROTOCOL && UdpHeader.checksum(buffer, offset) == 0) {
            return false;
        }
        return sumIpv6(buffer, ipOffset, offset, length, protocol) == Checksum.VALID;
    }

    /** Sum of pseudo-header and the whole transport part, its checksum field as it stands. */
    public static int sumIpv4(
            DirectBuffer buffer, int ipOffset, int offset, int length, int protocol) {
        return Checksum.add(
                Checksum.ofPseudoIpv4(buffer, ipOffset, protocol, length),
                Checksum.sum(buffer, offset, length));
    }

    /** As {@link #sumIpv4}, for IPv6. */
    public static int sumIpv6(
            DirectBuffer buffer, int ipOffset, int offset, int length, int protocol) {
        return Checksum.add(
                Checksum.ofPseudoIpv6(buffer, ipOffset, protocol, length),
                Checksum.sum(buffer, offset, length));
    }

    /**
     * Completes a partial checksum, as the virtio-net header describes it.
     *
     * @param start where the transport header begins, in bytes from {@code offset} (csum_start)
     * @param field where the checksum stands, in bytes from {@code start} (csum_offset)
     * @return false, and nothing written, when the two point outside the packet
     */
    public static boolean complete(
            MutableDirectBuffer buffer, int offset, int length, int start, int field) {
        if (start < 0 || field < 0 || start > length || field > length - start - 2) {
            return false;
        }
        int sum = Checksum.sum(buffer, offset + start, length - start);
        int checksum = Checksum.nonZeroOfSum(sum);
        buffer.putShort(offset + start + field, (short) checksum, BIG_ENDIAN);
        return true;
    }

    /** Completes what is partial in a single packet that the packet decoder has proved. */
    public static void complete(PacketBuffer packet) {
        if (packet.isChecksumPartial) {
            complete(
                    packet.memory(),
                    packet.offset(),
                    packet.length(),
                    packet.transportOffset,
                    fieldOf(packet.protocol));
            packet.isChecksumPartial = false;
        }
    }

    /** Where TCP or UDP has its checksum, in bytes from its header. */
    public static int fieldOf(int protocol) {
        return protocol == TcpHeader.PROTOCOL
                ? TcpHeader.CHECKSUM_OFFSET
                : UdpHeader.CHECKSUM_OFFSET;
    }

    /** Whether the complete checksum of a proved packet of TCP or UDP is right. */
    public static boolean isValid(PacketBuffer packet) {
        int transport = packet.offset() + packet.transportOffset;
        int length = packet.length() - packet.transportOffset;
        return packet.ipVersion == 4
                ? isValidIpv4(packet.memory(), packet.offset(), transport, length, packet.protocol)
                : isValidIpv6(packet.memory(), packet.offset(), transport, length, packet.protocol);
    }
}
