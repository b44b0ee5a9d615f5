package io.spillway.node.pop;

import java.net.InetSocketAddress;

/**
 * Another PoP node of the account, as the configuration names it.
 *
 * @param name as its certificate has it
 * @param tunnel where its tunnels end
 * @param channel where its channels end
 */
public record NodeAddress(String name, InetSocketAddress tunnel, InetSocketAddress channel) {
    /** Of two nodes the one whose name is lower calls, for tunnel and channel alike. */
    public boolean isCalledBy(String other) {
        return other.compareTo(name) < 0;
    }
}
