package io.spillway.routing.fib;

/** Dotted decimal text of IPv4 addresses. */
final class Ipv4Text {
    private static final int TEXT_LENGTH_MAX = 15;
    private static final String EXPECTED =
            "not an IPv4 address: expected four numbers from 0 to 255 separated by dots";

    private Ipv4Text() {}

    static int parse(String text, String whole) {
        if (text.length() > TEXT_LENGTH_MAX) {
            throw IpAddress.refuse(whole, EXPECTED);
        }
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            throw IpAddress.refuse(whole, EXPECTED);
        }
        int address = 0;
        for (String octet : octets) {
            address = address << 8 | octet(octet, whole);
        }
        return address;
    }

    private static int octet(String text, String whole) {
        int value = Decimal.parse(text, 255);
        if (value == Decimal.NOT_A_NUMBER) {
            throw IpAddress.refuse(whole, EXPECTED);
        }
        if (value == Decimal.LEADING_ZERO) {
            throw IpAddress.refuse(
                    whole, "\"" + text + "\" has a leading zero, which some read as octal");
        }
        return value;
    }

    static String format(int address) {
        return (address >>> 24)
                + "."
                + (address >>> 16 & 0xFF)
                + "."
                + (address >>> 8 & 0xFF)
                + "."
                + (address & 0xFF);
    }
}
