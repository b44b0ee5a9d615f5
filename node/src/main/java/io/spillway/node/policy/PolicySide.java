package io.spillway.node.policy;

import io.spillway.routing.fib.Prefix;
import java.util.List;

/**
 * One network of a site, as policies name it. Immutable.
 *
 * @param number of its LAN interface
 * @param vlan 0: untagged
 * @param prefixes of all that is there, behind routers too
 */
public record PolicySide(int number, String name, int vlan, List<Prefix> prefixes) {
    public PolicySide {
        prefixes = List.copyOf(prefixes);
    }
}
