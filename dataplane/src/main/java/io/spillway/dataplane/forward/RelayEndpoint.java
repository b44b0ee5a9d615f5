package io.spillway.dataplane.forward;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * The far end of a tunnel on the {@link Relay} link: a site by way of another, in the form of an
 * IPv6 endpoint that never leaves this process.
 *
 * <pre>
 *   address: | site (8) | the site that relays (8) |
 * </pre>
 */
public final class RelayEndpoint {
    static final int PORT = 1;

    private RelayEndpoint() {}

    public static InetSocketAddress of(long siteId, long via) {
        byte[] address = ByteBuffer.allocate(2 * Long.BYTES).putLong(siteId).putLong(via).array();
        try {
            // Not InetAddress.getByAddress, which would turn a mapped address into an IPv4 one.
            return new InetSocketAddress(Inet6Address.getByAddress(null, address, -1), PORT);
        } catch (UnknownHostException e) {
            throw new AssertionError("16 bytes are always an address", e);
        }
    }

    /** Who relays. */
    public static long via(InetSocketAddress endpoint) {
        return half(endpoint.getAddress(), Long.BYTES);
    }

    /** Who is at the end. */
    public static long site(InetSocketAddress endpoint) {
        return half(endpoint.getAddress(), 0);
    }

    private static long half(InetAddress address, int offset) {
        return ByteBuffer.wrap(address.getAddress()).getLong(offset);
    }
}
