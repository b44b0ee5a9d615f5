package io.spillway.dataplane.forward;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * PROBE and PROBE_REPLY, behind their content type.
 *
 * <pre>
 *    0                   1                   2                   3
 *   +---------------+-----------------------------------------------+
 *   |     flags     | origin's link |         reserved (0)          |
 *   +---------------+-----------------------------------------------+
 *   |                           sequence                            |
 *   +---------------------------------------------------------------+
 *   |                 send time, origin's nanoseconds (8)           |
 *   +---------------------------------------------------------------+
 *   |                 origin site ID (8; 0 = a PoP)                 |
 *   +---------------------------------------------------------------+
 *   |                 destination site ID (8; 0 = the tunnel's peer)|
 *   +---------------------------------------------------------------+
 *   |                 padding, any length                           |
 * </pre>
 *
 * <p>Flags: the lowest bit that the origin has left the cloud, the upper four which of its links 0
 * to 3 it wants to be sent to by (none: any), the others 0.
 *
 * <p>A reply echoes sequence and send time, and names the answering site as origin and the asking
 * one as destination. It has no padding: it tells that the probe's size passed in the probe's
 * direction, and must come back whatever passes in the other. A PoP relays both between sites.
 */
final class ProbeHeader {
    static final int LENGTH = 32;

    private static final int FLAGS_OFFSET = 0;
    private static final int LINK_OFFSET = 1;
    private static final int SEQUENCE_OFFSET = 4;
    private static final int SENT_OFFSET = 8;
    private static final int ORIGIN_OFFSET = 16;
    private static final int DESTINATION_OFFSET = 24;

    private ProbeHeader() {}

    static int flags(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + FLAGS_OFFSET) & 0xff;
    }

    /** Index of the WAN link that the origin sent by. */
    static int link(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + LINK_OFFSET) & 0xff;
    }

    static void flagsAndLink(MutableDirectBuffer buffer, int offset, int flags, int link) {
        buffer.putInt(offset + FLAGS_OFFSET, flags << 24 | link << 16, BIG_ENDIAN);
    }

    static int sequence(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + SEQUENCE_OFFSET, BIG_ENDIAN);
    }

    static void sequence(MutableDirectBuffer buffer, int offset, int sequence) {
        buffer.putInt(offset + SEQUENCE_OFFSET, sequence, BIG_ENDIAN);
    }

    static long sentNs(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + SENT_OFFSET, BIG_ENDIAN);
    }

    static void sentNs(MutableDirectBuffer buffer, int offset, long sentNs) {
        buffer.putLong(offset + SENT_OFFSET, sentNs, BIG_ENDIAN);
    }

    static long origin(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + ORIGIN_OFFSET, BIG_ENDIAN);
    }

    static void origin(MutableDirectBuffer buffer, int offset, long siteId) {
        buffer.putLong(offset + ORIGIN_OFFSET, siteId, BIG_ENDIAN);
    }

    static long destination(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + DESTINATION_OFFSET, BIG_ENDIAN);
    }

    static void destination(MutableDirectBuffer buffer, int offset, long siteId) {
        buffer.putLong(offset + DESTINATION_OFFSET, siteId, BIG_ENDIAN);
    }
}
