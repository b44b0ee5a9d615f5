package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /**
     * Peers that are tried so at once: where hundreds have no way, each of them would be tried by
     * way of each other one, and direct tunnels would wait behind that.
     */
    static final int TRIED_MAX = 16;

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
    private boolean isWithoutRelay;

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

    /** About ten times a second. */
    void poll(long nowNs) {
        pairs.keySet().removeIf(siteId -> directory.peer(siteId) == null);
        List<Peer> wanting = new ArrayList<>();
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
                if (isToBeOpened(peer)) {
                    wanting.add(peer);
                }
            }
        }
        isDue = false;
        open(wanting, nowNs);
    }

    /** At once where something was lost; all else has time until {@link #poll}. */
    void pollIfDue(long nowNs) {
        if (isDue) {
            poll(nowNs);
        }
    }

    /** Tunnels came to life or died. */
    void onTunnels(boolean isAnyLost) {
        isDue |= isAnyLost || isWithoutRelay;
    }

    /** The directory is another one. */
    void due() {
        isDue = true;
    }

    /** Peers that were not reached directly when we looked last, or not only so. */
    private List<Peer> unsettled() {
        return pairs.keySet().stream().map(directory::peer).toList();
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
    private boolean isToBeOpened(Peer peer) {
        ManagedTunnel relayed = tunnels.relayed(peer.siteId());
        return (relayed == null || !relayed.isAlive())
                && PeerDirectory.isInitiator(setup.own().id(), peer.siteId())
                && peer.site().isRecoverable()
                && directory.isOwnRecoverable()
                && isWithoutWay.test(peer.siteId());
    }

    /** Who was tried least goes first. */
    private void open(List<Peer> wanting, long nowNs) {
        wanting.sort(Comparator.comparing(peer -> pairs.get(peer.siteId()).attempts));
        long trying = wanting.stream().filter(peer -> isTrying(peer, nowNs)).count();
        boolean isRoom = trying < wanting.size() && trying < TRIED_MAX;
        List<Long> relays = isRoom ? relays() : List.of();
        isWithoutRelay = isRoom && relays.isEmpty();
        for (Peer peer : wanting) {
            if (isTrying(peer, nowNs)) {
                continue;
            }
            if (trying >= TRIED_MAX) {
                tunnels.closeRelayed(peer.siteId()); // until it is its turn again
            } else if (open(peer.siteId(), relays, nowNs)) {
                trying++;
            }
        }
    }

    private boolean isTrying(Peer peer, long nowNs) {
        boolean isThere = tunnels.relayed(peer.siteId()) != null;
        return isThere && nowNs - pairs.get(peer.siteId()).giveUpNs < 0;
    }

    /** Another third site each time, and for each peer another one first. */
    private boolean open(long siteId, List<Long> relays, long nowNs) {
        List<Long> others = relays.stream().filter(relay -> relay != siteId).toList();
        if (others.isEmpty()) {
            return false;
        }
        Pair pair = pairs.get(siteId);
        long via =
                others.get((int) Long.remainderUnsigned(siteId + pair.attempts++, others.size()));
        pair.giveUpNs = nowNs + ATTEMPT_MAX_NS;
        LOG.debug(
                "site {}: trying by way of {}",
                Long.toUnsignedString(siteId),
                Long.toUnsignedString(via));
        tunnels.openRelayed(siteId, via);
        return true;
    }

    /** Peers with a direct tunnel; whether they have one to another too, only trying tells. */
    private List<Long> relays() {
        return directory.peers().stream()
                .filter(peer -> peer.site().isRecoverable())
                .map(Peer::siteId)
                .filter(site -> tunnels.carrier(site) != null)
                .toList();
    }
}
