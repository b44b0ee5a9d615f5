package io.spillway.dataplane.observe;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * View of what a {@link CaptureRing} keeps of a packet: in front of its bytes, in native byte
 * order,
 *
 * <pre>
 *    0 +-----------------------------------------------+
 *      | time, agent's nanoseconds                     |
 *    8 +-----------------------------------------------+
 *      | packet ID                                     |
 *   16 +-----------------------------------------------+
 *      | site at the tunnel's far end                  |
 *   24 +-----------------------+-----------------------+
 *      | place                 | length                |
 *   32 +-----------------------+-----------------------+
 *      | tunnel, or -1         | link of the tunnel    |
 *   40 +-----------------------+-----------------------+
 *      | drop reason, or -1    | checksum              |
 *   48 +-----------------------+-----------------------+
 *      | endpoint of a datagram's far end, 28 bytes    |
 *   80 +-----------------------------------------------+
 *      | the packet's first bytes                      |
 * </pre>
 *
 * <p>The checksum is complete (-1), or left to whoever puts the packet on a wire: from the byte on
 * that is named, or from its transport header on (-2).
 */
public final class CaptureEntry {
    /** Bytes in front of the packet's. */
    public static final int LENGTH = 80;

    /** No tunnel, no reason, no checksum to complete. */
    public static final int NONE = -1;

    /** A checksum is to be completed: of the outermost TCP or UDP header. */
    public static final int OF_TRANSPORT = -2;

    private static final int TIME_OFFSET = 0;
    private static final int ID_OFFSET = 8;
    private static final int SITE_OFFSET = 16;
    private static final int PLACE_OFFSET = 24;
    private static final int LENGTH_OFFSET = 28;
    private static final int TUNNEL_OFFSET = 32;
    private static final int LINK_OFFSET = 36;
    private static final int REASON_OFFSET = 40;
    private static final int CHECKSUM_OFFSET = 44;
    private static final int ENDPOINT_OFFSET = 48;

    private CaptureEntry() {}

    /** Writes all but what the others below write, which have not been there. */
    static void start(MutableDirectBuffer buffer, int entry, int place, int packetLength) {
        buffer.putInt(entry + PLACE_OFFSET, place);
        buffer.putInt(entry + LENGTH_OFFSET, packetLength);
        buffer.putInt(entry + TUNNEL_OFFSET, NONE);
        buffer.putInt(entry + REASON_OFFSET, NONE);
        buffer.putInt(entry + CHECKSUM_OFFSET, NONE);
    }

    public static void packet(MutableDirectBuffer buffer, int entry, long timeNs, long id) {
        buffer.putLong(entry + TIME_OFFSET, timeNs);
        buffer.putLong(entry + ID_OFFSET, id);
    }

    public static void tunnel(
            MutableDirectBuffer buffer, int entry, int tunnel, int link, long site) {
        buffer.putInt(entry + TUNNEL_OFFSET, tunnel);
        buffer.putInt(entry + LINK_OFFSET, link);
        buffer.putLong(entry + SITE_OFFSET, site);
    }

    public static void reason(MutableDirectBuffer buffer, int entry, DropReason reason) {
        buffer.putInt(entry + REASON_OFFSET, reason.ordinal());
    }

    /**
     * @param start {@link #OF_TRANSPORT}, or how many of the packet's bytes stand before what it
     *     covers
     */
    public static void partialChecksum(MutableDirectBuffer buffer, int entry, int start) {
        buffer.putInt(entry + CHECKSUM_OFFSET, start);
    }

    public static long timeNs(DirectBuffer buffer, int entry) {
        return buffer.getLong(entry + TIME_OFFSET);
    }

    public static long id(DirectBuffer buffer, int entry) {
        return buffer.getLong(entry + ID_OFFSET);
    }

    public static long site(DirectBuffer buffer, int entry) {
        return buffer.getLong(entry + SITE_OFFSET);
    }

    public static int place(DirectBuffer buffer, int entry) {
        return buffer.getInt(entry + PLACE_OFFSET);
    }

    /** Of the whole packet, which may be longer than what was kept. */
    public static int packetLength(DirectBuffer buffer, int entry) {
        return buffer.getInt(entry + LENGTH_OFFSET);
    }

    /** Index, or {@link #NONE}. */
    public static int tunnel(DirectBuffer buffer, int entry) {
        return buffer.getInt(entry + TUNNEL_OFFSET);
    }

    public static int link(DirectBuffer buffer, int entry) {
        return buffer.getInt(entry + LINK_OFFSET);
    }

    /** Null: it was not dropped. */
    public static DropReason reason(DirectBuffer buffer, int entry) {
        int ordinal = buffer.getInt(entry + REASON_OFFSET);
        return ordinal == NONE ? null : DropReason.VALUES[ordinal];
    }

    /** As it was given to {@link #partialChecksum}, or {@link #NONE}. */
    public static int checksumStart(DirectBuffer buffer, int entry) {
        return buffer.getInt(entry + CHECKSUM_OFFSET);
    }

    /** Index of a place for a sockaddr, 28 bytes. */
    public static int endpoint(int entry) {
        return entry + ENDPOINT_OFFSET;
    }
}
