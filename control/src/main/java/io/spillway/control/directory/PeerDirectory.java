package io.spillway.control.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * This site and all others, as the PoP last described them. Owned by control.
 *
 * <p>What a whole directory does not name is gone; a partial one changes what it names. Within one
 * state transfer generations only grow; {@link #beginState()} starts the next one, which is
 * believed whatever its number, since the PoP may be another or have lost its memory.
 */
public final class PeerDirectory {
    public static final int NO_INDEX = -1;

    /** Other sites that one site knows; twice what the product is made for (R010). */
    public static final int PEERS_MAX = 1000;

    /** Sites that were ever seen; each keeps its index. */
    private static final int INDEXED_MAX = 8 * PEERS_MAX;

    private final Map<Long, Peer> peers = new TreeMap<>(Long::compareUnsigned);
    private final Map<Long, Integer> indexBySite = new HashMap<>();
    private final List<Long> siteByIndex = new ArrayList<>();
    private Site own;
    private Site ownAtPop;
    private List<TunnelPlan> plans; // thousands, asked for often; null: to be made anew
    private long generation;
    private boolean anyGeneration = true;
    private int refusedCount;

    /** {@code own}: this site as its configuration says; its links decide which tunnels exist. */
    public PeerDirectory(Site own) {
        this.own = own;
    }

    /** Which of two sites opens the handshake: the higher ID, compared as a number (D02). */
    public static boolean isInitiator(long ownSiteId, long peerSiteId) {
        return Long.compareUnsigned(ownSiteId, peerSiteId) > 0;
    }

    public Site own() {
        return own;
    }

    /** This site as the PoP sees it; null: not told yet. */
    public Site ownAtPop() {
        return ownAtPop;
    }

    /** Both our configuration and the PoP, if it has spoken, let this site recover. */
    public boolean isOwnRecoverable() {
        return own.isRecoverable() && (ownAtPop == null || ownAtPop.recoveryEnabled());
    }

    /** The configuration of this site changed: links, switch. */
    public void own(Site changed) {
        if (changed.id() != own.id()) {
            throw new IllegalArgumentException("a site does not change its ID");
        }
        own = changed;
        plans = null;
    }

    /** A channel was opened or state was asked for: the next directory is taken at any number. */
    public void beginState() {
        anyGeneration = true;
    }

    /** The PoP has told all since: who is attached is its word, not that of a saved state. */
    public boolean isTold() {
        return !anyGeneration;
    }

    /** 0 = none yet. */
    public long generation() {
        return generation;
    }

    /**
     * Takes over a whole directory. Of our own entry the PoP's word counts for what it alone sees
     * (attached, observed endpoints) and for switching recovery off; links are our configuration's.
     *
     * @return what changed; empty also when the generation is older than the one in force
     */
    public DirectoryChange apply(long newGeneration, Collection<Site> sites) {
        if (isOld(newGeneration)) {
            return DirectoryChange.NONE;
        }
        anyGeneration = false;
        generation = newGeneration;
        Map<Long, Peer> gone = new TreeMap<>(peers);
        sites.forEach(site -> gone.remove(site.id()));
        peers.keySet().removeAll(gone.keySet());
        refusedCount = 0;
        return take(sites, List.copyOf(gone.keySet()));
    }

    /**
     * Takes over what a partial directory says of some sites; of all others the last word stands.
     *
     * @return as {@link #apply}
     */
    public DirectoryChange update(long newGeneration, Collection<Site> sites) {
        if (isOld(newGeneration)) {
            return DirectoryChange.NONE;
        }
        generation = newGeneration;
        return take(sites, List.of());
    }

    /** Sites of the last whole directory and what followed that there is no room for. */
    public int refusedCount() {
        return refusedCount;
    }

    private boolean isOld(long newGeneration) {
        return !anyGeneration && Long.compareUnsigned(newGeneration, generation) < 0;
    }

    private DirectoryChange take(Collection<Site> sites, List<Long> gone) {
        plans = null;
        List<Long> added = new ArrayList<>();
        List<Long> changed = new ArrayList<>();
        for (Site site : inOrder(sites)) {
            if (site.id() == own.id()) {
                ownAtPop = site;
                continue;
            }
            if (!hasRoomFor(site.id())) {
                refusedCount++;
                continue;
            }
            Peer before = peers.put(site.id(), new Peer(site, assignIndex(site.id())));
            if (before == null) {
                added.add(site.id());
            } else if (!before.site().equals(site)) {
                changed.add(site.id());
            }
        }
        return new DirectoryChange(added, gone, changed);
    }

    /**
     * A site came to or left the PoP.
     *
     * @return false if it is unknown, or the news are older than the directory
     */
    public boolean onPresence(long newGeneration, long siteId, boolean attached) {
        Peer peer = peers.get(siteId);
        if (peer == null || Long.compareUnsigned(newGeneration, generation) < 0) {
            return false;
        }
        generation = newGeneration;
        peers.put(siteId, new Peer(peer.site().withAttached(attached), peer.index()));
        return true;
    }

    /** Null if the directory in force does not name it. */
    public Peer peer(long siteId) {
        return peers.get(siteId);
    }

    /** In unsigned order of their IDs; a snapshot. */
    public List<Peer> peers() {
        return List.copyOf(peers.values());
    }

    /** {@link #NO_INDEX} if that site was never seen; stable after that. */
    public int indexOf(long siteId) {
        return indexBySite.getOrDefault(siteId, NO_INDEX);
    }

    /** The site that {@code index} was given to. */
    public long siteAt(int index) {
        return siteByIndex.get(index);
    }

    /** How many indices were given; they are 0 to this, exclusive. */
    public int indexCount() {
        return siteByIndex.size();
    }

    /**
     * Every tunnel that should exist: the cross product of the enabled links of one role per pair
     * (D15).
     */
    public List<TunnelPlan> tunnels() {
        if (plans == null) {
            List<TunnelPlan> all = new ArrayList<>();
            if (isOwnRecoverable()) {
                peers.values().forEach(peer -> addTunnels(all, peer.site()));
            }
            plans = List.copyOf(all);
        }
        return plans;
    }

    /** Those of them to one site. */
    public List<TunnelPlan> tunnels(long siteId) {
        List<TunnelPlan> plans = new ArrayList<>();
        Peer peer = peers.get(siteId);
        if (peer != null && isOwnRecoverable()) {
            addTunnels(plans, peer.site());
        }
        return plans;
    }

    private void addTunnels(List<TunnelPlan> plans, Site peer) {
        if (!peer.isRecoverable()) {
            return;
        }
        boolean isInitiator = isInitiator(own.id(), peer.id());
        for (Link local : own.enabledLinks()) {
            for (Link remote : peer.enabledLinks()) {
                if (remote.role() == local.role()) {
                    plans.add(plan(local, peer, remote, isInitiator));
                }
            }
        }
    }

    private static TunnelPlan plan(Link local, Site peer, Link remote, boolean isInitiator) {
        return new TunnelPlan(
                new TunnelPlan.Key(local.index(), peer.id(), remote.index()),
                remote.role(),
                remote.reachedAt(),
                remote.isCalledDirectly(),
                isInitiator);
    }

    private boolean hasRoomFor(long siteId) {
        boolean isKnown = peers.containsKey(siteId) || peers.size() < PEERS_MAX;
        return isKnown && (indexBySite.containsKey(siteId) || indexBySite.size() < INDEXED_MAX);
    }

    private int assignIndex(long siteId) {
        return indexBySite.computeIfAbsent(
                siteId,
                id -> {
                    siteByIndex.add(id);
                    return siteByIndex.size() - 1;
                });
    }

    private static Collection<Site> inOrder(Collection<Site> sites) {
        Map<Long, Site> ordered = new TreeMap<>(Long::compareUnsigned);
        sites.forEach(site -> ordered.put(site.id(), site));
        return ordered.values();
    }
}
