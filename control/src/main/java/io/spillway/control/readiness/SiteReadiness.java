package io.spillway.control.readiness;

import java.util.List;
import java.util.Map;

/**
 * The readiness of this site as a whole, of each of its WAN links by index, and what each peer adds
 * or lacks. A snapshot.
 *
 * @param site for recovery over the Internet, of which Alt WAN is no part
 * @param altWan of the peers that have Alt WAN too, how many are connected over it; null: this site
 *     has none
 * @param missing by link, the most urgent fault of each expected peer that it does not reach
 */
public record SiteReadiness(
        Readiness site,
        Readiness altWan,
        Map<Integer, Readiness> links,
        Map<Integer, List<Fault>> missing,
        List<PeerReadiness> peers) {
    public SiteReadiness {
        links = Map.copyOf(links);
        missing = Map.copyOf(missing);
        peers = List.copyOf(peers);
    }
}
