package io.spillway.routing.fib;

/**
 * An IPv4 or IPv6 network: left-aligned address bits as in {@link IpAddress} and a length. Bits
 * behind the length are zero.
 *
 * <p>Order: IPv4 before IPv6, then by address, then the shorter first, so that a network comes
 * right before what it contains.
 */
public record Prefix(boolean isIpv4, long high, long low, int length)
        implements Comparable<Prefix> {
    public static final int IPV4_LENGTH_MAX = 32;
    public static final int IPV6_LENGTH_MAX = 128;

    public Prefix {
        int lengthMax = isIpv4 ? IPV4_LENGTH_MAX : IPV6_LENGTH_MAX;
        if (length < 0 || length > lengthMax) {
            throw new IllegalArgumentException(
                    "prefix length " + length + " not in 0.." + lengthMax);
        }
        if ((high & ~highMask(length)) != 0 || (low & ~lowMask(length)) != 0) {
            throw new IllegalArgumentException("bits set behind prefix length " + length);
        }
    }

    /**
     * Reads {@code ADDRESS/LENGTH}, for instance {@code 10.1.0.0/16} or {@code fd00:1::/64}.
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it, also when bits
     *     behind the length are set
     */
    public static Prefix parse(String text) {
        if (text == null) {
            throw IpAddress.refuse("null", "a prefix is missing");
        }
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw IpAddress.refuse(text, "no prefix length: expected ADDRESS/LENGTH");
        }
        IpAddress address = IpAddress.parse(text.substring(0, slash), text);
        int lengthMax = address.isIpv4() ? IPV4_LENGTH_MAX : IPV6_LENGTH_MAX;
        int length = Decimal.parse(text.substring(slash + 1), lengthMax);
        if (length < 0) {
            throw IpAddress.refuse(text, "prefix length is not a number from 0 to " + lengthMax);
        }
        Prefix network = containing(address, length);
        if (network.high != address.high() || network.low != address.low()) {
            throw IpAddress.refuse(text, "bits set behind the length: the network is " + network);
        }
        return network;
    }

    /** The network of that length around an address: bits behind the length are cleared. */
    public static Prefix containing(IpAddress address, int length) {
        long high = address.high() & highMask(length);
        return new Prefix(address.isIpv4(), high, address.low() & lowMask(length), length);
    }

    /** {@code address} in host order; bits behind the length must be zero. */
    public static Prefix ofIpv4(int address, int length) {
        return new Prefix(true, (long) address << 32, 0, length);
    }

    /** Bits behind the length must be zero. */
    public static Prefix ofIpv6(long high, long low, int length) {
        return new Prefix(false, high, low, length);
    }

    /** The prefix of full length. */
    public static Prefix host(IpAddress address) {
        return containing(address, address.isIpv4() ? IPV4_LENGTH_MAX : IPV6_LENGTH_MAX);
    }

    public boolean isDefault() {
        return length == 0;
    }

    public IpAddress address() {
        return new IpAddress(isIpv4, high, low);
    }

    /** True also for the prefix itself; never across families. */
    public boolean contains(Prefix other) {
        return other.isIpv4 == isIpv4 && other.length >= length && matches(other.high, other.low);
    }

    /** Never across families; an IPv4-mapped IPv6 address is IPv6. */
    public boolean contains(IpAddress address) {
        return address.isIpv4() == isIpv4 && matches(address.high(), address.low());
    }

    private boolean matches(long otherHigh, long otherLow) {
        return ((otherHigh ^ high) & highMask(length)) == 0
                && ((otherLow ^ low) & lowMask(length)) == 0;
    }

    private static long highMask(int length) {
        return length <= 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
    }

    private static long lowMask(int length) {
        return length <= 64 ? 0 : length >= 128 ? -1L : -1L << (128 - length);
    }

    @Override
    public int compareTo(Prefix other) {
        if (isIpv4 != other.isIpv4) {
            return isIpv4 ? -1 : 1;
        }
        int order = Long.compareUnsigned(high, other.high);
        if (order == 0) {
            order = Long.compareUnsigned(low, other.low);
        }
        return order != 0 ? order : Integer.compare(length, other.length);
    }

    /** Mixed: the zero bits behind the length would otherwise crowd hash tables. */
    @Override
    public int hashCode() {
        long hash = high * 0x9E3779B97F4A7C15L + low;
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L + (isIpv4 ? length : ~length);
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L;
        return (int) (hash >>> 32);
    }

    /** {@link IpAddress#toString()}, a slash and the length; {@link #parse} reads it back. */
    @Override
    public String toString() {
        return address() + "/" + length;
    }
}
