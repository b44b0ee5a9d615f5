package io.spillway.tap;

import java.net.InetAddress;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Decodes {@code struct ifaddrmsg} and its attributes (include/uapi/linux/if_addr.h).
 *
 * <pre>
 *   0        1        2        3        4            8
 *  +--------+--------+--------+--------+------------+--------------
 *  | family | prefix | flags  | scope  | link index | attributes
 *  +--------+--------+--------+--------+------------+--------------
 * </pre>
 */
final class AddressDecoder {
    static final int FIXED_LENGTH = 8;

    private static final int PREFIX_LENGTH_OFFSET = 1;
    private static final int FLAGS_OFFSET = 2;
    private static final int LINK_INDEX_OFFSET = 4;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_F_DAD_FAILED = 0x08;
    private static final int IFA_F_TENTATIVE = 0x40;

    private AddressDecoder() {}

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
        int family = buffer.getByte(body) & 0xFF;
        if (!NetlinkAttributes.isIp(family)) {
            return true;
        }
        InetAddress local = null;
        InetAddress address = null;
        int flags = buffer.getByte(body + FLAGS_OFFSET) & 0xFF;
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFA_LOCAL -> local = attributes.address(family);
                case IFA_ADDRESS -> address = attributes.address(family);
                case IFA_FLAGS -> flags = attributes.intValue();
                default -> {}
            }
        }
        // On a point-to-point link IFA_ADDRESS is the other end.
        InetAddress own = local != null ? local : address;
        if (attributes.isMalformed() || own == null) {
            return false;
        }
        int linkIndex = buffer.getInt(body + LINK_INDEX_OFFSET, ByteOrder.nativeOrder());
        int prefixLength = buffer.getByte(body + PREFIX_LENGTH_OFFSET) & 0xFF;
        boolean isUsable = (flags & (IFA_F_TENTATIVE | IFA_F_DAD_FAILED)) == 0;
        handler.onAddress(new LinkAddress(linkIndex, own, prefixLength, isUsable), isRemoved);
        return true;
    }
}
