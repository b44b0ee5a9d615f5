package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Cuts an IPv4 packet into fragments (RFC 791 §2.3, §3.2). Stateless: fragment {@code index} of a
 * packet is written wherever the caller has room, so each goes into its own buffer. A packet that
 * is a fragment itself can be cut again. Its transport checksum must be complete: no host behind
 * the tunnel could complete it.
 *
 * <p>Options are copied into all fragments if their first bit says so, else only into the first one
 * (§3.1), whose data is cut shorter by as much:
 *
 * <pre>
 *  packet       | header and all options | data 0 ......... | data 1 ......... | data 2 |
 *  fragment 0   | header and all options | data 0 |                   MF
 *  fragment 1   | header, copied options | data 1 ...... |            MF
 *  fragment 2   | header, copied options | data 2 |                   MF of the packet
 * </pre>
 */
public final class Ipv4Fragmenter {
    private static final int OPTION_END = 0;
    private static final int OPTION_NO_OPERATION = 1;
    private static final int OPTION_COPIED = 0x80;

    private static final int UNIT_SHIFT = 3; // offsets count 8 bytes
    private static final int MALFORMED = -1;

    private Ipv4Fragmenter() {}

    /**
     * How many fragments of at most {@code mtu} bytes a packet becomes; 1 if it fits.
     *
     * @return 0 when it cannot be cut: not valid, DF set, options malformed, MTU below 68
     */
    public static int count(DirectBuffer packet, int offset, int length, int mtu) {
        if (!Ipv4Header.isValid(packet, offset, length)) {
            return 0;
        }
        if (Ipv4Header.totalLength(packet, offset) <= mtu) {
            return 1;
        }
        int copiedLength = copiedOptionsLength(packet, offset);
        boolean mayCut = Ipv4Header.mayFragment(packet, offset) && copiedLength != MALFORMED;
        if (mtu < Ipv4Header.MTU_MIN || !mayCut) {
            return 0;
        }
        int first = firstDataLength(packet, offset, mtu);
        int later = laterDataLength(copiedLength, mtu);
        return 1 + (dataLength(packet, offset) - first + later - 1) / later;
    }

    /**
     * Writes one fragment, at most {@code mtu} bytes, header checksum included.
     *
     * @param packet for which {@link #count} gave more than {@code index} and more than 1
     * @param index from 0
     * @return its length
     */
    public static int write(
            DirectBuffer packet,
            int offset,
            int mtu,
            int index,
            MutableDirectBuffer out,
            int outOffset) {
        int headerLength = Ipv4Header.headerLength(packet, offset);
        int dataLength = dataLength(packet, offset);
        int first = firstDataLength(packet, offset, mtu);
        int from = 0;
        int to = first;
        int fragmentHeaderLength = headerLength;
        if (index > 0) {
            int copiedLength = copiedOptionsLength(packet, offset);
            int later = laterDataLength(copiedLength, mtu);
            from = first + (index - 1) * later;
            to = Math.min(from + later, dataLength);
            fragmentHeaderLength = Ipv4Header.LENGTH_MIN + copiedLength;
            out.putBytes(outOffset, packet, offset, Ipv4Header.LENGTH_MIN);
            writeCopiedOptions(packet, offset, out, outOffset);
        } else {
            out.putBytes(outOffset, packet, offset, headerLength);
        }
        assert from < dataLength : "fragment " + index;
        out.putBytes(
                outOffset + fragmentHeaderLength, packet, offset + headerLength + from, to - from);
        int field = Ipv4Header.fragmentField(packet, offset) + (from >>> UNIT_SHIFT);
        if (to < dataLength) {
            field |= Ipv4Header.MORE_FRAGMENTS;
        }
        finish(out, outOffset, fragmentHeaderLength, to - from, field);
        return fragmentHeaderLength + to - from;
    }

    private static void finish(
            MutableDirectBuffer out, int offset, int headerLength, int dataLength, int field) {
        out.putByte(offset, (byte) (0x40 | headerLength >>> 2));
        int totalLength = headerLength + dataLength;
        out.putShort(offset + Ipv4Header.TOTAL_LENGTH_OFFSET, (short) totalLength, BIG_ENDIAN);
        out.putShort(offset + Ipv4Header.FRAGMENT_OFFSET, (short) field, BIG_ENDIAN);
        Ipv4Header.writeChecksum(out, offset);
    }

    private static int dataLength(DirectBuffer packet, int offset) {
        return Ipv4Header.totalLength(packet, offset) - Ipv4Header.headerLength(packet, offset);
    }

    private static int firstDataLength(DirectBuffer packet, int offset, int mtu) {
        return mtu - Ipv4Header.headerLength(packet, offset) & -8;
    }

    private static int laterDataLength(int copiedOptionsLength, int mtu) {
        return mtu - Ipv4Header.LENGTH_MIN - copiedOptionsLength & -8;
    }

    /** Padded to four bytes, or {@link #MALFORMED}. */
    private static int copiedOptionsLength(DirectBuffer packet, int offset) {
        int end = offset + Ipv4Header.headerLength(packet, offset);
        int copied = 0;
        int index = offset + Ipv4Header.LENGTH_MIN;
        while (index < end && packet.getByte(index) != OPTION_END) {
            int length = optionLength(packet, index, end);
            if (length == MALFORMED) {
                return MALFORMED;
            }
            copied += isCopied(packet, index) ? length : 0;
            index += length;
        }
        return copied + 3 & -4;
    }

    private static void writeCopiedOptions(
            DirectBuffer packet, int offset, MutableDirectBuffer out, int outOffset) {
        int end = offset + Ipv4Header.headerLength(packet, offset);
        int to = outOffset + Ipv4Header.LENGTH_MIN;
        int index = offset + Ipv4Header.LENGTH_MIN;
        while (index < end && packet.getByte(index) != OPTION_END) {
            int length = optionLength(packet, index, end);
            if (isCopied(packet, index)) {
                out.putBytes(to, packet, index, length);
                to += length;
            }
            index += length;
        }
        while ((to - outOffset & 3) != 0) {
            out.putByte(to++, (byte) OPTION_END);
        }
    }

    private static boolean isCopied(DirectBuffer packet, int index) {
        return (packet.getByte(index) & OPTION_COPIED) != 0;
    }

    private static int optionLength(DirectBuffer packet, int index, int end) {
        if (packet.getByte(index) == OPTION_NO_OPERATION) {
            return 1;
        }
        int length = end - index < 2 ? 0 : packet.getByte(index + 1) & 0xFF;
        return length < 2 || length > end - index ? MALFORMED : length;
    }
}
