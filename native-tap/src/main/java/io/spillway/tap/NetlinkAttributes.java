package io.spillway.tap;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/**
 * Walks the attributes of a netlink message. Whatever does not fit its place sets {@link
 * #isMalformed} and reads as zero or null, so callers look once, at the end.
 *
 * <pre>
 *   0          2          4
 *  +----------+----------+-----------------+
 *  | length   | type     | value           |  padded to 4
 *  +----------+----------+-----------------+
 * </pre>
 */
final class NetlinkAttributes {
    private static final int HEADER_LENGTH = 4;

    /** Without the flags "nested" and "network byte order". */
    private static final int TYPE_MASK = 0x3FFF;

    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final DirectBuffer buffer;
    private final int end;
    private int nextOffset;
    private int valueOffset;
    private int valueLength;
    private int type;
    private boolean isMalformed;

    /** {@code start} may lie behind {@code end}: then the fixed part was cut short. */
    NetlinkAttributes(DirectBuffer buffer, int start, int end) {
        this.buffer = buffer;
        this.end = end;
        this.nextOffset = start;
        this.isMalformed = start > end;
    }

    boolean next() {
        int left = end - nextOffset;
        if (left < HEADER_LENGTH || isMalformed) {
            return false;
        }
        int length = buffer.getShort(nextOffset, ORDER) & 0xFFFF;
        if (length < HEADER_LENGTH || length > left) {
            isMalformed = true;
            return false;
        }
        type = buffer.getShort(nextOffset + 2, ORDER) & TYPE_MASK;
        valueOffset = nextOffset + HEADER_LENGTH;
        valueLength = length - HEADER_LENGTH;
        nextOffset += align(length);
        return true;
    }

    boolean isMalformed() {
        return isMalformed;
    }

    int type() {
        return type;
    }

    int valueOffset() {
        return valueOffset;
    }

    int valueLength() {
        return valueLength;
    }

    int intValue() {
        if (valueLength < Integer.BYTES) {
            isMalformed = true;
            return 0;
        }
        return buffer.getInt(valueOffset, ORDER);
    }

    /** Up to the terminating zero, if there is one. */
    String text() {
        int length = 0;
        while (length < valueLength && buffer.getByte(valueOffset + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        buffer.getBytes(valueOffset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The value as an address of this family, or null. */
    InetAddress address(int family) {
        return address(family, valueOffset, valueLength);
    }

    /** An address behind its family: the next hop of another family than the destination's. */
    InetAddress via() {
        if (valueLength < Short.BYTES) {
            isMalformed = true;
            return null;
        }
        int family = buffer.getShort(valueOffset, ORDER) & 0xFFFF;
        return address(family, valueOffset + Short.BYTES, valueLength - Short.BYTES);
    }

    static int addressLength(int family) {
        return family == SocketOptions.AF_INET ? 4 : 16;
    }

    static boolean isIp(int family) {
        return family == SocketOptions.AF_INET || family == SocketOptions.AF_INET6;
    }

    static InetAddress toAddress(byte[] bytes) {
        try {
            // Not InetAddress.getByAddress for IPv6: it turns a mapped address into an IPv4 one.
            return bytes.length == 4
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }

    static int align(int length) {
        return (length + 3) & ~3;
    }

    private InetAddress address(int family, int offset, int length) {
        if (!isIp(family) || length < addressLength(family)) {
            isMalformed = true;
            return null;
        }
        byte[] bytes = new byte[addressLength(family)];
        buffer.getBytes(offset, bytes);
        return toAddress(bytes);
    }
}
