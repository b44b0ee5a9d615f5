package io.spillway.tap;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.agrona.DirectBuffer;

/**
 * Reads which datagram an ICMP "destination unreachable" or "packet too big" quotes. Anything else,
 * or cut short, is passed over.
 *
 * <pre>
 *  IPv4 raw socket:  IPv4 header | ICMP, 8 bytes: type 3, code, …, MTU (2)        | quoted IPv4 header | UDP ports
 *  IPv6 raw socket:                ICMPv6, 8 bytes: type 1 or 2, code, …, MTU (4) | quoted IPv6 header | UDP ports
 * </pre>
 */
final class UnreachableDecoder {
    /** RFC 792. */
    static final int ICMP_UNREACHABLE = 3;

    /** RFC 4443 section 3.1. */
    static final int ICMPV6_UNREACHABLE = 1;

    /** RFC 4443 section 3.2. */
    static final int ICMPV6_TOO_BIG = 2;

    /** RFC 1191: not unreachable but too long. */
    private static final int CODE_FRAGMENTATION_NEEDED = 4;

    /** Of a code that no message has: too long. */
    private static final int TOO_BIG = -1;

    private static final int MTU_OFFSET = 6; // of ICMPv6 the low half; no path has more

    private static final int ICMP_LENGTH = 8;
    private static final int IPV4_LENGTH_MIN = 20;
    private static final int IPV4_PROTOCOL_OFFSET = 9;
    private static final int IPV4_SOURCE_OFFSET = 12;
    private static final int IPV6_LENGTH = 40;
    private static final int IPV6_NEXT_HEADER_OFFSET = 6;
    private static final int IPV6_SOURCE_OFFSET = 8;
    private static final int PORTS_LENGTH = 4;
    private static final int PROTOCOL_UDP = 17;

    /** The two ends of the datagram in question. */
    private record Quotation(InetSocketAddress local, InetSocketAddress remote) {}

    private UnreachableDecoder() {}

    /** {@code length} bytes from the buffer's start are what a raw socket gave. */
    static void decode(
            DirectBuffer buffer, int length, boolean ipv6, UnreachableMonitor.Listener listener) {
        int icmp = ipv6 ? 0 : ipv4HeaderLength(buffer, 0, length);
        if (icmp < 0 || icmp + ICMP_LENGTH > length) {
            return;
        }
        int type = buffer.getByte(icmp) & 0xFF;
        int code = buffer.getByte(icmp + 1) & 0xFF;
        int quoted = icmp + ICMP_LENGTH;
        if (ipv6 && type == ICMPV6_TOO_BIG) {
            decodeIpv6(buffer, quoted, length, TOO_BIG, listener);
        } else if (ipv6 && type == ICMPV6_UNREACHABLE) {
            decodeIpv6(buffer, quoted, length, code, listener);
        } else if (!ipv6 && type == ICMP_UNREACHABLE) {
            boolean isTooBig = code == CODE_FRAGMENTATION_NEEDED;
            decodeIpv4(buffer, quoted, length, isTooBig ? TOO_BIG : code, listener);
        }
    }

    private static void decodeIpv4(
            DirectBuffer buffer,
            int quoted,
            int length,
            int code,
            UnreachableMonitor.Listener listener) {
        int headerLength = ipv4HeaderLength(buffer, quoted, length);
        if (headerLength < 0
                || quoted + headerLength + PORTS_LENGTH > length
                || buffer.getByte(quoted + IPV4_PROTOCOL_OFFSET) != PROTOCOL_UDP) {
            return;
        }
        Quotation quotation =
                quotation(buffer, quoted + IPV4_SOURCE_OFFSET, 4, quoted + headerLength);
        report(buffer, quoted - ICMP_LENGTH, quotation, code, listener);
    }

    /** Extension headers: our datagrams have none, so a quotation that has some is not ours. */
    private static void decodeIpv6(
            DirectBuffer buffer,
            int quoted,
            int length,
            int code,
            UnreachableMonitor.Listener listener) {
        if (quoted + IPV6_LENGTH + PORTS_LENGTH > length
                || buffer.getByte(quoted + IPV6_NEXT_HEADER_OFFSET) != PROTOCOL_UDP) {
            return;
        }
        Quotation quotation =
                quotation(buffer, quoted + IPV6_SOURCE_OFFSET, 16, quoted + IPV6_LENGTH);
        report(buffer, quoted - ICMP_LENGTH, quotation, code, listener);
    }

    private static void report(
            DirectBuffer buffer,
            int icmp,
            Quotation quotation,
            int code,
            UnreachableMonitor.Listener listener) {
        if (code == TOO_BIG) {
            int mtu = buffer.getShort(icmp + MTU_OFFSET, BIG_ENDIAN) & 0xFFFF;
            listener.onTooBig(quotation.local(), quotation.remote(), mtu);
        } else {
            listener.onUnreachable(quotation.local(), quotation.remote(), code);
        }
    }

    private static Quotation quotation(
            DirectBuffer buffer, int addresses, int addressLength, int ports) {
        InetAddress source = address(buffer, addresses, addressLength);
        InetAddress destination = address(buffer, addresses + addressLength, addressLength);
        return new Quotation(
                new InetSocketAddress(source, port(buffer, ports)),
                new InetSocketAddress(destination, port(buffer, ports + Short.BYTES)));
    }

    /** -1 when no IPv4 header with all its options is there. */
    private static int ipv4HeaderLength(DirectBuffer buffer, int offset, int length) {
        if (offset + IPV4_LENGTH_MIN > length) {
            return -1;
        }
        int headerLength = (buffer.getByte(offset) & 0x0F) * 4;
        boolean valid =
                (buffer.getByte(offset) & 0xF0) == 0x40
                        && headerLength >= IPV4_LENGTH_MIN
                        && offset + headerLength <= length;
        return valid ? headerLength : -1;
    }

    private static int port(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, BIG_ENDIAN) & 0xFFFF;
    }

    private static InetAddress address(DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        try {
            return length == 4
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }
}
