package io.spillway.node.channel;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** {@code ADDRESS:PORT} for log lines and messages, without a name look-up. */
public final class EndpointText {
    private EndpointText() {}

    public static String of(InetSocketAddress endpoint) {
        if (endpoint == null) {
            return "unknown address";
        }
        if (endpoint.isUnresolved()) {
            return endpoint.getHostString() + ":" + endpoint.getPort();
        }
        String address = endpoint.getAddress().getHostAddress();
        boolean bracketed = endpoint.getAddress() instanceof Inet6Address;
        return (bracketed ? "[" + address + "]" : address) + ":" + endpoint.getPort();
    }
}
