package io.spillway.node;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;

/**
 * One of our own addresses and the network it lives in, such as {@code 10.1.0.1/24}.
 *
 * @param address neither the network's own nor its broadcast address
 */
public record InterfaceAddress(IpAddress address, Prefix network) {

    public InterfaceAddress {
        if (!network.contains(address) || !isHost(address, network)) {
            throw new IllegalArgumentException(address + " is no host's address in " + network);
        }
    }

    /** Throws {@link IllegalArgumentException} for anything but ADDRESS/LENGTH of a host. */
    public static InterfaceAddress parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || text.indexOf('+') >= 0) {
            throw new IllegalArgumentException(text + ": no plain prefix length");
        }
        IpAddress address = UnicastAddress.parse(text.substring(0, slash));
        int length = Integer.parseUnsignedInt(text.substring(slash + 1));
        return new InterfaceAddress(address, Prefix.containing(address, length));
    }

    /** Whether the two networks have an address in common. */
    public boolean overlaps(InterfaceAddress other) {
        return network.contains(other.network) || other.network.contains(network);
    }

    private static boolean isHost(IpAddress address, Prefix network) {
        int hostBits =
                (network.isIpv4() ? Prefix.IPV4_LENGTH_MAX : Prefix.IPV6_LENGTH_MAX)
                        - network.length();
        if (hostBits < 2) { // RFC 3021 and RFC 6164: both addresses are hosts'
            return true;
        }
        boolean first = address.equals(network.address());
        int mask = (int) ((1L << Math.min(hostBits, 32)) - 1);
        return !first && !(network.isIpv4() && (address.toIpv4() & mask) == mask);
    }

    @Override
    public String toString() {
        return address + "/" + network.length();
    }
}
