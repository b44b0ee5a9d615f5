package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.recovery.LinkChoice;
import io.spillway.control.recovery.LinkQuality;
import io.spillway.control.recovery.LinkRank;
import io.spillway.control.recovery.Transport;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of several living tunnels is to carry traffic: by the roles of their links and by their
 * quality (R044, R045, F08). Owned by control.
 */
final class TunnelPreference {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelPreference.class);

    private final SiteSetup setup;
    private final PeerDirectory directory;
    private final LinkChoice recovery;
    private final LinkChoice altWan;
    private final Map<Integer, LinkQuality> qualities = new HashMap<>();
    private long judgeNs;
    private long nowNs;

    TunnelPreference(SiteSetup setup, PeerDirectory directory, RandomGenerator random, long nowNs) {
        this.setup = setup;
        this.directory = directory;
        this.nowNs = nowNs;
        judgeNs = nowNs;
        recovery = new LinkChoice(setup.preference().choice(), random);
        altWan = new LinkChoice(setup.preference().choice(), random);
    }

    /**
     * Judges the quality of all tunnels, when that is due again.
     *
     * @return whether any is preferred otherwise than before
     */
    boolean judge(Collection<ManagedTunnel> tunnels, long now) {
        nowNs = now;
        if (now - judgeNs < 0) {
            return false;
        }
        judgeNs = now + LinkQuality.INTERVAL_NS;
        boolean hasChanged = false;
        for (ManagedTunnel tunnel : tunnels) {
            if (qualityOf(tunnel).judge(tunnel.liveness(), now)) {
                hasChanged = true;
                log(tunnel);
            }
        }
        Set<Integer> known =
                tunnels.stream().map(it -> it.tunnel().index()).collect(Collectors.toSet());
        qualities.keySet().retainAll(known);
        return hasChanged;
    }

    /** Others are preferred, where there are any. */
    boolean isBelowFloor(ManagedTunnel tunnel) {
        return qualityOf(tunnel).isBelow(tunnel.liveness());
    }

    /** Of those PoP tunnels the ones over the most preferred links. */
    List<ManagedTunnel> best(List<ManagedTunnel> alive) {
        Map<ManagedTunnel, LinkRank> ranks = new HashMap<>();
        alive.forEach(tunnel -> ranks.put(tunnel, rank(tunnel)));
        LinkRank best = ranks.values().stream().min(Comparator.naturalOrder()).orElse(null);
        return alive.stream().filter(tunnel -> ranks.get(tunnel).equals(best)).toList();
    }

    /** Of those living tunnels to one site the one that carries that transport, or null. */
    ManagedTunnel choose(
            long siteId, Transport transport, Map<TunnelPlan.Key, ManagedTunnel> alive) {
        Map<Integer, ManagedTunnel> byIndex = new HashMap<>();
        List<LinkChoice.Candidate> candidates = new ArrayList<>();
        alive.forEach(
                (key, tunnel) -> {
                    byIndex.put(tunnel.tunnel().index(), tunnel);
                    candidates.add(candidate(key, tunnel));
                });
        return byIndex.get(choice(transport).choose(siteId, candidates));
    }

    boolean isChosen(Transport transport, ManagedTunnel tunnel) {
        return choice(transport).chosen(tunnel.tunnel().siteId()) == tunnel.tunnel().index();
    }

    /** That site's episode is over: the next choice is free again. */
    void forgetChoice(long siteId) {
        recovery.forget(siteId);
        altWan.forget(siteId);
    }

    LinkRank rank(TunnelPlan.Key key, ManagedTunnel tunnel) {
        if (key.isRelayed()) {
            return LinkRank.RELAYED;
        }
        Peer peer = directory.peer(key.siteId());
        int remote =
                peer == null ? LinkRank.ACTIVE : precedence(peer.site().links(), key.remoteLink());
        int local = precedence(setup.own().links(), key.localLink());
        return LinkRank.of(local, remote, isBelowFloor(tunnel));
    }

    private LinkRank rank(ManagedTunnel toPop) {
        int local = precedence(setup.own().links(), toPop.tunnel().link());
        return LinkRank.of(local, LinkRank.ACTIVE, isBelowFloor(toPop));
    }

    private LinkChoice.Candidate candidate(TunnelPlan.Key key, ManagedTunnel tunnel) {
        return new LinkChoice.Candidate(
                tunnel.tunnel().index(),
                rank(key, tunnel),
                LinkQuality.costNs(tunnel.liveness(), nowNs));
    }

    private LinkChoice choice(Transport transport) {
        return transport == Transport.ALT_WAN ? altWan : recovery;
    }

    private LinkQuality qualityOf(ManagedTunnel tunnel) {
        return qualities.computeIfAbsent(
                tunnel.tunnel().index(), _ -> new LinkQuality(setup.preference().floor()));
    }

    private void log(ManagedTunnel tunnel) {
        LOG.info(
                "tunnel to {} over {}: {} the quality floor",
                tunnel.tunnel().remote(),
                setup.linkName(tunnel.tunnel().link()),
                isBelowFloor(tunnel) ? "below" : "meets");
    }

    private static int precedence(Collection<Link> links, int index) {
        for (Link link : links) {
            if (link.index() == index) {
                return link.precedence();
            }
        }
        return LinkRank.ACTIVE;
    }
}
