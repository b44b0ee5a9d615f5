package io.spillway.tap;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * IP address and port as the kernel's socket calls want them: {@code sockaddr_in} or {@code
 * sockaddr_in6} at a raw address, always in {@link #LENGTH} bytes. Family and scope in native byte
 * order, the rest in network order.
 *
 * <pre>
 *   0        2        4                 8                       16               24        28
 *  +--------+--------+-----------------+-----------------------+----------------+---------+
 *  | AF_INET| port   | IPv4 address    | zero                                             |
 *  +--------+--------+-----------------+-----------------------+----------------+---------+
 *  | AF_INET6 port   | flow label      | IPv6 address, 16 bytes                 | scope   |
 *  +--------+--------+-----------------+-----------------------+----------------+---------+
 * </pre>
 */
public final class EndpointAddress {
    public static final int LENGTH = 28;

    private static final int PORT_OFFSET = 2;
    private static final int IPV4_OFFSET = 4;
    private static final int IPV6_OFFSET = 8;
    private static final int SCOPE_OFFSET = 24;
    private static final int SOCKADDR_IN_LENGTH = 16;

    private EndpointAddress() {}

    /** Writes {@link #LENGTH} bytes. The endpoint must be resolved. */
    public static void encode(InetSocketAddress endpoint, long address) {
        InetAddress ip = endpoint.getAddress();
        Memory.clear(address, LENGTH);
        Memory.putNetworkShort(address + PORT_OFFSET, endpoint.getPort());
        if (ip instanceof Inet6Address ipv6) {
            Memory.putShort(address, SocketOptions.AF_INET6);
            Memory.putBytes(address + IPV6_OFFSET, ipv6.getAddress());
            Memory.putInt(address + SCOPE_OFFSET, ipv6.getScopeId());
        } else {
            Memory.putShort(address, SocketOptions.AF_INET);
            Memory.putBytes(address + IPV4_OFFSET, ip.getAddress());
        }
    }

    /**
     * As {@link #encode}, without allocation.
     *
     * @param high the address's first 8 bytes
     * @param low its last
     */
    public static void encodeIpv6(long high, long low, int port, long address) {
        Memory.clear(address, LENGTH);
        Memory.putShort(address, SocketOptions.AF_INET6);
        Memory.putNetworkShort(address + PORT_OFFSET, port);
        Memory.putLong(address + IPV6_OFFSET, networkOrder(high));
        Memory.putLong(address + IPV6_OFFSET + Long.BYTES, networkOrder(low));
    }

    public static void copy(long from, long to) {
        for (int i = 0; i < LENGTH; i += Integer.BYTES) {
            Memory.putInt(to + i, Memory.getInt(from + i));
        }
    }

    /** The first 8 bytes of an IPv6 address. */
    public static long ipv6High(long address) {
        return networkOrder(Memory.getLong(address + IPV6_OFFSET));
    }

    /** The last 8 bytes of an IPv6 address. */
    public static long ipv6Low(long address) {
        return networkOrder(Memory.getLong(address + IPV6_OFFSET + Long.BYTES));
    }

    private static long networkOrder(long value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
    }

    /**
     * Allocates; not for the packet's way. Throws IllegalArgumentException when it is no IP
     * endpoint.
     */
    public static InetSocketAddress decode(long address) {
        int port = Memory.getNetworkShort(address + PORT_OFFSET);
        try {
            return new InetSocketAddress(isIpv6(address) ? ipv6(address) : ipv4(address), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }

    /** What the kernel takes as length for this family. */
    public static int sockaddrLength(long address) {
        return isIpv6(address) ? LENGTH : SOCKADDR_IN_LENGTH;
    }

    /** Same family, address, port and scope; the IPv6 flow label does not count. */
    public static boolean matches(long a, long b) {
        return Memory.getInt(a) == Memory.getInt(b)
                && (isIpv6(a) ? matchesIpv6(a, b) : ipv4Bits(a) == ipv4Bits(b));
    }

    /** Equal for endpoints that match, spread over all 32 bits. */
    public static int hash(long address) {
        long bits = Memory.getInt(address) & 0xFFFFFFFFL;
        if (isIpv6(address)) {
            bits ^= Memory.getLong(address + IPV6_OFFSET) * 0x9E3779B97F4A7C15L;
            bits = Long.rotateLeft(bits, 29) ^ Memory.getLong(address + IPV6_OFFSET + Long.BYTES);
        } else {
            bits |= (long) ipv4Bits(address) << Integer.SIZE;
        }
        bits *= 0x9E3779B97F4A7C15L;
        bits ^= bits >>> 32;
        bits *= 0xD6E8FEB86659FD93L;
        return (int) (bits >>> 32);
    }

    private static boolean isIpv6(long address) {
        return Memory.getUnsignedShort(address) == SocketOptions.AF_INET6;
    }

    private static int ipv4Bits(long address) {
        return Memory.getInt(address + IPV4_OFFSET);
    }

    private static boolean matchesIpv6(long a, long b) {
        return Memory.getLong(a + IPV6_OFFSET) == Memory.getLong(b + IPV6_OFFSET)
                && Memory.getLong(a + IPV6_OFFSET + Long.BYTES)
                        == Memory.getLong(b + IPV6_OFFSET + Long.BYTES)
                && Memory.getInt(a + SCOPE_OFFSET) == Memory.getInt(b + SCOPE_OFFSET);
    }

    private static InetAddress ipv4(long address) throws UnknownHostException {
        int family = Memory.getUnsignedShort(address);
        if (family != SocketOptions.AF_INET) {
            throw new IllegalArgumentException("address family " + family + " is not IP");
        }
        byte[] bytes = new byte[4];
        Memory.getBytes(address + IPV4_OFFSET, bytes);
        return Inet4Address.getByAddress(bytes);
    }

    private static InetAddress ipv6(long address) throws UnknownHostException {
        byte[] bytes = new byte[16];
        Memory.getBytes(address + IPV6_OFFSET, bytes);
        int scope = Memory.getInt(address + SCOPE_OFFSET);
        // Not InetAddress.getByAddress, which would turn a mapped address into an IPv4 one.
        return Inet6Address.getByAddress(null, bytes, scope == 0 ? -1 : scope);
    }
}
