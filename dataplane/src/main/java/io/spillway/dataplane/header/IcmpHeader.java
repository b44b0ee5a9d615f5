package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * View of an ICMP header (RFC 792). Readers need {@link #LENGTH} bytes.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |     Type      |     Code      |           Checksum            |
 * +---------------+---------------+-------------------------------+
 * |  Echo: identifier             |  Echo: sequence number        |
 * |  Unreachable 4: unused        |  Next-hop MTU (RFC 1191 §4)   |
 * +-------------------------------+-------------------------------+
 * </pre>
 */
public final class IcmpHeader {
    public static final int PROTOCOL = 1;
    public static final int LENGTH = 8;

    public static final int TYPE_OFFSET = 0;
    public static final int CODE_OFFSET = 1;
    public static final int CHECKSUM_OFFSET = 2;
    public static final int REST_OFFSET = 4;

    public static final int ECHO_REPLY = 0;
    public static final int UNREACHABLE = 3;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;

    private static final int TIMESTAMP = 13;
    private static final int TIMESTAMP_REPLY = 14;
    private static final int INFORMATION = 15;
    private static final int INFORMATION_REPLY = 16;
    private static final int ADDRESS_MASK = 17; // RFC 950
    private static final int ADDRESS_MASK_REPLY = 18;
    private static final int EXTENDED_ECHO = 42; // RFC 8335
    private static final int EXTENDED_ECHO_REPLY = 43;

    public static final int CODE_NET_UNREACHABLE = 0; // RFC 792
    public static final int CODE_HOST_UNREACHABLE = 1;
    public static final int CODE_FRAGMENTATION_NEEDED = 4;
    public static final int CODE_PROHIBITED = 13; // RFC 1812 §5.2.7.1
    public static final int CODE_TTL_EXCEEDED = 0;

    private IcmpHeader() {}

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
            case TIMESTAMP_REPLY -> TIMESTAMP;
            case INFORMATION_REPLY -> INFORMATION;
            case ADDRESS_MASK_REPLY -> ADDRESS_MASK;
            case EXTENDED_ECHO_REPLY -> EXTENDED_ECHO;
            default -> type;
        };
    }

    /** Whether questions of this type, and their answers, have an {@link #identifier}. */
    public static boolean hasIdentifier(int question) {
        return switch (question) {
            case ECHO_REQUEST, TIMESTAMP, INFORMATION, ADDRESS_MASK, EXTENDED_ECHO -> true;
            default -> false;
        };
    }

    /** Identifier of an echo, 0..0xFFFF. */
    public static int identifier(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + REST_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    /** Next-hop MTU of "fragmentation needed"; 0 from routers older than RFC 1191. */
    public static int nextHopMtu(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + REST_OFFSET + 2, BIG_ENDIAN) & 0xFFFF;
    }

    /** True unless the type is a known query (RFC 1812 §4.3.1): about unknown ones be silent. */
    public static boolean isError(int type) {
        return switch (type) {
            case 0, 8, 9, 10, 13, 14, 15, 16, 17, 18, 42, 43 -> false; // 42, 43: RFC 8335
            default -> true;
        };
    }
}
