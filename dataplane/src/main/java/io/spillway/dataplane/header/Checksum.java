package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * The Internet checksum: arithmetic only (RFC 1071, RFC 1624). A <em>sum</em> is a folded ones'
 * complement sum of big-endian 16-bit words, 0..0xFFFF; a <em>checksum</em> is what stands in the
 * header, the complement of a sum.
 *
 * <p>The sum does not care about byte order as long as it is put right at the end (RFC 1071 §2 B),
 * so words are read little-endian, eight bytes at a time, and the result is swapped once.
 */
public final class Checksum {
    /** The sum over data together with its own correct checksum. */
    public static final int VALID = 0xFFFF;

    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private Checksum() {}

    /** Sum of the range; an odd last byte is padded with zero. */
    public static int sum(DirectBuffer buffer, int offset, int length) {
        int end = offset + length;
        int index = offset;
        // Halves of 32 bits in 64-bit accumulators: no carry can be lost below 2^32 words.
        long lower = 0;
        long upper = 0;
        for (int last = end - 32; index <= last; index += 32) {
            long a = buffer.getLong(index, LITTLE_ENDIAN);
            long b = buffer.getLong(index + 8, LITTLE_ENDIAN);
            long c = buffer.getLong(index + 16, LITTLE_ENDIAN);
            long d = buffer.getLong(index + 24, LITTLE_ENDIAN);
            lower += (a & LOW_HALF) + (b & LOW_HALF) + (c & LOW_HALF) + (d & LOW_HALF);
            upper += (a >>> 32) + (b >>> 32) + (c >>> 32) + (d >>> 32);
        }
        for (int last = end - 8; index <= last; index += 8) {
            long word = buffer.getLong(index, LITTLE_ENDIAN);
            lower += word & LOW_HALF;
            upper += word >>> 32;
        }
        return swap(fold(lower + upper + sumOfTail(buffer, index, end)));
    }

    /** Little-endian sum of the last 0..7 bytes. */
    private static long sumOfTail(DirectBuffer buffer, int offset, int end) {
        int index = offset;
        long sum = 0;
        if (end - index >= 4) {
            sum += buffer.getInt(index, LITTLE_ENDIAN) & LOW_HALF;
            index += 4;
        }
        if (end - index >= 2) {
            sum += buffer.getShort(index, LITTLE_ENDIAN) & 0xFFFF;
            index += 2;
        }
        if (end > index) {
            sum += buffer.getByte(index) & 0xFF;
        }
        return sum;
    }

    /** Sum of two sums. */
    public static int add(int sum, int other) {
        int added = sum + other;
        return (added & 0xFFFF) + (added >>> 16);
    }

    /** What goes into the header for this sum. */
    public static int ofSum(int sum) {
        return ~sum & 0xFFFF;
    }

    /**
     * As {@link #ofSum}, but never 0, which in UDP says "no checksum" (RFC 768). The other zero of
     * ones' complement, 0xFFFF, is as correct, for TCP too.
     */
    public static int nonZeroOfSum(int sum) {
        return sum == 0xFFFF ? 0xFFFF : ofSum(sum);
    }

    /** Checksum after one 16-bit word of the data changed (RFC 1624 §3, equation 3). */
    public static int update(int checksum, int oldWord, int newWord) {
        int sum = (~checksum & 0xFFFF) + (~oldWord & 0xFFFF) + (newWord & 0xFFFF);
        return ofSum(add(sum & 0xFFFF, sum >>> 16)); // three terms: the carry may carry again
    }

    /** Sum of the IPv4 pseudo-header (RFC 9293 §3.1, RFC 768). */
    public static int ofPseudoIpv4(DirectBuffer buffer, int ipOffset, int protocol, int length) {
        long source = Ipv4Header.source(buffer, ipOffset) & LOW_HALF;
        long destination = Ipv4Header.destination(buffer, ipOffset) & LOW_HALF;
        return fold(source + destination + protocol + length);
    }

    /** Sum of the IPv6 pseudo-header (RFC 8200 §8.1). */
    public static int ofPseudoIpv6(DirectBuffer buffer, int ipOffset, int protocol, int length) {
        int addresses = sum(buffer, ipOffset + Ipv6Header.SOURCE_OFFSET, 32);
        return fold((long) addresses + protocol + length);
    }

    /** Checksum field of any header, 0..0xFFFF. */
    static int read(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, BIG_ENDIAN) & 0xFFFF;
    }

    static int swap(int word) {
        return (word & 0xFF) << 8 | word >>> 8 & 0xFF;
    }

    private static int fold(long sum) {
        long folded = (sum >>> 32) + (sum & LOW_HALF);
        folded = (folded >>> 32) + (folded & LOW_HALF);
        folded = (folded >>> 16) + (folded & 0xFFFF);
        folded = (folded >>> 16) + (folded & 0xFFFF);
        return (int) ((folded >>> 16) + (folded & 0xFFFF));
    }
}
