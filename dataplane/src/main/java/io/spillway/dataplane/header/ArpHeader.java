package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * View of an ARP message for IPv4 over Ethernet (RFC 826). Accessors rely on {@link #isValid}.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------------------------------+-------------------------------+
 * |     Hardware type = 1         |    Protocol type = 0x0800     |
 * +---------------+---------------+-------------------------------+
 * | HW length = 6 | Pr length = 4 |  Operation: 1 request 2 reply |
 * +---------------+---------------+-------------------------------+
 * |                 Sender hardware address (6)                   |
 * +                               +-------------------------------+
 * |                               |  Sender protocol address (4)  |
 * +-------------------------------+-------------------------------+
 * |             ...               |  Target hardware address (6)  |
 * +-------------------------------+                               +
 * |                                                               |
 * +---------------------------------------------------------------+
 * |                 Target protocol address (4)                   |
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class ArpHeader {
    public static final int LENGTH = 28;

    public static final int OPERATION_OFFSET = 6;
    public static final int SENDER_MAC_OFFSET = 8;
    public static final int SENDER_ADDRESS_OFFSET = 14;
    public static final int TARGET_MAC_OFFSET = 18;
    public static final int TARGET_ADDRESS_OFFSET = 24;

    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    /** Hardware type 1, protocol 0x0800, lengths 6 and 4: the first six bytes. */
    private static final int TYPES = 0x0001_0800;

    private static final int LENGTHS_OFFSET = 4;
    private static final short LENGTHS = 0x0604;

    private ArpHeader() {}

    /**
     * True for a whole request or reply, IPv4 over Ethernet, sent by a station (not a group
     * address) that has an IPv4 unicast address or none yet.
     */
    public static boolean isValid(DirectBuffer buffer, int offset, int length) {
        return length >= LENGTH
                && buffer.getInt(offset, BIG_ENDIAN) == TYPES
                && buffer.getShort(offset + LENGTHS_OFFSET, BIG_ENDIAN) == LENGTHS
                && (operation(buffer, offset) == REQUEST || operation(buffer, offset) == REPLY)
                && MacAddress.isStation(senderMac(buffer, offset))
                && isSenderPlausible(senderAddress(buffer, offset));
    }

    private static boolean isSenderPlausible(int address) {
        return address == 0 || Ipv4Header.isUnicast(address);
    }

    public static int operation(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + OPERATION_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    public static long senderMac(DirectBuffer buffer, int offset) {
        return MacAddress.read(buffer, offset + SENDER_MAC_OFFSET);
    }

    /** 0 in a probe (RFC 5227 §1.1): the sender has no address yet. */
    public static int senderAddress(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + SENDER_ADDRESS_OFFSET, BIG_ENDIAN);
    }

    public static long targetMac(DirectBuffer buffer, int offset) {
        return MacAddress.read(buffer, offset + TARGET_MAC_OFFSET);
    }

    public static int targetAddress(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + TARGET_ADDRESS_OFFSET, BIG_ENDIAN);
    }

    /** Writes a whole message; {@link #LENGTH} bytes. */
    public static void write(
            MutableDirectBuffer buffer,
            int offset,
            int operation,
            long senderMac,
            int senderAddress,
            long targetMac,
            int targetAddress) {
        buffer.putInt(offset, TYPES, BIG_ENDIAN);
        buffer.putShort(offset + LENGTHS_OFFSET, LENGTHS, BIG_ENDIAN);
        buffer.putShort(offset + OPERATION_OFFSET, (short) operation, BIG_ENDIAN);
        MacAddress.write(buffer, offset + SENDER_MAC_OFFSET, senderMac);
        buffer.putInt(offset + SENDER_ADDRESS_OFFSET, senderAddress, BIG_ENDIAN);
        MacAddress.write(buffer, offset + TARGET_MAC_OFFSET, targetMac);
        buffer.putInt(offset + TARGET_ADDRESS_OFFSET, targetAddress, BIG_ENDIAN);
    }
}
