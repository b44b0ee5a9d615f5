package io.spillway.control.readiness;

import java.util.List;
import java.util.Map;

/**
 * The readiness of this site as a whole, of each of its WAN links by index, and what each peer adds
 * or lacks. A snapshot.
 */
public record SiteReadiness(
        Readiness site, Map<Integer, Readiness> links, List<PeerReadiness> peers) {
    public SiteReadiness {
        links = Map.copyOf(links);
        peers = List.copyOf(peers);
    }
}
