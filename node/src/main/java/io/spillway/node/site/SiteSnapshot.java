package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteMessages;
import io.spillway.control.recovery.RecoveryEvent;
import io.spillway.control.wire.Directory;
import io.spillway.control.wire.Nlri;
import io.spillway.control.wire.SavedRoutes;
import io.spillway.control.wire.SavedState;
import io.spillway.routing.rib.Rib;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agrona.concurrent.EpochClock;

/** What a site knows of the others, as its saved state, and back. Owned by control. */
final class SiteSnapshot {
    /** One link of another site. */
    private record LinkOf(long siteId, int link) {}

    private final PeerDirectory directory;
    private final Rib rib;
    private final SiteTunnels tunnels;
    private final CloudServices services;
    private final EpochClock clock;

    SiteSnapshot(
            PeerDirectory directory,
            Rib rib,
            SiteTunnels tunnels,
            CloudServices services,
            EpochClock clock) {
        this.directory = directory;
        this.rib = rib;
        this.tunnels = tunnels;
        this.services = services;
        this.clock = clock;
    }

    /** The others, as the recovery machine wants them. */
    static List<RecoveryEvent.PeerFacts> peers(SavedState saved, long ownId) {
        return SiteMessages.sites(saved.getDirectory()).stream()
                .filter(site -> site.id() != ownId)
                .map(site -> new RecoveryEvent.PeerFacts(site.id(), false, site.isRecoverable()))
                .toList();
    }

    /**
     * Before anything else is known. Routes are frozen as they were; until a PoP speaks, nobody
     * confirms them.
     *
     * @param isFreezeEnabled off: routes are not kept over the loss of a PoP, nor over a start
     */
    void restore(SavedState saved, boolean isFreezeEnabled) {
        Directory sites = saved.getDirectory();
        directory.apply(sites.getGeneration(), SiteMessages.sites(sites));
        directory.beginState();
        if (!isFreezeEnabled) {
            return;
        }
        for (SavedRoutes routes : saved.getRoutesList()) {
            if (directory.peer(routes.getSiteId()) != null) {
                rib.replaceRemote(
                        routes.getSiteId(),
                        routes.getGeneration(),
                        Nlri.decode(routes.getPrefixes()));
            }
        }
        rib.freeze(saved.getFrozenMs() == 0 ? saved.getSavedMs() : saved.getFrozenMs());
        rib.markStale();
    }

    /** Empty while there is nobody to remember. */
    Optional<SavedState> take() {
        List<Peer> peers = directory.peers();
        if (peers.isEmpty()) {
            return Optional.empty();
        }
        Directory.Builder sites = Directory.newBuilder().setGeneration(directory.generation());
        if (directory.ownAtPop() != null) {
            sites.addSites(SiteMessages.entry(directory.ownAtPop().withAttached(false)));
        }
        SavedState.Builder state =
                SavedState.newBuilder().setSavedMs(clock.time()).setFrozenMs(rib.frozenAtMs());
        state.setWanFirewall(services.hasWanFirewall());
        Map<LinkOf, InetSocketAddress> ends = ends();
        for (Peer peer : peers) {
            sites.addSites(SiteMessages.entry(remembered(peer.site(), ends)));
            state.addRoutes(routes(peer.siteId()));
        }
        return Optional.of(state.setDirectory(sites).build());
    }

    private SavedRoutes routes(long siteId) {
        return SavedRoutes.newBuilder()
                .setGeneration(rib.generation(siteId))
                .setSiteId(siteId)
                .setPrefixes(Nlri.encode(rib.prefixesByCloud(siteId)))
                .build();
    }

    /** Where our tunnels lead says more than what the PoP saw last. */
    private static Site remembered(Site site, Map<LinkOf, InetSocketAddress> ends) {
        List<Link> links =
                site.links().stream().map(link -> withEnd(site.id(), link, ends)).toList();
        return site.withLinks(links).withAttached(false);
    }

    private static Link withEnd(long siteId, Link link, Map<LinkOf, InetSocketAddress> ends) {
        InetSocketAddress end = ends.get(new LinkOf(siteId, link.index()));
        return end == null || link.isAltWan()
                ? link
                : link.with(link.endpoints().withObserved(end));
    }

    /** Where the living tunnels to each link end; of several, that of our first link counts. */
    private Map<LinkOf, InetSocketAddress> ends() {
        Map<LinkOf, InetSocketAddress> ends = new HashMap<>();
        tunnels.toPeers().entrySet().stream()
                .filter(it -> it.getValue().isAlive() && !it.getKey().isRelayed())
                .sorted(Comparator.comparingInt(it -> it.getKey().localLink()))
                .forEach(
                        it ->
                                ends.putIfAbsent(
                                        new LinkOf(it.getKey().siteId(), it.getKey().remoteLink()),
                                        it.getValue().tunnel().remote()));
        return ends;
    }
}
