package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * View of an IPv4 header (RFC 791 §3.1). Accessors rely on {@link #isValid}. Addresses are the four
 * bytes as a big-endian {@code int}.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+-----------+---+-------------------------------+
 * |Version|  IHL  |   DSCP    |ECN|         Total Length          |
 * +-------+-------+-----------+---+-----+-------------------------+
 * |        Identification         |0|D|M|     Fragment Offset     |
 * +---------------+---------------+-----+-------------------------+
 * | Time to Live  |   Protocol    |       Header Checksum         |
 * +---------------+---------------+-------------------------------+
 * |                        Source Address                         |
 * +---------------------------------------------------------------+
 * |                     Destination Address                       |
 * +---------------------------------------------------------------+
 * |                  Options, 0..40 bytes, padded                 |
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class Ipv4Header {
    public static final int LENGTH_MIN = 20;
    public static final int LENGTH_MAX = 60;

    public static final int VERSION_OFFSET = 0;
    public static final int TYPE_OF_SERVICE_OFFSET = 1;
    public static final int TOTAL_LENGTH_OFFSET = 2;
    public static final int IDENTIFICATION_OFFSET = 4;
    public static final int FRAGMENT_OFFSET = 6;
    public static final int TTL_OFFSET = 8;
    public static final int PROTOCOL_OFFSET = 9;
    public static final int CHECKSUM_OFFSET = 10;
    public static final int SOURCE_OFFSET = 12;
    public static final int DESTINATION_OFFSET = 16;

    public static final int DONT_FRAGMENT = 0x4000;
    public static final int MORE_FRAGMENTS = 0x2000;
    public static final int FRAGMENT_OFFSET_MASK = 0x1FFF;

    /** Every link carries packets of this size (RFC 791 §3.2). */
    public static final int MTU_MIN = 68;

    private static final int CONGESTION_EXPERIENCED = 0x0003; // of the first two bytes
    private static final int TTL_DEFAULT = 64; // RFC 1700

    private Ipv4Header() {}

    /**
     * True when version, header length, total length and header checksum are right for a packet of
     * which {@code length} bytes are there. Bytes beyond the total length are padding.
     */
    public static boolean isValid(DirectBuffer buffer, int offset, int length) {
        if (length < LENGTH_MIN || version(buffer, offset) != 4) {
            return false;
        }
        int headerLength = headerLength(buffer, offset);
        int totalLength = totalLength(buffer, offset);
        return headerLength >= LENGTH_MIN
                && headerLength <= totalLength
                && totalLength <= length
                && Checksum.sum(buffer, offset, headerLength) == Checksum.VALID;
    }

    public static int version(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + VERSION_OFFSET) >>> 4 & 0xF;
    }

    /** In bytes, 0..60; at least 20 in a valid header. */
    public static int headerLength(DirectBuffer buffer, int offset) {
        return (buffer.getByte(offset + VERSION_OFFSET) & 0xF) << 2;
    }

    /** DSCP and ECN (RFC 2474, RFC 3168), 0..255. */
    public static int typeOfService(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + TYPE_OF_SERVICE_OFFSET) & 0xFF;
    }

    /** Header and payload in bytes. */
    public static int totalLength(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + TOTAL_LENGTH_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    public static int identification(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + IDENTIFICATION_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    /** Flags and fragment offset as they stand. */
    public static int fragmentField(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + FRAGMENT_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    public static boolean mayFragment(DirectBuffer buffer, int offset) {
        return (fragmentField(buffer, offset) & DONT_FRAGMENT) == 0;
    }

    /** True for every fragment, the first too. */
    public static boolean isFragment(DirectBuffer buffer, int offset) {
        return (fragmentField(buffer, offset) & (MORE_FRAGMENTS | FRAGMENT_OFFSET_MASK)) != 0;
    }

    /** True for a fragment that does not begin with the transport header. */
    public static boolean isLaterFragment(DirectBuffer buffer, int offset) {
        return (fragmentField(buffer, offset) & FRAGMENT_OFFSET_MASK) != 0;
    }

    public static int ttl(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + TTL_OFFSET) & 0xFF;
    }

    public static int protocol(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + PROTOCOL_OFFSET) & 0xFF;
    }

    public static int checksum(DirectBuffer buffer, int offset) {
        return Checksum.read(buffer, offset + CHECKSUM_OFFSET);
    }

    public static int source(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + SOURCE_OFFSET, BIG_ENDIAN);
    }

    public static int destination(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + DESTINATION_OFFSET, BIG_ENDIAN);
    }

    /** Takes one from a TTL of at least 1 and mends the checksum (RFC 1812 §5.3.1, RFC 1624). */
    public static void decrementTtl(MutableDirectBuffer buffer, int offset) {
        int before = buffer.getShort(offset + TTL_OFFSET, BIG_ENDIAN) & 0xFFFF;
        int after = before - 0x0100;
        buffer.putShort(offset + TTL_OFFSET, (short) after, BIG_ENDIAN);
        int checksum = Checksum.update(checksum(buffer, offset), before, after);
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) checksum, BIG_ENDIAN);
    }

    /** Tells the receiver of congestion (RFC 3168 §5) and mends the checksum. */
    public static void markCongestion(MutableDirectBuffer buffer, int offset) {
        int before = buffer.getShort(offset, BIG_ENDIAN) & 0xFFFF;
        int after = before | CONGESTION_EXPERIENCED;
        buffer.putShort(offset, (short) after, BIG_ENDIAN);
        int checksum = Checksum.update(checksum(buffer, offset), before, after);
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) checksum, BIG_ENDIAN);
    }

    /** Computes the header checksum anew. */
    public static void writeChecksum(MutableDirectBuffer buffer, int offset) {
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) 0);
        int sum = Checksum.sum(buffer, offset, headerLength(buffer, offset));
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) Checksum.ofSum(sum), BIG_ENDIAN);
    }

    /** Writes 20 bytes: TTL 64, DF with identification 0 (RFC 6864 §4.1), checksum included. */
    public static void write(
            MutableDirectBuffer buffer,
            int offset,
            int typeOfService,
            int totalLength,
            int protocol,
            int source,
            int destination) {
        buffer.putInt(offset, 0x4500_0000 | typeOfService << 16 | totalLength, BIG_ENDIAN);
        buffer.putInt(offset + IDENTIFICATION_OFFSET, DONT_FRAGMENT, BIG_ENDIAN);
        buffer.putInt(offset + TTL_OFFSET, TTL_DEFAULT << 24 | protocol << 16, BIG_ENDIAN);
        buffer.putInt(offset + SOURCE_OFFSET, source, BIG_ENDIAN);
        buffer.putInt(offset + DESTINATION_OFFSET, destination, BIG_ENDIAN);
        writeChecksum(buffer, offset);
    }

    /** True unless the address is in 0/8, 127/8, multicast or above (RFC 1812 §5.3.7). */
    public static boolean isUnicast(int address) {
        int network = address >>> 24;
        return network != 0 && network != 127 && network < 224;
    }

    /** False in the ranges that no router of the Internet knows: RFC 1918, 3927, 6598. */
    public static boolean isPublic(int address) {
        return (address & 0xFF00_0000) != 0x0A00_0000 // 10/8
                && (address & 0xFFF0_0000) != 0xAC10_0000 // 172.16/12
                && (address & 0xFFFF_0000) != 0xC0A8_0000 // 192.168/16
                && (address & 0xFFFF_0000) != 0xA9FE_0000 // 169.254/16
                && (address & 0xFFC0_0000) != 0x6440_0000; // 100.64/10
    }
}
