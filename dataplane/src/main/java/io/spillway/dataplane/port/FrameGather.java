package io.spillway.dataplane.port;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Checksum;
import io.spillway.dataplane.header.EthernetHeader;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.header.Offloads;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.header.TransportChecksum;
import io.spillway.dataplane.header.UdpHeader;
import io.spillway.dataplane.segment.Coalescer;
import io.spillway.tap.Gather;
import io.spillway.tap.VirtioNetHeader;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The pieces of one frame as a port with virtio-net headers takes it: headers written here, payload
 * where it lies. The packets themselves are not changed.
 *
 * <pre>
 *   single, super-frame:  | virtio-net | the frame as it is ........................... |
 *   train:                | virtio-net . Ethernet . IP . TCP | payload | payload | ... |
 * </pre>
 *
 * <p>Owned by the lan agent.
 */
final class FrameGather {
    private static final int HEADER = VirtioNetHeader.LENGTH;
    private static final int TRAIN_FLAGS = TcpHeader.FIN | TcpHeader.PSH;

    private final UnsafeBuffer headers =
            new UnsafeBuffer(
                    ByteBuffer.allocateDirect(
                            HEADER + EthernetHeader.LENGTH_MAX + Offloads.HEADER_LENGTH_MAX));
    private final Gather pieces = new Gather(1 + Coalescer.PACKETS_MAX);

    /** A single packet or a super-frame, as it is. */
    Gather whole(PacketBuffer frame) {
        VirtioNetHeader.clear(headers, 0);
        if (frame.isChecksumPartial) {
            writePartialChecksum(frame);
        }
        if (frame.segmentLength > 0) {
            writeSegmentation(frame, frame.segmentLength);
        }
        pieces.clear();
        pieces.add(headers.addressOffset(), HEADER);
        pieces.add(frame.address(), frame.length());
        return pieces;
    }

    /**
     * A train as one super-frame; null when a checksum in it is wrong, which merging would hide.
     */
    Gather train(PacketBuffer head) {
        int headerLength = head.linkLength + head.payloadOffset;
        pieces.clear();
        pieces.add(headers.addressOffset(), HEADER + headerLength);
        int payloadLength = 0;
        for (PacketBuffer packet = head; packet != null; packet = packet.next()) {
            if (!packet.isChecksumPartial && !isChecksumValid(packet)) {
                return null;
            }
            int skipped = packet.linkLength + packet.payloadOffset;
            pieces.add(packet.address() + skipped, packet.length() - skipped);
            payloadLength += packet.length() - skipped;
        }
        VirtioNetHeader.clear(headers, 0);
        writePartialChecksum(head);
        writeSegmentation(head, head.length() - headerLength);
        headers.putBytes(HEADER, head.memory(), head.offset(), headerLength);
        writeLengths(head, payloadLength);
        return pieces;
    }

    /** What is not framed yet begins with its IP header. */
    private static boolean isChecksumValid(PacketBuffer packet) {
        if (packet.linkLength == 0) {
            return TransportChecksum.isValid(packet);
        }
        packet.pull(packet.linkLength);
        boolean isValid = TransportChecksum.isValid(packet);
        packet.push(packet.linkLength);
        return isValid;
    }

    private void writePartialChecksum(PacketBuffer frame) {
        VirtioNetHeader.partialChecksum(
                headers,
                0,
                frame.linkLength + frame.transportOffset,
                TransportChecksum.fieldOf(frame.protocol));
    }

    private void writeSegmentation(PacketBuffer frame, int segmentLength) {
        int headerLength = frame.linkLength + frame.payloadOffset;
        VirtioNetHeader.segmentation(headers, 0, gsoType(frame), headerLength, segmentLength);
    }

    private static int gsoType(PacketBuffer frame) {
        if (frame.protocol == UdpHeader.PROTOCOL) {
            return VirtioNetHeader.GSO_UDP;
        }
        int type = frame.ipVersion == 4 ? VirtioNetHeader.GSO_TCP4 : VirtioNetHeader.GSO_TCP6;
        int transport = frame.offset() + frame.linkLength + frame.transportOffset;
        boolean hasReduced = (TcpHeader.flags(frame.memory(), transport) & TcpHeader.CWR) != 0;
        return hasReduced ? type | VirtioNetHeader.GSO_ECN : type;
    }

    /** The head's copy becomes the header of all. */
    private void writeLengths(PacketBuffer head, int payloadLength) {
        int ip = HEADER + head.linkLength;
        int transport = ip + head.transportOffset;
        int length = head.payloadOffset - head.transportOffset + payloadLength;
        if (head.ipVersion == 4) {
            int total = (head.payloadOffset + payloadLength);
            headers.putShort(ip + Ipv4Header.TOTAL_LENGTH_OFFSET, (short) total, BIG_ENDIAN);
            Ipv4Header.writeChecksum(headers, ip);
        } else {
            int field = head.payloadOffset + payloadLength - Ipv6Header.LENGTH;
            headers.putShort(ip + Ipv6Header.PAYLOAD_LENGTH_OFFSET, (short) field, BIG_ENDIAN);
        }
        if (head.protocol == UdpHeader.PROTOCOL) {
            headers.putShort(transport + UdpHeader.LENGTH_OFFSET, (short) length, BIG_ENDIAN);
        } else {
            byte flags = (byte) (flags(head) | flags(head.last()) & TRAIN_FLAGS);
            headers.putByte(transport + TcpHeader.FLAGS_OFFSET, flags);
        }
        int field = transport + TransportChecksum.fieldOf(head.protocol);
        headers.putShort(field, (short) pseudoSum(headers, ip, head, length), BIG_ENDIAN);
    }

    private static int flags(PacketBuffer packet) {
        int transport = packet.offset() + packet.linkLength + packet.transportOffset;
        return TcpHeader.flags(packet.memory(), transport);
    }

    private static int pseudoSum(DirectBuffer buffer, int ip, PacketBuffer head, int length) {
        return head.ipVersion == 4
                ? Checksum.ofPseudoIpv4(buffer, ip, head.protocol, length)
                : Checksum.ofPseudoIpv6(buffer, ip, head.protocol, length);
    }
}
