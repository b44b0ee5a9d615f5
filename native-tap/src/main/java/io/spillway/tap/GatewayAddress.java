package io.spillway.tap;

import java.net.InetAddress;

/** An address of the appliance on one of its LANs, such as {@code 10.1.0.1/24}. */
public record GatewayAddress(InetAddress address, int prefixLength) {
    public GatewayAddress {
        int prefixLengthMax = address.getAddress().length * Byte.SIZE;
        if (prefixLength < 1 || prefixLength > prefixLengthMax) {
            throw new IllegalArgumentException(
                    "prefix length %d of %s is not between 1 and %d"
                            .formatted(prefixLength, address.getHostAddress(), prefixLengthMax));
        }
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new IllegalArgumentException(
                    address.getHostAddress() + " cannot be the address of a gateway");
        }
    }

    /** Literal addresses only; never asks a name server. */
    public static GatewayAddress parse(String text) {
        int slash = text.indexOf('/');
        try {
            if (slash > 0) {
                return new GatewayAddress(
                        InetAddress.ofLiteral(text.substring(0, slash)),
                        Integer.parseInt(text.substring(slash + 1)));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(expectation(text), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(expectation(text) + ": " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(expectation(text));
    }

    public boolean isIpv4() {
        return address.getAddress().length == 4;
    }

    /** Without the prefix length. */
    String host() {
        return address.getHostAddress();
    }

    @Override
    public String toString() {
        return host() + "/" + prefixLength;
    }

    private static String expectation(String text) {
        return "\"" + text + "\" is not an address with prefix length, like 10.1.0.1/24";
    }
}
