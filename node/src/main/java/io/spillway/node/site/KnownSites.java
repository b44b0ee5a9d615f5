package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.node.policy.RuleSites;
import java.util.ArrayList;
import java.util.List;

/**
 * All sites, our own too, as the directory has them at a moment. Immutable.
 *
 * @param isTold a PoP has told of the sites, now or before the last start
 */
record KnownSites(boolean isTold, List<RuleSites.Known> sites) {
    static final KnownSites NONE = new KnownSites(false, List.of());

    KnownSites {
        sites = List.copyOf(sites);
    }

    static KnownSites of(PeerDirectory directory) {
        List<RuleSites.Known> sites = new ArrayList<>();
        for (Peer peer : directory.peers()) {
            sites.add(new RuleSites.Known(peer.siteId(), peer.site().name()));
        }
        boolean isTold = directory.generation() != 0 || !sites.isEmpty();
        Site own = directory.own();
        sites.add(new RuleSites.Known(own.id(), own.name()));
        return new KnownSites(isTold, sites);
    }
}
