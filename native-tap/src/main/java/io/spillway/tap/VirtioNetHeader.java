package io.spillway.tap;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * {@code struct virtio_net_hdr}, in front of every frame of a device with {@link
 * FrameDevice#hasVnetHeader}. Virtio 1.2 section 5.1.6; on a TAP in native byte order.
 *
 * <pre>
 *   0       1       2               4               6               8              10
 *  +-------+-------+---------------+---------------+---------------+---------------+
 *  | flags | gso   | header length | gso size      | checksum      | checksum      |
 *  |       | type  |               |               | start         | offset        |
 *  +-------+-------+---------------+---------------+---------------+---------------+
 * </pre>
 *
 * <p>Checksum start counts from the frame's first byte behind this header; the checksum field lies
 * at start + offset. The header length is the kernel's hint how much to keep together, no proven
 * fact.
 */
public final class VirtioNetHeader {
    public static final int LENGTH = 10;

    /** Bytes from checksum start on are not summed yet; the field holds the pseudo-header's sum. */
    public static final int FLAG_NEEDS_CHECKSUM = 1;

    /** The kernel has verified the checksum. */
    public static final int FLAG_DATA_VALID = 2;

    public static final int GSO_NONE = 0;
    public static final int GSO_TCP4 = 1;
    public static final int GSO_TCP6 = 4;
    public static final int GSO_UDP = 5;

    /** Added to a TCP type when the super-frame's first segment has CWR set. */
    public static final int GSO_ECN = 0x80;

    private static final int FLAGS_OFFSET = 0;
    private static final int GSO_TYPE_OFFSET = 1;
    private static final int HEADER_LENGTH_OFFSET = 2;
    private static final int GSO_SIZE_OFFSET = 4;
    private static final int CHECKSUM_START_OFFSET = 6;
    private static final int CHECKSUM_OFFSET_OFFSET = 8;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private VirtioNetHeader() {}

    public static int flags(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + FLAGS_OFFSET) & 0xFF;
    }

    public static boolean needsChecksum(DirectBuffer buffer, int offset) {
        return (flags(buffer, offset) & FLAG_NEEDS_CHECKSUM) != 0;
    }

    /** One of the GSO_ types, {@link #GSO_ECN} included. */
    public static int gsoType(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + GSO_TYPE_OFFSET) & 0xFF;
    }

    public static int headerLength(DirectBuffer buffer, int offset) {
        return unsignedShort(buffer, offset + HEADER_LENGTH_OFFSET);
    }

    /** Payload bytes of each segment but the last; 0 for a single packet. */
    public static int gsoSize(DirectBuffer buffer, int offset) {
        return unsignedShort(buffer, offset + GSO_SIZE_OFFSET);
    }

    public static int checksumStart(DirectBuffer buffer, int offset) {
        return unsignedShort(buffer, offset + CHECKSUM_START_OFFSET);
    }

    public static int checksumOffset(DirectBuffer buffer, int offset) {
        return unsignedShort(buffer, offset + CHECKSUM_OFFSET_OFFSET);
    }

    /**
     * Whether the 16-bit field that is to hold the checksum lies inside a frame of this length.
     * Always true when no checksum is asked for.
     */
    public static boolean isChecksumInside(DirectBuffer buffer, int offset, int frameLength) {
        return !needsChecksum(buffer, offset)
                || checksumStart(buffer, offset) + checksumOffset(buffer, offset) + Short.BYTES
                        <= frameLength;
    }

    /** A plain packet: checksum complete, no segmentation. */
    public static void clear(MutableDirectBuffer buffer, int offset) {
        buffer.setMemory(offset, LENGTH, (byte) 0);
    }

    public static void flags(MutableDirectBuffer buffer, int offset, int flags) {
        buffer.putByte(offset + FLAGS_OFFSET, (byte) flags);
    }

    /** Leaves the checksum of the bytes from {@code start} on to the kernel. */
    public static void partialChecksum(
            MutableDirectBuffer buffer, int offset, int start, int checksumOffset) {
        flags(buffer, offset, FLAG_NEEDS_CHECKSUM);
        putShort(buffer, offset + CHECKSUM_START_OFFSET, start);
        putShort(buffer, offset + CHECKSUM_OFFSET_OFFSET, checksumOffset);
    }

    /** {@code headerLength}: everything in front of the payload, Ethernet included. */
    public static void segmentation(
            MutableDirectBuffer buffer, int offset, int gsoType, int headerLength, int gsoSize) {
        buffer.putByte(offset + GSO_TYPE_OFFSET, (byte) gsoType);
        putShort(buffer, offset + HEADER_LENGTH_OFFSET, headerLength);
        putShort(buffer, offset + GSO_SIZE_OFFSET, gsoSize);
    }

    private static int unsignedShort(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, ORDER) & 0xFFFF;
    }

    private static void putShort(MutableDirectBuffer buffer, int offset, int value) {
        buffer.putShort(offset, (short) value, ORDER);
    }
}
