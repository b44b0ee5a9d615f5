package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * View of an IEEE 802.1Q tag (§9.6), standing where the EtherType of an untagged frame stands.
 * Readers need {@link #LENGTH} + 2 bytes.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------------------------------+-----+-+-----------------------+
 * |        TPID  0x8100           | PCP |D|        VLAN ID        |
 * +-------------------------------+-----+-+-----------------------+
 * |      EtherType of payload     |  payload ...
 * +-------------------------------+
 * </pre>
 */
public final class VlanTag {
    public static final int LENGTH = 4;

    /** VLAN ID 0 says "priority tag only" on the wire and "no tag" in our configuration. */
    public static final int UNTAGGED = 0;

    /** 4095 is reserved (802.1Q table 9-2). */
    public static final int ID_MAX = 4094;

    public static final int CONTROL_OFFSET = 2;
    public static final int ETHER_TYPE_OFFSET = 4;

    private static final int ID_MASK = 0x0FFF;

    private VlanTag() {}

    /** 0..4095. */
    public static int vlanId(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + CONTROL_OFFSET, BIG_ENDIAN) & ID_MASK;
    }

    /** Priority code point, 0..7. */
    public static int priority(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + CONTROL_OFFSET) >>> 5 & 0x7;
    }

    /** Type of what follows the tag; another {@code 0x8100} would be a second tag. */
    public static int etherType(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + ETHER_TYPE_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    /** Writes TPID and tag with priority 0; the payload's type is the caller's to write behind. */
    public static void write(MutableDirectBuffer buffer, int offset, int vlanId) {
        int tag = EthernetHeader.ETHER_TYPE_VLAN << 16 | vlanId & ID_MASK;
        buffer.putInt(offset, tag, BIG_ENDIAN);
    }
}
