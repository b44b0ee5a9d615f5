package io.spillway.control.readiness;

import java.util.Collection;
import java.util.List;

/**
 * What readiness is told from, of one moment.
 *
 * @param links all of this site; a missing one is down
 * @param tunnels those that exist, and those for which no way was found
 * @param isPopConnected a data tunnel to the PoP lives, and it has told of all others, so that what
 *     it says of them is fresh
 * @param isBrokered the PoP or another site can order both ends to punch, so that ways can be
 *     sought
 */
public record SiteFacts(
        Collection<LinkStatus> links,
        Collection<TunnelStatus> tunnels,
        boolean isPopConnected,
        boolean isBrokered) {
    public SiteFacts {
        links = List.copyOf(links);
        tunnels = List.copyOf(tunnels);
    }
}
