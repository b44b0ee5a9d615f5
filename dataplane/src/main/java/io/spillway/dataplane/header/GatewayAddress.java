package io.spillway.dataplane.header;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * A gateway's address with the length of its network's prefix, {@code 10.1.0.1/24}. Immutable.
 *
 * @param high upper half of an IPv6 address; 0 for IPv4
 * @param low lower half of an IPv6 address; for IPv4 the address in the low 32 bits
 * @param prefixLength 1..32 or 1..128
 */
public record GatewayAddress(boolean isIpv4, long high, long low, int prefixLength) {

    public GatewayAddress {
        int max = isIpv4 ? 32 : 128;
        if (prefixLength < 1 || prefixLength > max) {
            throw new IllegalArgumentException("prefix length " + prefixLength + ", not 1.." + max);
        }
    }

    /**
     * Reads {@code address/length}.
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    public static GatewayAddress parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw refused(text, "expected ADDRESS/PREFIX-LENGTH");
        }
        byte[] bytes = literal(text, text.substring(0, slash)).getAddress();
        int prefixLength = prefixLength(text, text.substring(slash + 1), bytes.length * 8);
        ByteBuffer address = ByteBuffer.wrap(bytes);
        boolean isIpv4 = bytes.length == 4;
        long high = isIpv4 ? 0 : address.getLong();
        long low = isIpv4 ? address.getInt() & 0xFFFF_FFFFL : address.getLong();
        if (isIpv4 ? !Ipv4Header.isUnicast((int) low) : !Ipv6Header.isUnicast(high, low)) {
            throw refused(text, "not a unicast address");
        }
        return new GatewayAddress(isIpv4, high, low, prefixLength);
    }

    /** True when an IPv4 address lies in this network. */
    boolean covers(int address) {
        return isIpv4 && (address ^ (int) low) >>> 32 - prefixLength == 0;
    }

    /** True when an IPv6 address lies in this network. */
    boolean covers(long otherHigh, long otherLow) {
        if (isIpv4) {
            return false;
        }
        if (prefixLength <= 64) {
            return (high ^ otherHigh) >>> 64 - prefixLength == 0;
        }
        return high == otherHigh && (low ^ otherLow) >>> 128 - prefixLength == 0;
    }

    private static InetAddress literal(String text, String address) {
        InetAddress literal;
        try {
            literal = InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            throw refused(text, "not an IP address");
        }
        // The JDK also reads 10.1 as 10.0.0.1 and ::ffff:10.0.0.1 as an IPv4 address.
        if (literal instanceof Inet4Address && !literal.getHostAddress().equals(address)) {
            throw refused(text, "expected an IPv4 address as four numbers");
        }
        return literal;
    }

    private static int prefixLength(String text, String number, int max) {
        try {
            int length = Integer.parseInt(number);
            if (length >= 1 && length <= max) {
                return length;
            }
        } catch (NumberFormatException e) {
            throw refused(text, "the prefix length is not a number");
        }
        throw refused(text, "the prefix length must be 1.." + max);
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException("gateway address '" + text + "': " + why);
    }
}
