package io.spillway.dataplane.header;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.tap.VirtioNetHeader;

/**
 * What a packet's sender left to us: the rest of a checksum, the cutting of a super-frame. It walks
 * on only in the plainest form, TCP or UDP as the outermost transport of a packet that is no
 * fragment; any other checksum is completed here, any other super-frame refused (DESIGN §3
 * "Checksums").
 */
public final class Offloads {
    /** Bytes of IP and TCP or UDP headers in a super-frame: more options than anyone uses. */
    public static final int HEADER_LENGTH_MAX = 160;

    /** 64 KiB in segments of the smallest size that Linux allows for TCP, 48 bytes, are fewer. */
    static final int SEGMENTS_MAX = 2048;

    private Offloads() {}

    /** Null when the packet may walk on, else why not. The headers are proved already. */
    static DropReason settle(PacketBuffer packet) {
        if (packet.isChecksumPartial) {
            return mayBePartial(packet) ? null : DropReason.PACKET_BAD_HEADER; // a peer's claim
        }
        if (packet.gsoType != VirtioNetHeader.GSO_NONE) {
            return settleSuperFrame(packet);
        }
        if (packet.checksumStart == PacketBuffer.NONE) {
            return null;
        }
        if (isOutermost(packet)) {
            packet.isChecksumPartial = true;
            return null;
        }
        boolean isInside =
                TransportChecksum.complete(
                        packet.memory(),
                        packet.offset(),
                        packet.length(),
                        packet.checksumStart,
                        packet.checksumField);
        return isInside ? null : DropReason.FRAME_OFFLOAD_UNEXPECTED;
    }

    private static DropReason settleSuperFrame(PacketBuffer packet) {
        int payloadLength = packet.length() - packet.payloadOffset;
        if (!isOutermost(packet)
                || !isOfType(packet)
                || payloadLength > SEGMENTS_MAX * packet.segmentLength
                || packet.payloadOffset > HEADER_LENGTH_MAX) {
            return DropReason.FRAME_OFFLOAD_UNEXPECTED;
        }
        packet.isChecksumPartial = true;
        if (payloadLength <= packet.segmentLength) {
            packet.segmentLength = 0; // also of a gso_size of 0 with nothing to cut
        } else {
            int segments = (payloadLength + packet.segmentLength - 1) / packet.segmentLength;
            packet.packetCount(segments);
        }
        return null;
    }

    private static boolean isOfType(PacketBuffer packet) {
        return switch (packet.gsoType & ~VirtioNetHeader.GSO_ECN) {
            case VirtioNetHeader.GSO_TCP4 ->
                    packet.ipVersion == 4 && packet.protocol == TcpHeader.PROTOCOL;
            case VirtioNetHeader.GSO_TCP6 ->
                    packet.ipVersion == 6 && packet.protocol == TcpHeader.PROTOCOL;
            case VirtioNetHeader.GSO_UDP -> packet.protocol == UdpHeader.PROTOCOL;
            default -> false;
        };
    }

    private static boolean isOutermost(PacketBuffer packet) {
        return mayBePartial(packet)
                && packet.checksumStart == packet.transportOffset
                && packet.checksumField == TransportChecksum.fieldOf(packet.protocol);
    }

    private static boolean mayBePartial(PacketBuffer packet) {
        boolean hasChecksum =
                packet.protocol == TcpHeader.PROTOCOL || packet.protocol == UdpHeader.PROTOCOL;
        return hasChecksum && !packet.isFragment;
    }
}
