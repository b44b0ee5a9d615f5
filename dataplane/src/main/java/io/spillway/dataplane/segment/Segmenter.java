package io.spillway.dataplane.segment;

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
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Cuts a super-frame into its packets, in place and one after another: each header is written right
 * in front of its payload, over bytes that were taken before, so that the packet is one run of
 * bytes and no payload moves.
 *
 * <pre>
 *   | header | payload 0 | payload 1 | payload 2 |
 *   | header . payload 0 |                            first
 *              | header  . payload 1 |                second, over the end of payload 0
 *                          | header  . payload 2 |    last
 * </pre>
 *
 * <p>Every packet has a partial checksum. Whoever takes it may write one byte behind it, as the
 * sealer does with the inner type: the next payload's first byte is kept here meanwhile.
 *
 * <p>Or takes some of its packets off its front, so that both parts are super-frames again; only
 * then is payload copied.
 *
 * <p>Owned by one agent.
 */
public final class Segmenter {
    private static final int NO_BYTE = -1;

    private final MutableDirectBuffer header =
            new UnsafeBuffer(
                    ByteBuffer.allocateDirect(
                            EthernetHeader.LENGTH_MAX + Offloads.HEADER_LENGTH_MAX));

    private PacketBuffer packet;
    private int headerLength;
    private int ip;
    private int transport;
    private int payload;
    private int end;
    private int segmentLength;
    private int index;
    private int identification;
    private int sequence;
    private int flags;
    private int ipSum;
    private int pseudoSum;
    private int keptOffset = NO_BYTE;
    private byte kept;

    /** Begins with a super-frame, with or without an Ethernet header in front. */
    public void start(PacketBuffer superFrame) {
        packet = superFrame;
        ip = superFrame.linkLength;
        transport = ip + superFrame.transportOffset;
        headerLength = ip + superFrame.payloadOffset;
        payload = superFrame.offset() + headerLength;
        end = superFrame.offset() + superFrame.length();
        segmentLength = superFrame.segmentLength;
        index = 0;
        keptOffset = NO_BYTE;
        header.putBytes(0, superFrame.memory(), superFrame.offset(), headerLength);
        prepareIp();
        prepareTransport();
    }

    public boolean hasNext() {
        return payload < end;
    }

    /** Bytes of the packet that {@link #next()} will bring. */
    public int nextLength() {
        return headerLength + nextPayloadLength();
    }

    /** Moves the buffer's bounds to its next packet, which stays there until the next call. */
    public void next() {
        MutableDirectBuffer memory = packet.memory();
        if (keptOffset != NO_BYTE) {
            memory.putByte(keptOffset, kept);
        }
        int payloadLength = nextPayloadLength();
        int offset = payload - headerLength;
        writeIp(payloadLength);
        writeTransport(payloadLength);
        memory.putBytes(offset, header, 0, headerLength);
        packet.set(offset, headerLength + payloadLength);
        payload += payloadLength;
        index++;
        keep(memory);
    }

    /**
     * Makes a packet that is about to die fit for quotation: a super-frame becomes its first
     * packet, a partial checksum is completed.
     */
    public void reduce(PacketBuffer dying) {
        if (dying.segmentLength > 0) {
            start(dying);
            next();
        }
        TransportChecksum.complete(dying);
    }

    /**
     * Copies the first packets of a super-frame without Ethernet header into another slot and takes
     * them off: both are super-frames, or single packets with a partial checksum.
     *
     * @param count of packets, fewer than it holds
     * @param piece with a slot of its own
     */
    public void takeFirst(PacketBuffer superFrame, int count, PacketBuffer piece) {
        start(superFrame);
        int payloadLength = count * segmentLength;
        writeIp(payloadLength);
        writeTransport(payloadLength);
        piece.reset(headerLength + payloadLength);
        MutableDirectBuffer memory = piece.memory();
        memory.putBytes(piece.offset(), header, 0, headerLength);
        memory.putBytes(piece.offset() + headerLength, superFrame.memory(), payload, payloadLength);
        piece.copyFacts(superFrame);
        holds(piece, count);
        skip(count);
    }

    /** Takes the first packet off a super-frame without Ethernet header. */
    public void dropFirst(PacketBuffer superFrame) {
        start(superFrame);
        skip(1);
    }

    /** What is left is a super-frame by itself, or its last packet. */
    private void skip(int count) {
        payload += count * segmentLength;
        index = count;
        int payloadLength = end - payload;
        writeIp(payloadLength);
        writeTransport(payloadLength);
        int offset = payload - headerLength;
        packet.memory().putBytes(offset, header, 0, headerLength);
        packet.set(offset, headerLength + payloadLength);
        holds(packet, packet.packetCount() - count);
    }

    /** One is a single packet. */
    private static void holds(PacketBuffer part, int count) {
        part.packetCount(count);
        if (count == 1) {
            part.segmentLength = 0;
        }
    }

    private void keep(MutableDirectBuffer memory) {
        keptOffset = payload < end ? payload : NO_BYTE;
        if (keptOffset != NO_BYTE) {
            kept = memory.getByte(keptOffset);
        }
    }

    private int nextPayloadLength() {
        return Math.min(segmentLength, end - payload);
    }

    /** Sums what all headers have in common. */
    private void prepareIp() {
        if (packet.ipVersion == 6) {
            pseudoSum = Checksum.ofPseudoIpv6(header, ip, packet.protocol, 0);
            return;
        }
        identification = Ipv4Header.identification(header, ip);
        header.putShort(ip + Ipv4Header.TOTAL_LENGTH_OFFSET, (short) 0);
        header.putShort(ip + Ipv4Header.IDENTIFICATION_OFFSET, (short) 0);
        header.putShort(ip + Ipv4Header.CHECKSUM_OFFSET, (short) 0);
        ipSum = Checksum.sum(header, ip, Ipv4Header.headerLength(header, ip));
        pseudoSum = Checksum.ofPseudoIpv4(header, ip, packet.protocol, 0);
    }

    private void prepareTransport() {
        if (packet.protocol == TcpHeader.PROTOCOL) {
            sequence = TcpHeader.sequence(header, transport);
            flags = TcpHeader.flags(header, transport);
        }
    }

    /** Identifications count up, as in the kernel's own segmentation. */
    private void writeIp(int payloadLength) {
        int length = headerLength - ip + payloadLength;
        if (packet.ipVersion == 6) {
            int field = length - Ipv6Header.LENGTH;
            header.putShort(ip + Ipv6Header.PAYLOAD_LENGTH_OFFSET, (short) field, BIG_ENDIAN);
            return;
        }
        int id = identification + index & 0xFFFF;
        int checksum = Checksum.ofSum(Checksum.add(Checksum.add(ipSum, length), id));
        header.putShort(ip + Ipv4Header.TOTAL_LENGTH_OFFSET, (short) length, BIG_ENDIAN);
        header.putShort(ip + Ipv4Header.IDENTIFICATION_OFFSET, (short) id, BIG_ENDIAN);
        header.putShort(ip + Ipv4Header.CHECKSUM_OFFSET, (short) checksum, BIG_ENDIAN);
    }

    private void writeTransport(int payloadLength) {
        int length = headerLength - transport + payloadLength;
        int partial = Checksum.add(pseudoSum, length);
        if (packet.protocol == UdpHeader.PROTOCOL) {
            header.putShort(transport + UdpHeader.LENGTH_OFFSET, (short) length, BIG_ENDIAN);
            header.putShort(transport + UdpHeader.CHECKSUM_OFFSET, (short) partial, BIG_ENDIAN);
            return;
        }
        int next = sequence + index * segmentLength;
        header.putInt(transport + TcpHeader.SEQUENCE_OFFSET, next, BIG_ENDIAN);
        header.putByte(transport + TcpHeader.FLAGS_OFFSET, (byte) flagsOf(payloadLength));
        header.putShort(transport + TcpHeader.CHECKSUM_OFFSET, (short) partial, BIG_ENDIAN);
    }

    /** FIN and PSH belong to the last, CWR to the first (RFC 3168 §6.1.2). */
    private int flagsOf(int payloadLength) {
        int own = flags;
        if (payload + payloadLength < end) {
            own &= ~(TcpHeader.FIN | TcpHeader.PSH);
        }
        return index > 0 ? own & ~TcpHeader.CWR : own;
    }
}
