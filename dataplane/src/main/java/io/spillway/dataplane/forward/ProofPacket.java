package io.spillway.dataplane.forward;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Checksum;
import io.spillway.dataplane.header.IcmpHeader;
import io.spillway.dataplane.header.Icmpv6Header;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The echo inside a record of type PROOF: an ICMP echo (RFC 792) or ICMPv6 echo (RFC 4443 §4)
 * without IP options, whose data begins with what its sender wants back.
 *
 * <pre>
 *   | IPv4 (20) or IPv6 (40) | ICMP (8) | sender's nanoseconds (8) | sequence (4) | zeros |
 * </pre>
 */
final class ProofPacket {
    private static final int SENT_OFFSET = IcmpHeader.LENGTH;
    private static final int SEQUENCE_OFFSET = SENT_OFFSET + Long.BYTES;
    private static final int ECHO_LENGTH_MIN = SEQUENCE_OFFSET + Integer.BYTES;
    private static final int HOP_LIMIT = 64;

    private ProofPacket() {}

    /** What is neither of ours nor whole is not looked at further. */
    static boolean isSound(PacketBuffer packet) {
        int headerLength = headerLength(packet.ipVersion);
        boolean isIcmp =
                packet.protocol
                        == (packet.ipVersion == 4 ? IcmpHeader.PROTOCOL : Icmpv6Header.PROTOCOL);
        return isIcmp
                && !packet.isFragment
                && packet.transportOffset == headerLength
                && packet.length() >= headerLength + ECHO_LENGTH_MIN;
    }

    static boolean isRequest(PacketBuffer packet) {
        int type = IcmpHeader.type(packet.memory(), icmp(packet));
        return type
                == (packet.ipVersion == 4 ? IcmpHeader.ECHO_REQUEST : Icmpv6Header.ECHO_REQUEST);
    }

    static boolean isReply(PacketBuffer packet) {
        int type = IcmpHeader.type(packet.memory(), icmp(packet));
        return type == (packet.ipVersion == 4 ? IcmpHeader.ECHO_REPLY : Icmpv6Header.ECHO_REPLY);
    }

    static long sentNs(PacketBuffer packet) {
        return packet.memory().getLong(icmp(packet) + SENT_OFFSET, BIG_ENDIAN);
    }

    static int sequence(PacketBuffer packet) {
        return packet.memory().getInt(icmp(packet) + SEQUENCE_OFFSET, BIG_ENDIAN);
    }

    /** Fills {@code packet}, whose length and IP version are set, but for its IP header. */
    static void writeRequest(PacketBuffer packet, int identifier, int sequence, long sentNs) {
        UnsafeBuffer memory = packet.memory();
        int icmp = icmp(packet);
        memory.setMemory(icmp, packet.length() - headerLength(packet.ipVersion), (byte) 0);
        memory.putInt(
                icmp + IcmpHeader.REST_OFFSET,
                (identifier & 0xFFFF) << 16 | sequence & 0xFFFF,
                BIG_ENDIAN);
        memory.putLong(icmp + SENT_OFFSET, sentNs, BIG_ENDIAN);
        memory.putInt(icmp + SEQUENCE_OFFSET, sequence, BIG_ENDIAN);
    }

    /** Writes IP header, type and checksum; the rest of the ICMP message stands. */
    static void seal4(PacketBuffer packet, boolean isRequest, int source, int destination) {
        MutableDirectBuffer memory = packet.memory();
        int offset = packet.offset();
        int length = packet.length();
        Ipv4Header.write(memory, offset, 0, length, IcmpHeader.PROTOCOL, source, destination);
        int icmp = offset + Ipv4Header.LENGTH_MIN;
        int type = isRequest ? IcmpHeader.ECHO_REQUEST : IcmpHeader.ECHO_REPLY;
        memory.putInt(icmp, type << 24, BIG_ENDIAN);
        int sum = Checksum.sum(memory, icmp, length - Ipv4Header.LENGTH_MIN);
        memory.putShort(icmp + IcmpHeader.CHECKSUM_OFFSET, (short) Checksum.ofSum(sum), BIG_ENDIAN);
    }

    /** As {@link #seal4}; source and destination stand in the header already. */
    static void seal6(PacketBuffer packet, boolean isRequest) {
        MutableDirectBuffer memory = packet.memory();
        int offset = packet.offset();
        int payloadLength = packet.length() - Ipv6Header.LENGTH;
        Ipv6Header.write(memory, offset, payloadLength, Icmpv6Header.PROTOCOL, HOP_LIMIT);
        int type = isRequest ? Icmpv6Header.ECHO_REQUEST : Icmpv6Header.ECHO_REPLY;
        memory.putInt(offset + Ipv6Header.LENGTH, type << 24, BIG_ENDIAN);
        Icmpv6Header.writeChecksum(memory, offset);
    }

    static int headerLength(int ipVersion) {
        return ipVersion == 4 ? Ipv4Header.LENGTH_MIN : Ipv6Header.LENGTH;
    }

    private static int icmp(PacketBuffer packet) {
        return packet.offset() + headerLength(packet.ipVersion);
    }

    /** The shortest that {@link #isSound}, bytes. */
    static int lengthMin(int ipVersion) {
        return headerLength(ipVersion) + ECHO_LENGTH_MIN;
    }
}
