package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * View of an IPv6 header (RFC 8200 §3). Accessors rely on {@link #isValid}. An address is two
 * big-endian {@code long}s, high and low. Extension headers: {@link Ipv6Extensions}.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+---------------+---------------------------------------+
 * |Version| Traffic Class |              Flow Label               |
 * +-------+---------------+-------+---------------+---------------+
 * |        Payload Length         |  Next Header  |   Hop Limit   |
 * +-------------------------------+---------------+---------------+
 * |                   Source Address (16 bytes)                   |
 * +---------------------------------------------------------------+
 * |                Destination Address (16 bytes)                 |
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class Ipv6Header {
    public static final int LENGTH = 40;

    public static final int PAYLOAD_LENGTH_OFFSET = 4;
    public static final int NEXT_HEADER_OFFSET = 6;
    public static final int HOP_LIMIT_OFFSET = 7;
    public static final int SOURCE_OFFSET = 8;
    public static final int DESTINATION_OFFSET = 24;

    /** Every link carries packets of this size (RFC 8200 §5). */
    public static final int MTU_MIN = 1280;

    /** Upper half of fe80::/64. */
    public static final long LINK_LOCAL_HIGH = 0xFE80_0000_0000_0000L;

    /** Upper half of ff02::/64, the groups of one link. */
    public static final long LINK_GROUP_HIGH = 0xFF02_0000_0000_0000L;

    private static final int CONGESTION_EXPERIENCED = 0x0030; // of the first two bytes

    private Ipv6Header() {}

    /** True when the version is 6 and the whole packet is there; bytes behind it are padding. */
    public static boolean isValid(DirectBuffer buffer, int offset, int length) {
        return length >= LENGTH
                && version(buffer, offset) == 6
                && packetLength(buffer, offset) <= length;
    }

    public static int version(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset) >>> 4 & 0xF;
    }

    /** DSCP and ECN, 0..255. */
    public static int trafficClass(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, BIG_ENDIAN) >>> 4 & 0xFF;
    }

    /** Tells the receiver of congestion (RFC 3168 §5). */
    public static void markCongestion(MutableDirectBuffer buffer, int offset) {
        int marked = buffer.getShort(offset, BIG_ENDIAN) | CONGESTION_EXPERIENCED;
        buffer.putShort(offset, (short) marked, BIG_ENDIAN);
    }

    public static int payloadLength(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + PAYLOAD_LENGTH_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    /** Header and payload in bytes. Jumbograms (RFC 2675) are not known here. */
    public static int packetLength(DirectBuffer buffer, int offset) {
        return LENGTH + payloadLength(buffer, offset);
    }

    public static int nextHeader(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + NEXT_HEADER_OFFSET) & 0xFF;
    }

    public static int hopLimit(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + HOP_LIMIT_OFFSET) & 0xFF;
    }

    public static long sourceHigh(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + SOURCE_OFFSET, BIG_ENDIAN);
    }

    public static long sourceLow(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + SOURCE_OFFSET + 8, BIG_ENDIAN);
    }

    public static long destinationHigh(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + DESTINATION_OFFSET, BIG_ENDIAN);
    }

    public static long destinationLow(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + DESTINATION_OFFSET + 8, BIG_ENDIAN);
    }

    /** Takes one from a hop limit of at least 1. */
    public static void decrementHopLimit(MutableDirectBuffer buffer, int offset) {
        int hopLimit = hopLimit(buffer, offset);
        buffer.putByte(offset + HOP_LIMIT_OFFSET, (byte) (hopLimit - 1));
    }

    /** Writes all but the addresses; traffic class and flow label 0. */
    public static void write(
            MutableDirectBuffer buffer,
            int offset,
            int payloadLength,
            int nextHeader,
            int hopLimit) {
        buffer.putInt(offset, 6 << 28, BIG_ENDIAN);
        int second = payloadLength << 16 | nextHeader << 8 | hopLimit;
        buffer.putInt(offset + PAYLOAD_LENGTH_OFFSET, second, BIG_ENDIAN);
    }

    public static void writeSource(MutableDirectBuffer buffer, int offset, long high, long low) {
        buffer.putLong(offset + SOURCE_OFFSET, high, BIG_ENDIAN);
        buffer.putLong(offset + SOURCE_OFFSET + 8, low, BIG_ENDIAN);
    }

    public static void writeDestination(
            MutableDirectBuffer buffer, int offset, long high, long low) {
        buffer.putLong(offset + DESTINATION_OFFSET, high, BIG_ENDIAN);
        buffer.putLong(offset + DESTINATION_OFFSET + 8, low, BIG_ENDIAN);
    }

    /** ff00::/8. */
    public static boolean isMulticast(long high) {
        return high >>> 56 == 0xFF;
    }

    /** fe80::/10. */
    public static boolean isLinkLocal(long high) {
        return high >>> 54 == 0x3FA;
    }

    /** True unless unspecified (::), loopback (::1) or multicast. */
    public static boolean isUnicast(long high, long low) {
        return !isMulticast(high) && (high != 0 || low >>> 1 != 0);
    }
}
