package io.spillway.routing.rib;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import java.util.Objects;

/**
 * What a BGP neighbour said of the prefixes it announced with the same attributes, as far as the
 * choice between paths needs it. Immutable; one object serves all these prefixes.
 *
 * @param peer the neighbour's address
 * @param nextHop where packets leave; null = the announced next hop cannot be reached from here,
 *     and the path is never used
 * @param localPreference unsigned 32 bits; higher is better
 * @param asPathLength RFC 4271 section 9.1.2.2 a: a set counts one, confederation segments nothing
 * @param origin ORIGIN as in RFC 4271 section 5.1.1: 0 IGP, 1 EGP, 2 INCOMPLETE; lower is better
 * @param med unsigned 32 bits; lower is better, compared among paths by the same neighbouring AS
 * @param neighbourAs the leftmost AS of the path, unsigned 32 bits; 0 = it began in our own
 * @param isExternal learned from another AS
 * @param interiorCost to the next hop; 0 when the LAN is directly connected
 * @param routerId BGP identifier of the neighbour, or ORIGINATOR_ID; unsigned 32 bits
 * @param clusterLength of CLUSTER_LIST (RFC 4456 section 9)
 * @param attributes what else the speaker wants to find again; not read here, may be null
 */
public record BgpPath(
        IpAddress peer,
        NextHop nextHop,
        long localPreference,
        int asPathLength,
        int origin,
        long med,
        long neighbourAs,
        boolean isExternal,
        long interiorCost,
        long routerId,
        int clusterLength,
        Object attributes) {

    public BgpPath {
        Objects.requireNonNull(peer);
        if (nextHop != null && nextHop.kind() == NextHop.Kind.SITE) {
            throw new IllegalArgumentException("a BGP path cannot leave by " + nextHop);
        }
    }

    /** The path may be used. */
    public boolean isReachable() {
        return nextHop != null;
    }
}
