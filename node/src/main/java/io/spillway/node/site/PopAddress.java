package io.spillway.node.site;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * One PoP node as the site's configuration names it.
 *
 * @param name of its PoP
 * @param tunnels where its tunnels end: the port to try first, then the other (D56)
 */
public record PopAddress(String name, List<InetSocketAddress> tunnels) {
    public PopAddress {
        tunnels = List.copyOf(tunnels);
        if (tunnels.isEmpty()) {
            throw new IllegalArgumentException("a PoP without an end for tunnels");
        }
    }
}
