package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * View of an ICMPv6 header (RFC 4443 §2.1). Readers need {@link #LENGTH} bytes.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |     Type      |     Code      |           Checksum            |
 * +---------------+---------------+-------------------------------+
 * |   by type: MTU, identifier and sequence, flags, unused        |
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class Icmpv6Header {
    public static final int PROTOCOL = 58;
    public static final int LENGTH = 8;

    public static final int TYPE_OFFSET = 0;
    public static final int CODE_OFFSET = 1;
    public static final int CHECKSUM_OFFSET = 2;
    public static final int REST_OFFSET = 4;

    public static final int UNREACHABLE = 1;
    public static final int PACKET_TOO_BIG = 2;
    public static final int TIME_EXCEEDED = 3;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;
    public static final int ROUTER_SOLICITATION = 133; // RFC 4861 §4
    public static final int ROUTER_ADVERTISEMENT = 134;
    public static final int NEIGHBOUR_SOLICITATION = 135;
    public static final int NEIGHBOUR_ADVERTISEMENT = 136;
    public static final int REDIRECT = 137;

    public static final int CODE_NO_ROUTE = 0; // RFC 4443 §3.1
    public static final int CODE_PROHIBITED = 1;
    public static final int CODE_ADDRESS_UNREACHABLE = 3;
    public static final int CODE_HOP_LIMIT_EXCEEDED = 0; // §3.3

    private static final int EXTENDED_ECHO = 160; // RFC 8335
    private static final int EXTENDED_ECHO_REPLY = 161;

    private static final int QUERIES = 128;

    private Icmpv6Header() {}

    public static int type(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + TYPE_OFFSET) & 0xFF;
    }

    public static int code(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + CODE_OFFSET) & 0xFF;
    }

    public static int checksum(DirectBuffer buffer, int offset) {
        return Checksum.read(buffer, offset + CHECKSUM_OFFSET);
    }

    /** The type of what is answered by one of this type; else the type itself. */
    public static int question(int type) {
        return switch (type) {
            case ECHO_REPLY -> ECHO_REQUEST;
            case EXTENDED_ECHO_REPLY -> EXTENDED_ECHO;
            default -> type;
        };
    }

    /** Whether questions of this type, and their answers, have an {@link #identifier}. */
    public static boolean hasIdentifier(int question) {
        return question == ECHO_REQUEST || question == EXTENDED_ECHO;
    }

    /** Identifier of an echo, 0..0xFFFF. */
    public static int identifier(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + REST_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    /** MTU of "packet too big". */
    public static int mtu(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + REST_OFFSET, BIG_ENDIAN);
    }

    /** True for types below 128 (§2.1) and for a redirect, about which one is silent too (§2.4). */
    public static boolean isError(int type) {
        return type < QUERIES || type == REDIRECT;
    }

    /** Writes the first eight bytes, checksum 0. */
    public static void write(MutableDirectBuffer buffer, int offset, int type, int code, int rest) {
        buffer.putInt(offset, type << 24 | code << 16, BIG_ENDIAN);
        buffer.putInt(offset + REST_OFFSET, rest, BIG_ENDIAN);
    }

    /** Computes the checksum of a message that stands right behind its IPv6 header. */
    public static void writeChecksum(MutableDirectBuffer buffer, int ipOffset) {
        int offset = ipOffset + Ipv6Header.LENGTH;
        int length = Ipv6Header.payloadLength(buffer, ipOffset);
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) 0);
        int sum = TransportChecksum.sumIpv6(buffer, ipOffset, offset, length, PROTOCOL);
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) Checksum.ofSum(sum), BIG_ENDIAN);
    }
}
