package io.spillway.tap;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Decodes {@code struct ifinfomsg} and its attributes (include/uapi/linux/if_link.h).
 *
 * <pre>
 *   0        1        2        4            8            12          16
 *  +--------+--------+--------+------------+------------+-----------+--------------
 *  | family | 0      | kind   | index      | IFF_ flags | changed   | attributes
 *  +--------+--------+--------+------------+------------+-----------+--------------
 * </pre>
 */
final class LinkDecoder {
    static final int FIXED_LENGTH = 16;

    private static final int INDEX_OFFSET = 4;
    private static final int FLAGS_OFFSET = 8;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_MASTER = 10;
    private static final int IFF_UP = 0x1;
    private static final int IFF_LOWER_UP = 0x10000;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private LinkDecoder() {}

    /** False when the message contradicts itself. */
    static boolean decode(
            DirectBuffer buffer,
            int body,
            int end,
            boolean isRemoved,
            NetlinkDecoder.Handler handler) {
        NetlinkAttributes attributes = new NetlinkAttributes(buffer, body + FIXED_LENGTH, end);
        if (attributes.isMalformed()) {
            return false;
        }
        // A port that leaves its bridge is announced as a removed link of family AF_BRIDGE.
        if (buffer.getByte(body) != 0) {
            return true;
        }
        String name = "";
        int mtu = 0;
        int bridgeIndex = 0;
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFLA_IFNAME -> name = attributes.text();
                case IFLA_MTU -> mtu = attributes.intValue();
                case IFLA_MASTER -> bridgeIndex = attributes.intValue();
                default -> {}
            }
        }
        if (attributes.isMalformed()) {
            return false;
        }
        int index = buffer.getInt(body + INDEX_OFFSET, ORDER);
        int flags = buffer.getInt(body + FLAGS_OFFSET, ORDER);
        boolean isUp = (flags & IFF_UP) != 0;
        boolean hasCarrier = (flags & IFF_LOWER_UP) != 0;
        handler.onLink(new Link(index, name, isUp, hasCarrier, mtu, bridgeIndex), isRemoved);
        return true;
    }
}
