package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * View of a TCP header (RFC 9293 §3.1). Accessors rely on {@link #isValid}.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------------------------------+-------------------------------+
 * |          Source Port          |       Destination Port        |
 * +-------------------------------+-------------------------------+
 * |                        Sequence Number                        |
 * +---------------------------------------------------------------+
 * |                    Acknowledgment Number                      |
 * +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 * | DataO |  Rsvd |C|E|U|A|P|R|S|F|            Window             |
 * +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 * |           Checksum            |        Urgent Pointer         |
 * +-------------------------------+-------------------------------+
 * |                     Options, 0..40 bytes                      |
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class TcpHeader {
    public static final int PROTOCOL = 6;
    public static final int LENGTH_MIN = 20;

    public static final int SOURCE_PORT_OFFSET = 0;
    public static final int DESTINATION_PORT_OFFSET = 2;
    public static final int SEQUENCE_OFFSET = 4;
    public static final int ACKNOWLEDGMENT_OFFSET = 8;
    public static final int DATA_OFFSET_OFFSET = 12;
    public static final int FLAGS_OFFSET = 13;
    public static final int WINDOW_OFFSET = 14;
    public static final int CHECKSUM_OFFSET = 16;
    public static final int URGENT_POINTER_OFFSET = 18;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;
    public static final int ECE = 0x40;
    public static final int CWR = 0x80;

    /** {@link #mssOffset} when there is no such option. */
    public static final int NO_OPTION = -1;

    private static final int OPTION_END = 0; // RFC 9293 §3.2
    private static final int OPTION_NO_OPERATION = 1;
    private static final int OPTION_MSS = 2; // §3.7.1
    private static final int OPTION_MSS_LENGTH = 4;

    private TcpHeader() {}

    /** True when the whole header, options included, lies within {@code length} bytes. */
    public static boolean isValid(DirectBuffer buffer, int offset, int length) {
        return length >= LENGTH_MIN
                && headerLength(buffer, offset) >= LENGTH_MIN
                && headerLength(buffer, offset) <= length;
    }

    public static int sourcePort(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + SOURCE_PORT_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    public static int destinationPort(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + DESTINATION_PORT_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    public static int sequence(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + SEQUENCE_OFFSET, BIG_ENDIAN);
    }

    public static int acknowledgment(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + ACKNOWLEDGMENT_OFFSET, BIG_ENDIAN);
    }

    /** In bytes, 0..60; at least 20 in a valid header. */
    public static int headerLength(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + DATA_OFFSET_OFFSET) >>> 2 & 0x3C;
    }

    /** CWR ECE URG ACK PSH RST SYN FIN, high to low. */
    public static int flags(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + FLAGS_OFFSET) & 0xFF;
    }

    /** True for SYN and SYN-ACK. */
    public static boolean isSyn(DirectBuffer buffer, int offset) {
        return (flags(buffer, offset) & SYN) != 0;
    }

    public static int checksum(DirectBuffer buffer, int offset) {
        return Checksum.read(buffer, offset + CHECKSUM_OFFSET);
    }

    /**
     * Finds the two bytes of the maximum segment size in the options of a valid header. Stops at
     * the first option that does not fit.
     *
     * @return where they stand in the buffer, at an even or odd distance from {@code offset}, or
     *     {@link #NO_OPTION}
     */
    public static int mssOffset(DirectBuffer buffer, int offset) {
        int end = offset + headerLength(buffer, offset);
        int index = offset + LENGTH_MIN;
        while (index < end) {
            int kind = buffer.getByte(index);
            if (kind == OPTION_NO_OPERATION) {
                index++;
                continue;
            }
            if (kind == OPTION_END || end - index < 2) {
                return NO_OPTION;
            }
            int length = buffer.getByte(index + 1) & 0xFF;
            if (length < 2 || length > end - index) {
                return NO_OPTION;
            }
            if (kind == OPTION_MSS && length == OPTION_MSS_LENGTH) {
                return index + 2;
            }
            index += length;
        }
        return NO_OPTION;
    }
}
