package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * The chain of extension headers (RFC 8200 §4), walked at most {@link #HEADERS_MAX} deep.
 *
 * <pre>
 *  +---------------+---------------+-------------------------------+
 *  |  Next Header  |    Length     |  most: 8 bytes times Length+1
 *  +---------------+---------------+-------------------------------+
 *  Fragment (§4.5), always 8 bytes:
 *  +---------------+---------------+-------------------------+---+-+
 *  |  Next Header  |   reserved    |     Fragment Offset     |Res|M|
 *  +---------------+---------------+-------------------------+---+-+
 *  |                        Identification                         |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>A walk is a {@code long}, so that nothing is allocated:
 *
 * <pre>
 *  63 set: malformed    49 later fragment    48 fragment    47..40 protocol    31..0 offset
 * </pre>
 */
public final class Ipv6Extensions {
    /** Ours: real chains have one or two; a longer one is treated as malformed. */
    public static final int HEADERS_MAX = 8;

    public static final long MALFORMED = -1;

    public static final int HOP_BY_HOP = 0; // RFC 8200 §4.3
    public static final int ROUTING = 43; // §4.4
    public static final int FRAGMENT = 44; // §4.5
    public static final int AUTHENTICATION = 51; // RFC 4302 §2.2: length in 4 bytes, minus 2
    public static final int DESTINATION = 60; // RFC 8200 §4.6
    public static final int MOBILITY = 135; // RFC 6275 §6.1
    public static final int HIP = 139; // RFC 7401 §5.1
    public static final int SHIM6 = 140; // RFC 5533 §5.1

    private static final int EXTENSION_LENGTH_MIN = 8;
    private static final long FRAGMENT_FLAG = 1L << 48;
    private static final long LATER_FRAGMENT_FLAG = 1L << 49;

    private Ipv6Extensions() {}

    /**
     * Walks to the transport header of a packet that {@link Ipv6Header#isValid}.
     *
     * @return a walk for the accessors below, or {@link #MALFORMED} when a header sticks out of the
     *     packet or there are too many
     */
    public static long walk(DirectBuffer buffer, int offset) {
        int end = offset + Ipv6Header.packetLength(buffer, offset);
        int index = offset + Ipv6Header.LENGTH;
        int protocol = Ipv6Header.nextHeader(buffer, offset);
        long flags = 0;
        for (int depth = 0; depth <= HEADERS_MAX; depth++) {
            if (!isExtension(protocol)) {
                return flags | (long) protocol << 40 | index;
            }
            if (end - index < EXTENSION_LENGTH_MIN || depth == HEADERS_MAX) {
                return MALFORMED;
            }
            int next = buffer.getByte(index) & 0xFF;
            if (protocol == FRAGMENT) {
                flags |= fragmentFlags(buffer.getShort(index + 2, BIG_ENDIAN) & 0xFFFF);
            }
            index += length(protocol, buffer.getByte(index + 1) & 0xFF);
            protocol = next;
            if (index > end) {
                return MALFORMED;
            }
            if ((flags & LATER_FRAGMENT_FLAG) != 0) {
                return flags | (long) protocol << 40 | index; // what follows is data
            }
        }
        return MALFORMED;
    }

    /** Of a packet that {@link #walk} found to be a fragment: 32 bits that all of its have. */
    public static int identification(DirectBuffer buffer, int offset) {
        int index = offset + Ipv6Header.LENGTH;
        int protocol = Ipv6Header.nextHeader(buffer, offset);
        while (protocol != FRAGMENT) {
            int next = buffer.getByte(index) & 0xFF;
            index += length(protocol, buffer.getByte(index + 1) & 0xFF);
            protocol = next;
        }
        return buffer.getInt(index + 4, BIG_ENDIAN);
    }

    /** Protocol behind the extension headers; of the first fragment's content in later ones. */
    public static int protocol(long walk) {
        return (int) (walk >>> 40) & 0xFF;
    }

    /** Where that protocol's header begins, in the buffer; the data of a later fragment. */
    public static int offset(long walk) {
        return (int) walk;
    }

    /** True for every fragment but an atomic one (RFC 6946), the first too. */
    public static boolean isFragment(long walk) {
        return (walk & FRAGMENT_FLAG) != 0;
    }

    /** True for a fragment that does not begin with the transport header. */
    public static boolean isLaterFragment(long walk) {
        return (walk & LATER_FRAGMENT_FLAG) != 0;
    }

    private static long fragmentFlags(int field) {
        if (field >>> 3 != 0) {
            return FRAGMENT_FLAG | LATER_FRAGMENT_FLAG;
        }
        return (field & 1) != 0 ? FRAGMENT_FLAG : 0;
    }

    private static int length(int protocol, int lengthField) {
        if (protocol == FRAGMENT) {
            return 8;
        }
        return protocol == AUTHENTICATION ? (lengthField + 2) << 2 : (lengthField + 1) << 3;
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION -> true;
            case DESTINATION, MOBILITY, HIP, SHIM6 -> true;
            default -> false;
        };
    }
}
