package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * ICMP errors about IPv4 packets (RFC 792, RFC 1812 §4.3.2): each writes an IPv4 packet of at most
 * {@link #LENGTH_MAX} bytes at {@code outOffset} and returns its length, or 0 where no error may be
 * sent. For IPv6: {@link Icmpv6Errors}. Pure functions; the rate is the caller's ({@link
 * IcmpRateLimiter}), and so is silence about what came in a link-layer broadcast.
 *
 * <p>The packet is quoted as it stands, so a partial checksum is completed before.
 *
 * <pre>
 *  | IPv4 header (20) | ICMP header (8) | the packet's beginning, at most 548 bytes |
 * </pre>
 */
public final class IcmpErrors {
    /** A packet every host takes (RFC 1812 §4.3.2.3). */
    public static final int LENGTH_MAX = 576;

    private static final int HEAD_LENGTH = Ipv4Header.LENGTH_MIN + IcmpHeader.LENGTH;
    private static final int PRECEDENCE_INTERNETWORK_CONTROL = 0xC0; // RFC 1812 §4.3.2.5

    private IcmpErrors() {}

    /** The TTL came to its end here. {@code source} is our address, here and below. */
    public static int timeExceeded(
            DirectBuffer packet,
            int offset,
            int length,
            int source,
            MutableDirectBuffer out,
            int outOffset) {
        int type = IcmpHeader.TIME_EXCEEDED << 8 | IcmpHeader.CODE_TTL_EXCEEDED;
        return write(type, 0, packet, offset, length, source, out, outOffset);
    }

    /** DF is set and the next hop takes {@code mtu} bytes (RFC 1191 §4). */
    public static int fragmentationNeeded(
            DirectBuffer packet,
            int offset,
            int length,
            int mtu,
            int source,
            MutableDirectBuffer out,
            int outOffset) {
        int type = IcmpHeader.UNREACHABLE << 8 | IcmpHeader.CODE_FRAGMENTATION_NEEDED;
        return write(type, mtu, packet, offset, length, source, out, outOffset);
    }

    /** A filter said no. */
    public static int prohibited(
            DirectBuffer packet,
            int offset,
            int length,
            int source,
            MutableDirectBuffer out,
            int outOffset) {
        int type = IcmpHeader.UNREACHABLE << 8 | IcmpHeader.CODE_PROHIBITED;
        return write(type, 0, packet, offset, length, source, out, outOffset);
    }

    /** There is no route. */
    public static int netUnreachable(
            DirectBuffer packet,
            int offset,
            int length,
            int source,
            MutableDirectBuffer out,
            int outOffset) {
        int type = IcmpHeader.UNREACHABLE << 8 | IcmpHeader.CODE_NET_UNREACHABLE;
        return write(type, 0, packet, offset, length, source, out, outOffset);
    }

    /** Nobody answers for the next hop. */
    public static int hostUnreachable(
            DirectBuffer packet,
            int offset,
            int length,
            int source,
            MutableDirectBuffer out,
            int outOffset) {
        int type = IcmpHeader.UNREACHABLE << 8 | IcmpHeader.CODE_HOST_UNREACHABLE;
        return write(type, 0, packet, offset, length, source, out, outOffset);
    }

    /** True when RFC 1812 §4.3.2.7 lets a router complain about this packet. */
    static boolean mayComplain(DirectBuffer packet, int offset, int length) {
        return Ipv4Header.isValid(packet, offset, length)
                && Ipv4Header.isUnicast(Ipv4Header.source(packet, offset))
                && Ipv4Header.isUnicast(Ipv4Header.destination(packet, offset))
                && !Ipv4Header.isLaterFragment(packet, offset)
                && !isIcmpError(packet, offset);
    }

    /** True also for an ICMP packet too short to tell. */
    private static boolean isIcmpError(DirectBuffer packet, int offset) {
        if (Ipv4Header.protocol(packet, offset) != IcmpHeader.PROTOCOL) {
            return false;
        }
        int headerLength = Ipv4Header.headerLength(packet, offset);
        return Ipv4Header.totalLength(packet, offset) == headerLength
                || IcmpHeader.isError(IcmpHeader.type(packet, offset + headerLength));
    }

    private static int write(
            int typeAndCode,
            int rest,
            DirectBuffer packet,
            int offset,
            int length,
            int source,
            MutableDirectBuffer out,
            int outOffset) {
        if (!mayComplain(packet, offset, length)) {
            return 0;
        }
        int icmp = outOffset + Ipv4Header.LENGTH_MIN;
        int quoteMax = LENGTH_MAX - HEAD_LENGTH;
        int packetLength = Ipv4Header.totalLength(packet, offset);
        int quoted =
                IcmpQuote.write(
                        packet, offset, packetLength, quoteMax, out, outOffset + HEAD_LENGTH);
        out.putInt(icmp, typeAndCode << 16, BIG_ENDIAN);
        out.putInt(icmp + IcmpHeader.REST_OFFSET, rest, BIG_ENDIAN);
        int checksum = Checksum.ofSum(Checksum.sum(out, icmp, IcmpHeader.LENGTH + quoted));
        out.putShort(icmp + IcmpHeader.CHECKSUM_OFFSET, (short) checksum, BIG_ENDIAN);
        Ipv4Header.write(
                out,
                outOffset,
                PRECEDENCE_INTERNETWORK_CONTROL,
                HEAD_LENGTH + quoted,
                IcmpHeader.PROTOCOL,
                source,
                Ipv4Header.source(packet, offset));
        return HEAD_LENGTH + quoted;
    }
}
