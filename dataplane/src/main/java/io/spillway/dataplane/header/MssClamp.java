package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Lowers the maximum segment size in SYN and SYN-ACK, so that what the two ends send fits the
 * tunnel (RFC 9293 §3.7.1). Never raises it, never adds the option.
 *
 * <p>A complete checksum is updated incrementally; a partial one covers the pseudo-header only and
 * is left alone.
 */
public final class MssClamp {
    private static final int TCP_IPV4_HEADERS_LENGTH = 40;
    private static final int TCP_IPV6_HEADERS_LENGTH = 60;

    private MssClamp() {}

    /**
     * Clamps a packet that {@link Ipv4Header#isValid} and carries TCP.
     *
     * @param mtu the largest IP packet, in bytes, that may be sent either way
     * @return true when the packet was changed
     */
    public static boolean clampIpv4(
            MutableDirectBuffer buffer, int offset, int mtu, boolean isChecksumComplete) {
        if (Ipv4Header.isLaterFragment(buffer, offset)) {
            return false;
        }
        int tcp = offset + Ipv4Header.headerLength(buffer, offset);
        int end = offset + Ipv4Header.totalLength(buffer, offset);
        return clamp(buffer, tcp, end - tcp, mtu - TCP_IPV4_HEADERS_LENGTH, isChecksumComplete);
    }

    /**
     * Clamps a packet that {@link Ipv6Header#isValid} and carries TCP.
     *
     * @param walk to its TCP header, from {@link Ipv6Extensions#walk}, not malformed
     * @param mtu as for {@link #clampIpv4}
     * @return true when the packet was changed
     */
    public static boolean clampIpv6(
            MutableDirectBuffer buffer,
            int offset,
            long walk,
            int mtu,
            boolean isChecksumComplete) {
        if (Ipv6Extensions.isLaterFragment(walk)) {
            return false;
        }
        int tcp = Ipv6Extensions.offset(walk);
        int end = offset + Ipv6Header.packetLength(buffer, offset);
        return clamp(buffer, tcp, end - tcp, mtu - TCP_IPV6_HEADERS_LENGTH, isChecksumComplete);
    }

    private static boolean clamp(
            MutableDirectBuffer buffer,
            int offset,
            int length,
            int mssMax,
            boolean isChecksumComplete) {
        int mssOffset = mssOffset(buffer, offset, length);
        if (mssOffset == TcpHeader.NO_OPTION) {
            return false;
        }
        int mss = buffer.getShort(mssOffset, BIG_ENDIAN) & 0xFFFF;
        int clamped = Math.max(mssMax, 1);
        if (mss <= clamped) {
            return false;
        }
        buffer.putShort(mssOffset, (short) clamped, BIG_ENDIAN);
        if (isChecksumComplete) {
            boolean isOdd = (mssOffset - offset & 1) != 0;
            updateChecksum(buffer, offset, isOdd, mss, clamped);
        }
        return true;
    }

    private static int mssOffset(DirectBuffer buffer, int offset, int length) {
        if (!TcpHeader.isValid(buffer, offset, length) || !TcpHeader.isSyn(buffer, offset)) {
            return TcpHeader.NO_OPTION;
        }
        return TcpHeader.mssOffset(buffer, offset);
    }

    /** At an odd distance the value's bytes fall into two words: as if swapped (RFC 1071 §2 B). */
    private static void updateChecksum(
            MutableDirectBuffer buffer, int offset, boolean isOdd, int before, int after) {
        int oldWord = isOdd ? Checksum.swap(before) : before;
        int newWord = isOdd ? Checksum.swap(after) : after;
        int checksum = Checksum.update(TcpHeader.checksum(buffer, offset), oldWord, newWord);
        buffer.putShort(offset + TcpHeader.CHECKSUM_OFFSET, (short) checksum, BIG_ENDIAN);
    }
}
