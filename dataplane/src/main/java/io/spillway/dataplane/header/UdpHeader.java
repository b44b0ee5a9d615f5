package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * View of a UDP header (RFC 768). Accessors rely on {@link #isValid}.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------------------------------+-------------------------------+
 * |          Source Port          |       Destination Port        |
 * +-------------------------------+-------------------------------+
 * |            Length             |    Checksum (0 = none)        |
 * +-------------------------------+-------------------------------+
 * </pre>
 */
public final class UdpHeader {
    public static final int PROTOCOL = 17;
    public static final int LENGTH = 8;

    public static final int SOURCE_PORT_OFFSET = 0;
    public static final int DESTINATION_PORT_OFFSET = 2;
    public static final int LENGTH_OFFSET = 4;
    public static final int CHECKSUM_OFFSET = 6;

    private UdpHeader() {}

    /**
     * True when the datagram's own length covers its header and lies within the packet's rest. Not
     * for the first of several fragments: its length is the whole datagram's.
     */
    public static boolean isValid(DirectBuffer buffer, int offset, int length) {
        return length >= LENGTH
                && length(buffer, offset) >= LENGTH
                && length(buffer, offset) <= length;
    }

    public static int sourcePort(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + SOURCE_PORT_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    public static int destinationPort(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + DESTINATION_PORT_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    /** Header and payload in bytes. */
    public static int length(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + LENGTH_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    /** 0: the sender computed none. */
    public static int checksum(DirectBuffer buffer, int offset) {
        return Checksum.read(buffer, offset + CHECKSUM_OFFSET);
    }
}
