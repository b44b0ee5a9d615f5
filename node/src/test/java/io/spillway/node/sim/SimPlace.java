package io.spillway.node.sim;

import io.spillway.node.pop.NodeAddress;
import io.spillway.node.site.PopAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where a PoP node is.
 *
 * @param pop nodes of one PoP have the same
 * @param node its own name
 */
record SimPlace(String pop, String node, InetSocketAddress tunnel, InetSocketAddress alternate) {
    static final SimPlace FRANKFURT = at("frankfurt", "frankfurt", 10);

    /** Two nodes of one PoP. */
    static final List<SimPlace> TWO_NODES =
            List.of(at("frankfurt", "frankfurt-1", 10), at("frankfurt", "frankfurt-2", 14));

    /** Two PoPs. */
    static final List<SimPlace> TWO_POPS =
            List.of(at("frankfurt", "frankfurt", 10), at("paris", "paris", 14));

    private static SimPlace at(String pop, String node, int last) {
        return new SimPlace(
                pop,
                node,
                new InetSocketAddress("203.0.113." + last, 443),
                new InetSocketAddress("203.0.113." + last, 1337));
    }

    /** As sites have it. */
    PopAddress asPop() {
        return new PopAddress(pop, List.of(tunnel, alternate));
    }

    /** As other nodes have it. */
    NodeAddress asNode() {
        return new NodeAddress(node, tunnel, tunnel);
    }

    List<InetSocketAddress> ends() {
        return List.of(tunnel, alternate);
    }
}
