package io.spillway.node.site;

import static java.util.stream.Collectors.toSet;

import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.recovery.LinkRank;
import io.spillway.control.recovery.PeerPace;
import io.spillway.control.recovery.Transport;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Role;
import io.spillway.dataplane.forward.Relay;
import io.spillway.dataplane.forward.RelayEndpoint;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.node.channel.EndpointText;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelKeeper;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tunnels of a site: those to PoPs, which are {@link SitePops}' matter, and those to its peers
 * that the directory asks for. Owned by control.
 */
final class SiteTunnels {
    /** Of those that live on a link on which one has died, so many are asked. */
    private static final int WITNESSES = 4;

    private static final int IPV6_UDP_LENGTH = 40 + 8;

    /** Where the carrier is not known any more. */
    private static final int RELAY_MTU_MIN = 1200;

    private final SiteSetup setup;
    private final int[] linkMtus;
    private final PeerDirectory directory;
    private final TunnelPreference preference;
    private final SitePops pops;
    private final PeerTunnels toPeers = new PeerTunnels();
    private final Turns pacing = new Turns();
    private final Turns proving = new Turns();
    private final Map<Way, TunnelPlan.Key> expected = new HashMap<>();
    private final Map<TunnelPlan.Key, Ends> seenEnds = new HashMap<>();
    private TunnelKeeper keeper;

    /** A tunnel's two ends as the PoP sees them; null: not yet. */
    private record Ends(InetSocketAddress own, InetSocketAddress peer) {}

    /** From where a peer's handshake may come. */
    private record Way(int link, InetSocketAddress remote) {}

    SiteTunnels(
            SiteSetup setup, PeerDirectory directory, SitePops pops, TunnelPreference preference) {
        this.setup = setup;
        linkMtus = setup.linkMtus().stream().mapToInt(Integer::intValue).toArray();
        this.directory = directory;
        this.pops = pops;
        this.preference = preference;
    }

    /** Opens the PoP tunnels: one over each link that leads to a PoP. */
    void start(TunnelKeeper tunnelKeeper) {
        keeper = tunnelKeeper;
        pops.start(tunnelKeeper, link -> linkMtus[link]);
    }

    /** Opens the tunnels of a saved directory: whoever called before, we have to call now. */
    void rejoin() {
        for (TunnelPlan plan : firstOfEachFirst(directory.tunnels())) {
            if (plan.remote() != null) {
                ManagedTunnel tunnel = reopen(plan.key(), plan.remote(), plan.isInitiator());
                keeper.rejoin(tunnel);
            }
        }
    }

    /** Each site's first before the second of any: many sites are all reached soon. */
    private static List<TunnelPlan> firstOfEachFirst(List<TunnelPlan> plans) {
        Map<Long, Integer> counts = new HashMap<>();
        Map<TunnelPlan, Integer> places = new HashMap<>();
        plans.forEach(plan -> places.put(plan, counts.merge(plan.key().siteId(), 1, Integer::sum)));
        return plans.stream().sorted(Comparator.comparing(places::get)).toList();
    }

    /** To every PoP node, also those that are only tried. */
    List<ManagedTunnel> toPop() {
        return pops.tunnels();
    }

    Map<TunnelPlan.Key, ManagedTunnel> toPeers() {
        return toPeers.all();
    }

    boolean isPopAlive() {
        return pops.isAlive();
    }

    /** To the PoP node in use. */
    List<ManagedTunnel> alivePopTunnels() {
        return pops.alive();
    }

    /** Those over the most preferred links, which are to carry what goes by cloud. */
    List<ManagedTunnel> bestPopTunnels() {
        return preference.best(alivePopTunnels());
    }

    /** A tunnel of that transport to that site lives. */
    boolean isReachable(long siteId, Transport transport) {
        for (Map.Entry<TunnelPlan.Key, ManagedTunnel> each : toPeers.to(siteId).entrySet()) {
            if (each.getValue().isAlive() && transportOf(each.getKey()) == transport) {
                return true;
            }
        }
        return false;
    }

    /** What a tunnel to a peer carries, by its links. */
    Transport transportOf(TunnelPlan.Key key) {
        boolean isAltWan = !key.isRelayed() && setup.own().links().get(key.localLink()).isAltWan();
        return isAltWan ? Transport.ALT_WAN : Transport.RECOVERY;
    }

    /** The same of a tunnel that is there. */
    Transport transportOf(Tunnel tunnel) {
        return toPeers.to(tunnel.siteId()).entrySet().stream()
                .filter(each -> each.getValue().tunnel() == tunnel)
                .map(each -> transportOf(each.getKey()))
                .findFirst()
                .orElse(Transport.CLOUD);
    }

    /** The sites at the far ends of living tunnels, each once, as a certificate names it. */
    List<PeerIdentity> peersAlive() {
        List<PeerIdentity> peers = new ArrayList<>();
        for (long siteId : toPeers.sites()) {
            PeerIdentity peer = identity(siteId);
            if (peer != null) {
                peers.add(peer);
            }
        }
        return peers;
    }

    Collection<ManagedTunnel> toPeer(long siteId) {
        return toPeers.to(siteId).values();
    }

    /** The living tunnel that carries that transport to that site, or null. */
    ManagedTunnel chosen(long siteId, Transport transport) {
        Map<TunnelPlan.Key, ManagedTunnel> alive = new HashMap<>();
        toPeers.to(siteId)
                .forEach(
                        (key, tunnel) -> {
                            if (tunnel.isAlive() && transportOf(key) == transport) {
                                alive.put(key, tunnel);
                            }
                        });
        return preference.choose(siteId, transport, alive);
    }

    /** One that might be {@link #chosen}, which this choice does not bind; null: there is none. */
    ManagedTunnel likely(long siteId, Transport transport) {
        return toPeers.to(siteId).entrySet().stream()
                .filter(each -> each.getValue().isAlive())
                .filter(each -> transportOf(each.getKey()) == transport)
                .min(Comparator.comparing(each -> preference.rank(each.getKey(), each.getValue())))
                .map(Map.Entry::getValue)
                .orElse(null);
    }

    /** The data plane's link for what other sites relay. */
    int relayLink() {
        return keeper.relayLink();
    }

    /** A direct recovery tunnel to that site that lives, the most preferred; null: none does. */
    ManagedTunnel carrier(long siteId) {
        List<ManagedTunnel> direct = direct(siteId, Transport.RECOVERY);
        return direct.isEmpty() ? null : direct.getFirst();
    }

    /** Of the tunnels of that transport to that site itself that live, the most preferred. */
    List<ManagedTunnel> direct(long siteId, Transport transport) {
        List<ManagedTunnel> best = new ArrayList<>();
        LinkRank bestRank = LinkRank.RELAYED;
        for (Map.Entry<TunnelPlan.Key, ManagedTunnel> each : toPeers.to(siteId).entrySet()) {
            TunnelPlan.Key key = each.getKey();
            if (!isDirect(key, each.getValue(), transport)) {
                continue;
            }
            LinkRank rank = preference.rank(key, each.getValue());
            if (rank.compareTo(bestRank) < 0) {
                bestRank = rank;
                best.clear();
            }
            if (rank.equals(bestRank)) {
                best.add(each.getValue());
            }
        }
        return best;
    }

    /** Whether any site has a {@link #carrier}. */
    boolean hasCarrier() {
        return toPeers.all().entrySet().stream()
                .anyMatch(each -> isDirect(each.getKey(), each.getValue(), Transport.RECOVERY));
    }

    private boolean isDirect(TunnelPlan.Key key, ManagedTunnel tunnel, Transport transport) {
        return tunnel.isAlive() && !key.isRelayed() && transportOf(key) == transport;
    }

    /** As {@link #carrier}, of every site that has one. */
    List<ManagedTunnel> carriers() {
        List<ManagedTunnel> carriers = new ArrayList<>();
        for (long siteId : toPeers.sites()) {
            ManagedTunnel carrier = carrier(siteId);
            if (carrier != null) {
                carriers.add(carrier);
            }
        }
        return carriers;
    }

    /** The tunnel to that site by way of a third; null: there is none. */
    ManagedTunnel relayed(long siteId) {
        return toPeers.get(TunnelPlan.Key.relayed(siteId));
    }

    /** For people: where it leads, and over what. */
    String describeWay(int link, InetSocketAddress remote) {
        return link == keeper.relayLink()
                ? "by way of " + nameOf(RelayEndpoint.via(remote))
                : "at " + EndpointText.of(remote) + " over " + setup.linkName(link);
    }

    private String nameOf(long siteId) {
        Peer peer = directory.peer(siteId);
        return peer == null ? Long.toUnsignedString(siteId) : peer.site().name();
    }

    /**
     * On the relay link, to whom a word to that site goes: to itself, or to who relays for it;
     * null: no tunnel to it lives that tells.
     */
    InetSocketAddress wayOfWords(long siteId) {
        if (carrier(siteId) != null) {
            return RelayEndpoint.of(siteId, siteId);
        }
        ManagedTunnel relayed = relayed(siteId);
        return relayed == null || !relayed.isAlive() ? null : relayed.tunnel().remote();
    }

    /** As the certificate of a living tunnel's far end names it; null: none lives. */
    PeerIdentity identity(long siteId) {
        return toPeers.to(siteId).values().stream()
                .filter(ManagedTunnel::isAlive)
                .findFirst()
                .map(ManagedTunnel::peer)
                .orElse(null);
    }

    /** Calls that site by way of another, to which a direct tunnel lives. */
    void openRelayed(long siteId, long via) {
        reopen(TunnelPlan.Key.relayed(siteId), RelayEndpoint.of(siteId, via), true);
    }

    /** That site's recovery traffic goes by way of a third. */
    boolean isRelayChosen(long siteId) {
        ManagedTunnel relayed = relayed(siteId);
        return relayed != null && preference.isChosen(Transport.RECOVERY, relayed);
    }

    void closeRelayed(long siteId) {
        close(TunnelPlan.Key.relayed(siteId));
    }

    /** That site's episode is over: the next choice is free again. */
    void forgetChoice(long siteId) {
        preference.forgetChoice(siteId);
    }

    /** Those to which there is a tunnel, which need not live. */
    Set<Long> sites() {
        return toPeers.sites();
    }

    /** Some of them, others each time. */
    Set<Long> nextSites(int countMax) {
        return pacing.next(toPeers.sites(), countMax);
    }

    /** The same for their proofs, which have turns of their own. */
    Set<Long> nextSitesProved(int countMax) {
        return proving.next(toPeers.sites(), countMax);
    }

    /** Those to one site. */
    Map<TunnelPlan.Key, ManagedTunnel> tunnelsTo(long siteId) {
        return toPeers.to(siteId);
    }

    /** Sets the pace of the probes of every tunnel to those sites. */
    void pace(Set<Long> sites, TransportOf transports, long nowNs) {
        for (long siteId : sites) {
            Transport transport = transports.of(siteId);
            boolean isOffCloud = transport == Transport.RECOVERY || transport == Transport.ALT_WAN;
            toPeers.to(siteId)
                    .forEach(
                            (key, tunnel) -> {
                                boolean mayBeWatched =
                                        isOffCloud
                                                || PeerPace.isCarrying(
                                                        tunnel.lastTrafficNs(nowNs), nowNs)
                                                || tunnel.liveness().isWatched()
                                                || tunnel.isInDoubt(nowNs);
                                if (mayBeWatched) {
                                    pace(key, tunnel, transport, nowNs);
                                }
                            });
        }
    }

    private void pace(TunnelPlan.Key key, ManagedTunnel tunnel, Transport transport, long nowNs) {
        Transport own = transportOf(key);
        PeerPace.apply(
                tunnel.liveness(),
                own,
                transport,
                preference.isChosen(own, tunnel),
                tunnel.isInDoubt(nowNs),
                tunnel.lastTrafficNs(nowNs),
                toPeers.sites().size(),
                nowNs);
    }

    /** A peer's transport, as the recovery machine has it. */
    interface TransportOf {
        Transport of(long siteId);
    }

    /** So that the PoP hears at once what our PROBEs say. */
    void probePopNow(long nowNs) {
        toPop().forEach(tunnel -> tunnel.liveness().probeNow(nowNs));
    }

    void probePeersNow(long nowNs) {
        toPeers.all().values().forEach(tunnel -> tunnel.liveness().probeNow(nowNs));
    }

    /** So that every far end hears from us where we are now. */
    void probeNow(int link, long nowNs) {
        for (ManagedTunnel tunnel : keeper.tunnels()) {
            if (tunnel.tunnel().link() == link) {
                tunnel.liveness().probeNow(nowNs);
            }
        }
    }

    /** A way to the peer was found, and it is ours to call. */
    void call(TunnelPlan.Key key, InetSocketAddress way) {
        ManagedTunnel tunnel = toPeers.get(key);
        boolean isThere = tunnel != null && tunnel.tunnel().remote().equals(way);
        if (isThere && tunnel.isClient()) {
            keeper.callNow(tunnel);
        } else {
            reopen(key, way, true);
        }
    }

    /** The peer's probes come from there, so its handshake will. */
    void expectOn(TunnelPlan.Key key, InetSocketAddress remote) {
        expected.put(new Way(key.localLink(), remote), key);
    }

    void forgetWay(TunnelPlan.Key key) {
        expected.values().removeIf(key::equals);
    }

    /** The peer seems to have lost its end of that tunnel. */
    void doubt(ManagedTunnel tunnel) {
        keeper.doubt(tunnel);
    }

    /**
     * Is it the link that is dead? A few others tell, and each of them that is dead asks more. Of
     * the last one to a PoP nobody is asked: the cloud went with it, which recovery handles.
     */
    void doubtOthers(List<ManagedTunnel> died, long nowNs) {
        Map<Integer, Integer> witnesses = new HashMap<>();
        for (ManagedTunnel dead : died) {
            if (!dead.tunnel().isToPop() || pops.isAnyAlive()) {
                witnesses.merge(dead.tunnel().link(), WITNESSES, Integer::sum);
            }
        }
        witnesses.forEach(
                (link, count) ->
                        keeper.tunnels().stream()
                                .filter(other -> other.tunnel().link() == link)
                                .filter(other -> other.isAlive() && !other.isInDoubt(nowNs))
                                .limit(count)
                                .forEach(keeper::doubt));
    }

    /** Nothing may go by that link any more. */
    void doubtLink(int link) {
        keeper.doubtLink(link);
    }

    /** Where the PoP sees an end of a tunnel has changed: a NAT may have shut the tunnel. */
    private void doubtWhatMoved(List<TunnelPlan> plans, Set<TunnelPlan.Key> planned) {
        Map<Integer, InetSocketAddress> own = new HashMap<>();
        Site atPop = directory.ownAtPop();
        if (atPop != null) {
            atPop.links().forEach(link -> own.put(link.index(), link.endpoints().observed()));
        }
        for (TunnelPlan plan : plans) {
            Ends ends = new Ends(own.get(plan.key().localLink()), plan.remote());
            Ends before = seenEnds.put(plan.key(), ends);
            ManagedTunnel tunnel = toPeers.get(plan.key());
            if (tunnel != null && before != null && !before.equals(ends)) {
                keeper.doubt(tunnel);
            }
        }
        seenEnds.keySet().retainAll(planned);
    }

    void onLinkMtu(int link, int mtu) {
        linkMtus[link] = mtu;
        keeper.onLinkMtu(link, mtu);
    }

    /** What is relayed fits its carrier, whose path may have changed. */
    void followCarriers() {
        toPeers.all()
                .forEach(
                        (key, tunnel) -> {
                            if (key.isRelayed()) {
                                keeper.limitSize(tunnel, relayMtu(tunnel.tunnel().remote()));
                            }
                        });
    }

    void onLink(int link, boolean isUp, long nowNs) {
        for (ManagedTunnel tunnel : keeper.tunnels()) {
            if (tunnel.tunnel().link() == link) {
                tunnel.liveness().onLink(isUp, nowNs);
            }
        }
    }

    /**
     * Opens what the directory newly asks for. What it no longer asks for is closed only where the
     * peer itself is attached, so that a PoP that begins with an empty memory takes nothing away.
     */
    void reconcile() {
        List<TunnelPlan> plans = directory.tunnels();
        Set<TunnelPlan.Key> planned = plans.stream().map(TunnelPlan::key).collect(toSet());
        for (TunnelPlan.Key key : List.copyOf(toPeers.all().keySet())) {
            Peer peer = directory.peer(key.siteId());
            boolean isWord = peer != null && peer.site().attached();
            boolean isPlanned =
                    key.isRelayed()
                            ? !directory.tunnels(key.siteId()).isEmpty()
                            : planned.contains(key);
            if (isWord && !isPlanned) {
                close(key);
            }
        }
        doubtWhatMoved(plans, planned);
        firstOfEachFirst(plans).forEach(this::reconcile);
    }

    void closeAll(long siteId) {
        List.copyOf(toPeers.to(siteId).keySet()).forEach(this::close);
    }

    /**
     * The tunnel for a peer that opened a handshake with us; null when none is due. What is ours to
     * open and does not live is due too: the peer has begun anew, from elsewhere.
     */
    ManagedTunnel accept(int link, InetSocketAddress remote, PeerIdentity peer) {
        if (peer.role() != Role.SITE) {
            return null;
        }
        ManagedTunnel known = find(link, remote, peer.siteId());
        if (known != null) {
            return known; // also one that is ours to open: the peer has begun anew
        }
        if (link == keeper.relayLink()) {
            return acceptRelayed(remote, peer.siteId());
        }
        TunnelPlan.Key punched = expected.get(new Way(link, remote));
        if (punched != null && punched.siteId() == peer.siteId()) {
            return isAlive(punched) ? null : reopen(punched, remote, false);
        }
        List<TunnelPlan> due =
                directory.tunnels(peer.siteId()).stream()
                        .filter(plan -> plan.key().localLink() == link)
                        .filter(plan -> !plan.isInitiator() || !isAlive(plan.key()))
                        .toList();
        return due.stream()
                .filter(plan -> remote.equals(plan.remote()))
                .findFirst()
                .or(() -> due.stream().filter(plan -> !isAlive(plan.key())).findFirst())
                .map(plan -> reopen(plan.key(), remote, plan.isInitiator()))
                .orElse(null);
    }

    /** Another way to us, or one where there was none; a direct one is better. */
    private ManagedTunnel acceptRelayed(InetSocketAddress remote, long siteId) {
        boolean isWanted =
                RelayEndpoint.site(remote) == siteId
                        && carrier(RelayEndpoint.via(remote)) != null
                        && !directory.tunnels(siteId).isEmpty();
        return isWanted ? reopen(TunnelPlan.Key.relayed(siteId), remote, false) : null;
    }

    /** What exists may go on, also when the directory has forgotten the peer. */
    private ManagedTunnel find(int link, InetSocketAddress remote, long siteId) {
        return toPeer(siteId).stream()
                .filter(tunnel -> tunnel.tunnel().link() == link)
                .filter(tunnel -> tunnel.tunnel().remote().equals(remote))
                .findFirst()
                .orElse(null);
    }

    private boolean isAlive(TunnelPlan.Key key) {
        ManagedTunnel tunnel = toPeers.get(key);
        return tunnel != null && tunnel.isAlive();
    }

    /** A static end is called without punching; any other is found first. */
    private void reconcile(TunnelPlan plan) {
        if (plan.remote() == null || !plan.isInitiator() || !plan.isFixed()) {
            return;
        }
        ManagedTunnel tunnel = toPeers.get(plan.key());
        boolean hasMoved = tunnel != null && !tunnel.tunnel().remote().equals(plan.remote());
        if (tunnel == null || (hasMoved && !tunnel.isAlive())) {
            reopen(plan.key(), plan.remote(), true);
        }
    }

    private ManagedTunnel reopen(TunnelPlan.Key key, InetSocketAddress remote, boolean isClient) {
        close(key);
        int link = key.isRelayed() ? keeper.relayLink() : key.localLink();
        int mtu = key.isRelayed() ? relayMtu(remote) : linkMtus[link];
        ManagedTunnel opened = keeper.open(link, key.siteId(), remote, mtu, isClient);
        toPeers.put(key, opened);
        return opened;
    }

    /**
     * What its carrier takes, as if it were a link: with room for headers that it does not need.
     * The second carrier may take less, which is found out as on any path.
     */
    private int relayMtu(InetSocketAddress remote) {
        ManagedTunnel carrier = carrier(RelayEndpoint.via(remote));
        int carried = carrier == null ? RELAY_MTU_MIN : carrier.tunnel().mtu();
        return carried - Relay.HEADER_LENGTH + IPV6_UDP_LENGTH;
    }

    private void close(TunnelPlan.Key key) {
        ManagedTunnel tunnel = toPeers.remove(key);
        if (tunnel != null) {
            keeper.close(tunnel);
        }
    }
}
