package io.spillway.routing.fib;

/**
 * An IPv4 or IPv6 address as 128 left-aligned bits: IPv4 stands in the upper 32 bits of {@code
 * high}, the rest is zero. So both families share mask and compare arithmetic.
 *
 * <p>Parsing reads numbers only; a name is refused, never looked up.
 */
public record IpAddress(boolean isIpv4, long high, long low) {
    private static final int SHOWN_LENGTH_MAX = 100;

    public IpAddress {
        if (isIpv4 && ((int) high != 0 || low != 0)) {
            throw new IllegalArgumentException("IPv4 address with bits below the upper 32");
        }
    }

    /** Host-order int of the big-endian address bytes. */
    public static IpAddress ofIpv4(int address) {
        return new IpAddress(true, (long) address << 32, 0);
    }

    public static IpAddress ofIpv6(long high, long low) {
        return new IpAddress(false, high, low);
    }

    /**
     * Dotted IPv4 without leading zeros, or IPv6 text of RFC 4291 section 2.2 without zone.
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    public static IpAddress parse(String text) {
        if (text == null) {
            throw refuse("null", "an address is missing");
        }
        return parse(text, text);
    }

    /** Parses {@code address}, which is a part of {@code whole}; refusals name the whole. */
    static IpAddress parse(String address, String whole) {
        if (address.indexOf(':') >= 0) {
            return Ipv6Text.parse(address, whole);
        }
        return ofIpv4(Ipv4Text.parse(address, whole));
    }

    /** Meaningful for IPv4 only. */
    public int toIpv4() {
        return (int) (high >>> 32);
    }

    public boolean isUnspecified() {
        return (high | low) == 0;
    }

    /** Dotted decimal, or the canonical IPv6 text of RFC 5952. */
    @Override
    public String toString() {
        return isIpv4 ? Ipv4Text.format(toIpv4()) : Ipv6Text.format(high, low);
    }

    /** Names the text, shortened and with unprintable characters shown as '?', and the reason. */
    static IllegalArgumentException refuse(String text, String why) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < Math.min(text.length(), SHOWN_LENGTH_MAX); i++) {
            char c = text.charAt(i);
            shown.append(c >= ' ' && c <= '~' ? c : '?');
        }
        String more = text.length() > SHOWN_LENGTH_MAX ? "..." : "";
        return new IllegalArgumentException("\"" + shown + more + "\": " + why);
    }
}
