package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A 48-bit link-layer address as the low 48 bits of a {@code long}, first byte on the wire highest.
 * 0 is never a station's address and stands for "none".
 */
public final class MacAddress {
    public static final int LENGTH = 6;
    public static final long NONE = 0;
    public static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

    private static final long GROUP_BIT = 0x0100_0000_0000L; // IEEE 802-2014 §8.2.2, I/G
    private static final long UNIVERSAL_LOCAL_BIT = 0x0200_0000_0000L; // ditto, U/L
    private static final long IPV6_GROUP = 0x3333_0000_0000L; // RFC 2464 §7

    private MacAddress() {}

    public static long read(DirectBuffer buffer, int offset) {
        return (buffer.getShort(offset, BIG_ENDIAN) & 0xFFFFL) << 32
                | buffer.getInt(offset + 2, BIG_ENDIAN) & 0xFFFF_FFFFL;
    }

    public static void write(MutableDirectBuffer buffer, int offset, long mac) {
        buffer.putShort(offset, (short) (mac >>> 32), BIG_ENDIAN);
        buffer.putInt(offset + 2, (int) mac, BIG_ENDIAN);
    }

    /** True for multicast and broadcast. */
    public static boolean isGroup(long mac) {
        return (mac & GROUP_BIT) != 0;
    }

    /** True when the address can belong to one station: neither a group nor zero. */
    public static boolean isStation(long mac) {
        return mac != NONE && !isGroup(mac);
    }

    /** Group address of an IPv6 multicast address whose low half is given (RFC 2464 §7). */
    public static long ofIpv6Group(long addressLow) {
        return IPV6_GROUP | addressLow & 0xFFFF_FFFFL;
    }

    /** Modified EUI-64 interface identifier, the low half of an IPv6 address (RFC 4291 app. A). */
    public static long interfaceIdentifier(long mac) {
        long flipped = mac ^ UNIVERSAL_LOCAL_BIT;
        return (flipped & 0xFFFF_FF00_0000L) << 16 | 0xFF_FE00_0000L | flipped & 0xFF_FFFFL;
    }

    /** Six pairs of hexadecimal digits, {@code 02:00:5e:10:00:01}. Allocates; for people. */
    public static String format(long mac) {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            text.append(String.format("%02x", mac >>> shift & 0xFF));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString();
    }
}
