package io.spillway.dataplane.header;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * ICMPv6 errors about IPv6 packets (RFC 4443 §2.4, §3): each writes an IPv6 packet of at most
 * {@link #LENGTH_MAX} bytes at {@code outOffset} and returns its length, or 0 where no error may be
 * sent. Pure functions; the rate is the caller's ({@link IcmpRateLimiter}), and so is silence about
 * what came in a link-layer group frame.
 *
 * <p>The packet is quoted as it stands, so a partial checksum is completed before. About multicast
 * we are always silent: none is forwarded, so the exceptions of §2.4 (e.3) do not arise.
 *
 * <pre>
 *  | IPv6 header (40) | ICMPv6 header (8) | the packet's beginning, at most 1232 bytes |
 * </pre>
 */
public final class Icmpv6Errors {
    /** The minimum MTU of IPv6 (RFC 4443 §2.4 c). */
    public static final int LENGTH_MAX = Ipv6Header.MTU_MIN;

    private static final int HEAD_LENGTH = Ipv6Header.LENGTH + Icmpv6Header.LENGTH;
    private static final int HOP_LIMIT = 64;

    private Icmpv6Errors() {}

    /** The hop limit came to its end here. The source is our address, here and below. */
    public static int timeExceeded(
            DirectBuffer packet,
            int offset,
            int length,
            long sourceHigh,
            long sourceLow,
            MutableDirectBuffer out,
            int outOffset) {
        int type = Icmpv6Header.TIME_EXCEEDED << 8 | Icmpv6Header.CODE_HOP_LIMIT_EXCEEDED;
        return write(type, 0, packet, offset, length, sourceHigh, sourceLow, out, outOffset);
    }

    /** The next hop takes {@code mtu} bytes. */
    public static int packetTooBig(
            DirectBuffer packet,
            int offset,
            int length,
            int mtu,
            long sourceHigh,
            long sourceLow,
            MutableDirectBuffer out,
            int outOffset) {
        int type = Icmpv6Header.PACKET_TOO_BIG << 8;
        return write(type, mtu, packet, offset, length, sourceHigh, sourceLow, out, outOffset);
    }

    /** A filter said no. */
    public static int prohibited(
            DirectBuffer packet,
            int offset,
            int length,
            long sourceHigh,
            long sourceLow,
            MutableDirectBuffer out,
            int outOffset) {
        int type = Icmpv6Header.UNREACHABLE << 8 | Icmpv6Header.CODE_PROHIBITED;
        return write(type, 0, packet, offset, length, sourceHigh, sourceLow, out, outOffset);
    }

    /** There is no route. */
    public static int noRoute(
            DirectBuffer packet,
            int offset,
            int length,
            long sourceHigh,
            long sourceLow,
            MutableDirectBuffer out,
            int outOffset) {
        int type = Icmpv6Header.UNREACHABLE << 8 | Icmpv6Header.CODE_NO_ROUTE;
        return write(type, 0, packet, offset, length, sourceHigh, sourceLow, out, outOffset);
    }

    /** Nobody answers for the next hop. */
    public static int addressUnreachable(
            DirectBuffer packet,
            int offset,
            int length,
            long sourceHigh,
            long sourceLow,
            MutableDirectBuffer out,
            int outOffset) {
        int type = Icmpv6Header.UNREACHABLE << 8 | Icmpv6Header.CODE_ADDRESS_UNREACHABLE;
        return write(type, 0, packet, offset, length, sourceHigh, sourceLow, out, outOffset);
    }

    /** True when RFC 4443 §2.4 (e) lets a router complain about this packet. */
    static boolean mayComplain(DirectBuffer packet, int offset, int length) {
        if (!Ipv6Header.isValid(packet, offset, length)) {
            return false;
        }
        long sourceHigh = Ipv6Header.sourceHigh(packet, offset);
        return Ipv6Header.isUnicast(sourceHigh, Ipv6Header.sourceLow(packet, offset))
                && !Ipv6Header.isMulticast(Ipv6Header.destinationHigh(packet, offset))
                && isContentQuotable(packet, offset);
    }

    /** False for later fragments, ICMPv6 errors, and where it cannot be told. */
    private static boolean isContentQuotable(DirectBuffer packet, int offset) {
        long walk = Ipv6Extensions.walk(packet, offset);
        if (walk == Ipv6Extensions.MALFORMED || Ipv6Extensions.isLaterFragment(walk)) {
            return false;
        }
        if (Ipv6Extensions.protocol(walk) != Icmpv6Header.PROTOCOL) {
            return true;
        }
        int icmp = Ipv6Extensions.offset(walk);
        return icmp < offset + Ipv6Header.packetLength(packet, offset)
                && !Icmpv6Header.isError(Icmpv6Header.type(packet, icmp));
    }

    private static int write(
            int typeAndCode,
            int rest,
            DirectBuffer packet,
            int offset,
            int length,
            long sourceHigh,
            long sourceLow,
            MutableDirectBuffer out,
            int outOffset) {
        if (!mayComplain(packet, offset, length)) {
            return 0;
        }
        int packetLength = Ipv6Header.packetLength(packet, offset);
        int quoteMax = LENGTH_MAX - HEAD_LENGTH;
        int quoted =
                IcmpQuote.write(
                        packet, offset, packetLength, quoteMax, out, outOffset + HEAD_LENGTH);
        int payloadLength = Icmpv6Header.LENGTH + quoted;
        Ipv6Header.write(out, outOffset, payloadLength, Icmpv6Header.PROTOCOL, HOP_LIMIT);
        Ipv6Header.writeSource(out, outOffset, sourceHigh, sourceLow);
        long high = Ipv6Header.sourceHigh(packet, offset);
        Ipv6Header.writeDestination(out, outOffset, high, Ipv6Header.sourceLow(packet, offset));
        int icmp = outOffset + Ipv6Header.LENGTH;
        Icmpv6Header.write(out, icmp, typeAndCode >>> 8, typeAndCode & 0xFF, rest);
        Icmpv6Header.writeChecksum(out, outOffset);
        return HEAD_LENGTH + quoted;
    }
}
