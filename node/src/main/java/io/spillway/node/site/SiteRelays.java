package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reaches peers by way of a third site while no direct tunnel to them lives (L11); the search for a
 * direct one goes on. Both sites of the pair have that third one as their peer, and it hands on
 * only what they say to each other, sealed from end to end. Owned by control.
 */
final class SiteRelays {
    private static final Logger LOG = LoggerFactory.getLogger(SiteRelays.class);

    /** A third site that has not brought us there by then is given up for another. */
    private static final long ATTEMPT_MAX_NS = 2_000_000_000L;

    /** A direct tunnel must have lived so long before the other way is closed. */
    private static final long DIRECT_STABLE_NS = 5_000_000_000L;

    /** The peer has left that way too, and what was under way has arrived. */
    private static final long QUIET_NS = 1_000_000_000L;

    /** One pair's state. */
    private static final class Pair {
        private int attempts;
        private long giveUpNs;
        private long directSinceNs;
        private boolean isDirect;
    }

    private final SiteSetup setup;
    private final PeerDirectory directory;
    private final SiteTunnels tunnels;
    private final LongPredicate isWithoutWay;
    private final Runnable onMoved;
    private final Map<Long, Pair> pairs = new HashMap<>();
    private boolean isDue = true;

    /**
     * @param isWithoutWay whether a direct way to that site was sought and not found, or cannot be
     *     sought
     * @param onMoved a site's traffic is to take another tunnel
     */
    SiteRelays(
            SiteSetup setup,
            PeerDirectory directory,
            SiteTunnels tunnels,
            LongPredicate isWithoutWay,
            Runnable onMoved) {
        this.setup = setup;
        this.directory = directory;
        this.tunnels = tunnels;
        this.isWithoutWay = isWithoutWay;
        this.onMoved = onMoved;
    }

    void poll(long nowNs) {
        for (Peer peer : isDue ? directory.peers() : unsettled()) {
            boolean isDirect = tunnels.carrier(peer.siteId()) != null;
            if (isDirect && tunnels.relayed(peer.siteId()) == null) {
                pairs.remove(peer.siteId());
                continue;
            }
            Pair pair = pairs.computeIfAbsent(peer.siteId(), _ -> new Pair());
            if (isDirect) {
                closeWhenStable(peer.siteId(), pair, nowNs);
            } else {
                pair.isDirect = false;
                openIfNeeded(peer, pair, nowNs);
            }
        }
        isDue = false;
    }

    /** A tunnel came to life or died, or the directory is another one. */
    void due() {
        isDue = true;
    }

    /** Peers that were not reached directly when we looked last, or not only so. */
    private List<Peer> unsettled() {
        return pairs.keySet().stream().map(directory::peer).filter(Objects::nonNull).toList();
    }

    private void closeWhenStable(long siteId, Pair pair, long nowNs) {
        if (!pair.isDirect) {
            pair.isDirect = true;
            pair.directSinceNs = nowNs;
        } else if (nowNs - pair.directSinceNs >= DIRECT_STABLE_NS) {
            if (tunnels.isRelayChosen(siteId)) {
                tunnels.forgetChoice(siteId);
                onMoved.run();
            } else if (nowNs - tunnels.relayed(siteId).lastTrafficNs(nowNs) >= QUIET_NS) {
                tunnels.closeRelayed(siteId);
            }
        }
    }

    /** The initiator opens; the other accepts. */
    private void openIfNeeded(Peer peer, Pair pair, long nowNs) {
        long siteId = peer.siteId();
        boolean isOurs =
                PeerDirectory.isInitiator(setup.own().id(), siteId)
                        && peer.site().isRecoverable()
                        && directory.isOwnRecoverable()
                        && isWithoutWay.test(siteId);
        ManagedTunnel relayed = tunnels.relayed(siteId);
        boolean isAlive = relayed != null && relayed.isAlive();
        if (!isOurs || isAlive || (relayed != null && nowNs - pair.giveUpNs < 0)) {
            return;
        }
        List<Long> relays = relaysTo(siteId);
        if (relays.isEmpty()) {
            return;
        }
        long via = relays.get(pair.attempts++ % relays.size());
        pair.giveUpNs = nowNs + ATTEMPT_MAX_NS;
        LOG.debug("site {}: trying by way of {}", Long.toUnsignedString(siteId), via);
        tunnels.openRelayed(siteId, via);
    }

    /** Peers with a direct tunnel; whether they have one to that site too, only trying tells. */
    private List<Long> relaysTo(long siteId) {
        return directory.peers().stream()
                .filter(peer -> peer.siteId() != siteId && peer.site().isRecoverable())
                .map(Peer::siteId)
                .filter(site -> tunnels.carrier(site) != null)
                .toList();
    }
}
