package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * View of an Ethernet II header (IEEE 802.3 §3.2, RFC 894). Readers need {@link #LENGTH} bytes.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------------------------------------------------------+
 * |                      Destination (6 bytes)                    |
 * +                               +-------------------------------+
 * |                               |                               |
 * +-------------------------------+         Source (6 bytes)      +
 * |                                                               |
 * +-------------------------------+-------------------------------+
 * |          EtherType            |  802.1Q tag, or payload ...
 * +-------------------------------+
 * </pre>
 */
public final class EthernetHeader {
    public static final int LENGTH = 14;

    /** Header and one 802.1Q tag: what to reserve in front of a packet. */
    public static final int LENGTH_MAX = LENGTH + VlanTag.LENGTH;

    public static final int DESTINATION_OFFSET = 0;
    public static final int SOURCE_OFFSET = 6;
    public static final int ETHER_TYPE_OFFSET = 12;

    public static final int ETHER_TYPE_IPV4 = 0x0800;
    public static final int ETHER_TYPE_ARP = 0x0806;
    public static final int ETHER_TYPE_VLAN = 0x8100;
    public static final int ETHER_TYPE_IPV6 = 0x86DD;

    private EthernetHeader() {}

    public static long destination(DirectBuffer buffer, int offset) {
        return MacAddress.read(buffer, offset + DESTINATION_OFFSET);
    }

    public static long source(DirectBuffer buffer, int offset) {
        return MacAddress.read(buffer, offset + SOURCE_OFFSET);
    }

    /** The type behind the addresses; {@link #ETHER_TYPE_VLAN} when a tag follows. */
    public static int etherType(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + ETHER_TYPE_OFFSET, BIG_ENDIAN) & 0xFFFF;
    }

    /** Bytes that {@link #write} needs: 14, or 18 with a tag (VLAN 0 is untagged). */
    public static int length(int vlanId) {
        return vlanId == VlanTag.UNTAGGED ? LENGTH : LENGTH_MAX;
    }

    /**
     * Writes the header, tagged unless {@code vlanId} is 0.
     *
     * @return bytes written, {@link #length(int)}
     */
    public static int write(
            MutableDirectBuffer buffer,
            int offset,
            long destination,
            long source,
            int vlanId,
            int etherType) {
        MacAddress.write(buffer, offset + DESTINATION_OFFSET, destination);
        MacAddress.write(buffer, offset + SOURCE_OFFSET, source);
        int typeOffset = offset + ETHER_TYPE_OFFSET;
        if (vlanId != VlanTag.UNTAGGED) {
            VlanTag.write(buffer, typeOffset, vlanId);
            typeOffset += VlanTag.LENGTH;
        }
        buffer.putShort(typeOffset, (short) etherType, BIG_ENDIAN);
        return length(vlanId);
    }
}
