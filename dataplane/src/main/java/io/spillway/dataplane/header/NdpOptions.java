package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Options of neighbour discovery messages (RFC 4861 §4.6, RFC 8106 §5.1), read and written. At most
 * {@link #OPTIONS_MAX} a message.
 *
 * <pre>
 *  Link-layer address (1 source, 2 target)      MTU (5)
 *  +-------+-------+---------------+            +-------+-------+---------------+
 *  | Type  |   1   |               |            |   5   |   1   |   reserved    |
 *  +-------+-------+   MAC         +            +-------+-------+---------------+
 *  |                               |            |             MTU               |
 *  +-------------------------------+            +-------------------------------+
 *  Prefix information (3)                       Recursive DNS servers (25)
 *  +-------+-------+-------+-+-+---+            +-------+-------+---------------+
 *  |   3   |   4   | Length|L|A|   |            |  25   | 1+2n  |   reserved    |
 *  +-------+-------+-------+-+-+---+            +-------+-------+---------------+
 *  |    Valid lifetime, seconds    |            |      Lifetime, seconds        |
 *  +-------------------------------+            +-------------------------------+
 *  |  Preferred lifetime, seconds  |            |   n addresses of 16 bytes     |
 *  +-------------------------------+            +-------------------------------+
 *  |           reserved            |
 *  +-------------------------------+
 *  |       Prefix (16 bytes)       |
 *  +-------------------------------+
 * </pre>
 */
public final class NdpOptions {
    /** Ours: more than any host sends. */
    public static final int OPTIONS_MAX = 32;

    public static final int SOURCE_LINK_LAYER = 1;
    public static final int TARGET_LINK_LAYER = 2;
    public static final int PREFIX_INFORMATION = 3;
    public static final int MTU = 5;
    public static final int RECURSIVE_DNS = 25;

    public static final int LINK_LAYER_LENGTH = 8;
    public static final int MTU_LENGTH = 8;
    public static final int PREFIX_INFORMATION_LENGTH = 32;

    private static final int ABSENT = -1;
    private static final int ON_LINK = 0x80;
    private static final int AUTONOMOUS = 0x40;

    /** The only prefix length hosts make addresses from on Ethernet (RFC 2464 §4). */
    private static final int AUTONOMOUS_PREFIX_LENGTH = 64;

    private NdpOptions() {}

    /** True when the range is a sequence of whole options, none of length 0 (RFC 4861 §4.6). */
    public static boolean areValid(DirectBuffer buffer, int offset, int length) {
        int end = offset + length;
        int index = offset;
        for (int count = 0; index < end; count++) {
            if (end - index < 2 || count == OPTIONS_MAX) {
                return false;
            }
            int optionLength = length(buffer, index);
            if (optionLength == 0 || optionLength > end - index) {
                return false;
            }
            index += optionLength;
        }
        return true;
    }

    /** The station's MAC in the first option of this type, or {@link MacAddress#NONE}. */
    public static long linkLayerAddress(DirectBuffer buffer, int offset, int length, int type) {
        int option = find(buffer, offset, length, type);
        if (option == ABSENT || length(buffer, option) != LINK_LAYER_LENGTH) {
            return MacAddress.NONE;
        }
        long mac = MacAddress.read(buffer, option + 2);
        return MacAddress.isStation(mac) ? mac : MacAddress.NONE;
    }

    /** True when there is such an option, whatever is in it. */
    public static boolean contains(DirectBuffer buffer, int offset, int length, int type) {
        return find(buffer, offset, length, type) != ABSENT;
    }

    /** Relies on {@link #areValid}. */
    private static int find(DirectBuffer buffer, int offset, int length, int type) {
        int end = offset + length;
        for (int index = offset; index < end; index += length(buffer, index)) {
            if ((buffer.getByte(index) & 0xFF) == type) {
                return index;
            }
        }
        return ABSENT;
    }

    private static int length(DirectBuffer buffer, int offset) {
        return (buffer.getByte(offset + 1) & 0xFF) << 3;
    }

    static int writeLinkLayer(MutableDirectBuffer buffer, int offset, int type, long mac) {
        buffer.putShort(offset, (short) (type << 8 | 1), BIG_ENDIAN);
        MacAddress.write(buffer, offset + 2, mac);
        return LINK_LAYER_LENGTH;
    }

    static int writeMtu(MutableDirectBuffer buffer, int offset, int mtu) {
        buffer.putInt(offset, MTU << 24 | 1 << 16, BIG_ENDIAN);
        buffer.putInt(offset + 4, mtu, BIG_ENDIAN);
        return MTU_LENGTH;
    }

    /** The network of one of our addresses: on link, and autonomous if it is a /64. */
    static int writePrefix(
            MutableDirectBuffer buffer,
            int offset,
            GatewayAddresses gateway,
            int index,
            int validLifetimeS,
            int preferredLifetimeS) {
        int prefixLength = gateway.ipv6PrefixLength(index);
        int flags = prefixLength == AUTONOMOUS_PREFIX_LENGTH ? ON_LINK | AUTONOMOUS : ON_LINK;
        int head = PREFIX_INFORMATION << 24 | 4 << 16 | prefixLength << 8 | flags;
        buffer.putInt(offset, head, BIG_ENDIAN);
        buffer.putInt(offset + 4, validLifetimeS, BIG_ENDIAN);
        buffer.putInt(offset + 8, preferredLifetimeS, BIG_ENDIAN);
        buffer.putInt(offset + 12, 0, BIG_ENDIAN);
        long high = gateway.ipv6High(index) & mask(prefixLength);
        long low = gateway.ipv6Low(index) & mask(prefixLength - 64);
        buffer.putLong(offset + 16, high, BIG_ENDIAN);
        buffer.putLong(offset + 24, low, BIG_ENDIAN);
        return PREFIX_INFORMATION_LENGTH;
    }

    /** Head of the DNS option; the addresses are the caller's to write behind its 8 bytes. */
    static int writeDnsHead(MutableDirectBuffer buffer, int offset, int servers, int lifetimeS) {
        buffer.putInt(offset, RECURSIVE_DNS << 24 | 1 + 2 * servers << 16, BIG_ENDIAN);
        buffer.putInt(offset + 4, lifetimeS, BIG_ENDIAN);
        return 8;
    }

    private static long mask(int bits) {
        if (bits <= 0) {
            return 0;
        }
        return bits >= 64 ? -1L : -1L << 64 - bits;
    }
}
