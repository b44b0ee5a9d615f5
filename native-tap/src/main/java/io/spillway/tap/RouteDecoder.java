package io.spillway.tap;

import java.net.InetAddress;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Decodes {@code struct rtmsg} and its attributes (include/uapi/linux/rtnetlink.h).
 *
 * <pre>
 *   0        1        2        3     4       5        6       7      8           12
 *  +--------+--------+--------+-----+-------+--------+-------+------+-----------+--------------
 *  | family | prefix | source | TOS | table | origin | scope | kind | flags     | attributes
 *  +--------+--------+--------+-----+-------+--------+-------+------+-----------+--------------
 *  next hop of a multipath route:  length(2) flags(1) weight(1) link index(4) attributes
 * </pre>
 *
 * <p>An instance holds what one message said.
 */
final class RouteDecoder {
    static final int FIXED_LENGTH = 12;

    private static final int PREFIX_LENGTH_OFFSET = 1;
    private static final int TABLE_OFFSET = 4;
    private static final int KIND_OFFSET = 7;
    private static final int FLAGS_OFFSET = 8;
    private static final int RTN_UNICAST = 1;
    private static final int RTM_F_CLONED = 0x200;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_MULTIPATH = 9;
    private static final int RTA_TABLE = 15;
    private static final int RTA_VIA = 18;
    private static final int NEXT_HOP_LENGTH = 8;
    private static final int NEXT_HOP_LINK_OFFSET = 4;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final DirectBuffer buffer;
    private final int family;
    private final int prefixLength;
    private InetAddress destination;
    private InetAddress gateway;
    private int linkIndex;
    private int table;
    private long metric;
    private int nextHopsOffset;
    private int nextHopsLength;

    private RouteDecoder(DirectBuffer buffer, int body) {
        this.buffer = buffer;
        this.family = buffer.getByte(body) & 0xFF;
        this.prefixLength = buffer.getByte(body + PREFIX_LENGTH_OFFSET) & 0xFF;
        this.table = buffer.getByte(body + TABLE_OFFSET) & 0xFF;
        int addressLength = NetlinkAttributes.addressLength(family);
        this.destination = NetlinkAttributes.toAddress(new byte[addressLength]);
    }

    /** False when the message contradicts itself. Passes over all but unicast IP routes. */
    static boolean decode(
            DirectBuffer buffer,
            int body,
            int end,
            boolean isRemoved,
            boolean isReplacing,
            NetlinkDecoder.Handler handler) {
        NetlinkAttributes attributes = new NetlinkAttributes(buffer, body + FIXED_LENGTH, end);
        if (attributes.isMalformed()) {
            return false;
        }
        if (!isUnicast(buffer, body)) {
            return true;
        }
        RouteDecoder decoder = new RouteDecoder(buffer, body);
        return decoder.read(attributes) && decoder.report(isRemoved, isReplacing, handler);
    }

    private static boolean isUnicast(DirectBuffer buffer, int body) {
        boolean isCached = (buffer.getInt(body + FLAGS_OFFSET, ORDER) & RTM_F_CLONED) != 0;
        return NetlinkAttributes.isIp(buffer.getByte(body) & 0xFF)
                && !isCached
                && buffer.getByte(body + KIND_OFFSET) == RTN_UNICAST;
    }

    private boolean read(NetlinkAttributes attributes) {
        while (attributes.next()) {
            switch (attributes.type()) {
                case RTA_DST -> destination = attributes.address(family);
                case RTA_OIF -> linkIndex = attributes.intValue();
                case RTA_GATEWAY -> gateway = attributes.address(family);
                case RTA_VIA -> gateway = attributes.via();
                case RTA_PRIORITY -> metric = Integer.toUnsignedLong(attributes.intValue());
                case RTA_TABLE -> table = attributes.intValue();
                case RTA_MULTIPATH -> {
                    nextHopsOffset = attributes.valueOffset();
                    nextHopsLength = attributes.valueLength();
                }
                default -> {}
            }
        }
        int prefixLengthMax = NetlinkAttributes.addressLength(family) * Byte.SIZE;
        return !attributes.isMalformed() && prefixLength <= prefixLengthMax;
    }

    private boolean report(boolean isRemoved, boolean isReplacing, NetlinkDecoder.Handler handler) {
        if (nextHopsLength == 0) {
            handler.onRoute(route(), isRemoved, isReplacing);
            return true;
        }
        int end = nextHopsOffset + nextHopsLength;
        for (int hop = nextHopsOffset; end - hop >= NEXT_HOP_LENGTH; ) {
            int length = buffer.getShort(hop, ORDER) & 0xFFFF;
            if (length < NEXT_HOP_LENGTH || length > end - hop || !readNextHop(hop, length)) {
                return false;
            }
            handler.onRoute(route(), isRemoved, isReplacing);
            hop += NetlinkAttributes.align(length);
        }
        return true;
    }

    private boolean readNextHop(int hop, int length) {
        gateway = null;
        linkIndex = buffer.getInt(hop + NEXT_HOP_LINK_OFFSET, ORDER);
        NetlinkAttributes attributes =
                new NetlinkAttributes(buffer, hop + NEXT_HOP_LENGTH, hop + length);
        while (attributes.next()) {
            switch (attributes.type()) {
                case RTA_GATEWAY -> gateway = attributes.address(family);
                case RTA_VIA -> gateway = attributes.via();
                default -> {}
            }
        }
        return !attributes.isMalformed();
    }

    private KernelRoute route() {
        return new KernelRoute(destination, prefixLength, gateway, linkIndex, table, metric);
    }
}
