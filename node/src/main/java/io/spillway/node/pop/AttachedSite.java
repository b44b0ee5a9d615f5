package io.spillway.node.pop;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteType;
import io.spillway.control.route.RouteAssembly;
import io.spillway.control.route.ToldRoutes;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.NodeOrder;
import io.spillway.control.wire.PunchOrder;
import io.spillway.crypto.PeerIdentity;
import io.spillway.dataplane.forward.Probe;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.Rib;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the PoP knows of one site: what it said, its tunnels, its channel, and what other nodes say
 * of it. Attached to several nodes at once it belongs to the one it came to last. Owned by control.
 */
final class AttachedSite {
    private final long id;
    private final int index;
    private final String ownNode;
    private final SiteClaims claims = new SiteClaims();
    private final List<ManagedTunnel> tunnels = new ArrayList<>();
    private String name;
    private SiteType type = SiteType.BRANCH;
    private List<Link> links = List.of();
    private boolean isRecoveryEnabled = true;
    private String software;
    private final ToldRoutes told = new ToldRoutes();
    private RouteAssembly assembly;
    private SiteConnection connection;
    private List<ManagedTunnel> living = List.of();
    private int probeFlags;
    private List<Heard> heard = List.of();

    /** A tunnel that speaks, and the link that it named. */
    private record Heard(ManagedTunnel tunnel, int remoteLink) {
        Heard(ManagedTunnel tunnel) {
            this(tunnel, tunnel.remoteLink());
        }

        boolean isOf(ManagedTunnel other) {
            return tunnel == other && remoteLink == other.remoteLink();
        }
    }

    /** Of its attachment here, 0 while there is none. */
    private long stamp;

    /** When it left, here or elsewhere; 0: it did not since our start. */
    private long leftMs;

    /** Since when a tunnel of each link lives, by the link's index. */
    private final Map<Integer, Long> livingSinceMs = new TreeMap<>();

    private PrefixSet routed;

    AttachedSite(long id, int index, String name, String ownNode) {
        this.id = id;
        this.index = index;
        this.name = name;
        this.ownNode = ownNode;
    }

    long id() {
        return id;
    }

    int index() {
        return index;
    }

    String name() {
        return name;
    }

    SiteType type() {
        return type;
    }

    /** As the site or the state file said; what we see ourselves is in {@link #asSite}. */
    List<Link> links() {
        return links;
    }

    void describe(
            String saidName, SiteType saidType, List<Link> saidLinks, boolean isSaidToRecover) {
        name = saidName;
        type = saidType;
        links = List.copyOf(saidLinks);
        isRecoveryEnabled = isSaidToRecover;
    }

    /** What runs there, as the site said here; null: it did not. */
    String software() {
        return software;
    }

    void software(String said) {
        software = said.isEmpty() ? null : said;
    }

    /** Of the link with that index, if it has one; {@link LinkEndpoints#NONE} otherwise. */
    LinkEndpoints endpoints(int index) {
        return links.stream()
                .filter(link -> link.index() == index)
                .findFirst()
                .map(Link::endpoints)
                .orElse(LinkEndpoints.NONE);
    }

    /**
     * What the site found out about its links.
     *
     * @return whether that is news
     */
    boolean report(Map<Integer, LinkEndpoints> reported) {
        List<Link> before = links;
        links =
                links.stream()
                        .map(
                                link ->
                                        link.with(
                                                reported.getOrDefault(
                                                        link.index(), link.endpoints())))
                        .toList();
        return !links.equals(before);
    }

    /** Null until the site advertised since our start, here or where it is. */
    PrefixSet prefixes() {
        PeerNode away = away();
        PrefixSet own = told.prefixes();
        PrefixSet inForce = away == null ? own : claims.of(away).prefixes();
        if (inForce != null) {
            return inForce;
        }
        return own == null ? claims.anyPrefixes() : own; // it is about to say so again
    }

    /** What the site told here of its routes. */
    ToldRoutes told() {
        return told;
    }

    /** Of what the site says on its channel. */
    RouteAssembly assembly() {
        return assembly;
    }

    /** Whether {@link #prefixes} are others than when this was asked last. */
    boolean takeRouteChange() {
        PrefixSet now = prefixes();
        boolean hasChanged = now != null && !now.equals(routed);
        routed = now == null ? routed : now;
        return hasChanged;
    }

    SiteClaims claims() {
        return claims;
    }

    /** The node that has it, if that is another one; null: we have it, or nobody. */
    PeerNode away() {
        return claims.newest(stamp, ownNode);
    }

    /** Of the node that has it; null: none has. */
    String nodeName() {
        PeerNode away = away();
        String here = isHere() ? ownNode : null;
        return away == null ? here : away.name();
    }

    /** Of its attachment here; 0: it is not attached here. */
    long stamp() {
        return stamp;
    }

    /** It came here, or shows that it is here whatever others say. */
    void stamp(long wallMs) {
        stamp = Math.max(claims.greatestStamp() + 1, wallMs);
    }

    /** When it was attached where it is, wall clock; 0: it is not. */
    long attachedMs() {
        PeerNode away = away();
        return away == null ? stamp : claims.of(away).stamp();
    }

    /** When it left, wall clock; 0: it is attached, or was not since our start. */
    long leftMs() {
        return leftMs;
    }

    /** It came, or left. */
    void onPresence(long wallMs) {
        leftMs = isAttached() ? 0 : wallMs;
    }

    /** Has the site punch; whether it could be told, here or by another node. */
    boolean order(PunchOrder order) {
        if (connection != null) {
            return connection.send(Frame.newBuilder().setPunchOrder(order).build());
        }
        PeerNode node = claims.withChannel();
        NodeOrder relayed = NodeOrder.newBuilder().setSiteId(id).setOrder(order).build();
        return node != null && node.send(Frame.newBuilder().setNodeOrder(relayed).build());
    }

    /** A channel to it stands, here or at another node. */
    boolean hasChannel() {
        return connection != null || claims.withChannel() != null;
    }

    List<ManagedTunnel> tunnels() {
        return tunnels;
    }

    /** Null while its channel is down. */
    SiteConnection connection() {
        return connection;
    }

    void connection(SiteConnection opened) {
        connection = opened;
        assembly = new RouteAssembly(Rib.LIMIT_DEFAULT);
    }

    /** Those whose far end speaks, one for each of the site's links. */
    List<ManagedTunnel> living() {
        return living;
    }

    /** What the site's PROBEs say of its links. @return whether that is news */
    boolean probeFlags(int flags) {
        boolean isNews = flags != probeFlags;
        probeFlags = flags;
        return isNews;
    }

    /** Since when that link has one, wall clock; null: it has none. */
    Long livingSinceMs(int link) {
        return livingSinceMs.get(link);
    }

    /**
     * Of the living ones those that the site wants to be sent to by; all, if none of these lives.
     */
    List<ManagedTunnel> wanted() {
        List<ManagedTunnel> wanted =
                living.stream().filter(t -> Probe.isWanted(probeFlags, t.remoteLink())).toList();
        return wanted.isEmpty() ? living : wanted;
    }

    /**
     * Takes the first that speaks for a link; another machine with this site's ID comes later, so
     * it gets nothing while the first lives.
     *
     * @return whether that is news
     */
    boolean note(Predicate<ManagedTunnel> isHeard, long wallMs) {
        if (isAsNoted(isHeard)) {
            return false;
        }
        Map<Integer, ManagedTunnel> first = new TreeMap<>();
        tunnels.stream().filter(isHeard).forEach(t -> first.putIfAbsent(t.remoteLink(), t));
        boolean isNews = !living.equals(List.copyOf(first.values()));
        boolean wasHere = isHere();
        living = List.copyOf(first.values());
        livingSinceMs.keySet().retainAll(first.keySet());
        first.keySet().forEach(link -> livingSinceMs.putIfAbsent(link, wallMs));
        if (!isHere()) {
            stamp = 0;
        } else if (!wasHere) {
            stamp(wallMs);
        }
        return isNews;
    }

    /** The tunnels that speak are those that did, each for the link that it did: most often so. */
    private boolean isAsNoted(Predicate<ManagedTunnel> isHeard) {
        int count = 0;
        boolean isSame = true;
        for (ManagedTunnel tunnel : tunnels) {
            if (isHeard.test(tunnel)) {
                isSame &= count < heard.size() && heard.get(count).isOf(tunnel);
                count++;
            }
        }
        if (isSame && count == heard.size()) {
            return true;
        }
        heard = tunnels.stream().filter(isHeard).map(Heard::new).toList();
        return false;
    }

    /** The machine that has this ID here; null: none is here. */
    PeerIdentity holder() {
        if (isHere()) {
            return living.getFirst().peer();
        }
        return connection == null ? null : connection.peer();
    }

    /** Has a living data tunnel to us. */
    boolean isHere() {
        return !living.isEmpty();
    }

    /** Has a living data tunnel, to us or to a node that lives. */
    boolean isAttached() {
        return isHere() || away() != null;
    }

    /** Attached, and its routes are known: nothing is missing of it in our state. */
    boolean isComplete() {
        return isAttached() && prefixes() != null;
    }

    /** As the site is, with the endpoints that we see; what the account allows is on top. */
    Site asSite() {
        PeerNode away = away();
        return away == null ? asOwnSite() : claims.of(away).site();
    }

    /** The same without what other nodes say. */
    Site asOwnSite() {
        List<Link> observed =
                links.stream()
                        .map(link -> link.with(link.endpoints().withObserved(observed(link))))
                        .toList();
        return new Site(id, name, type, isHere(), observed, isRecoveryEnabled, PairScope.IN);
    }

    /** Where the link's tunnel comes from, or came from last; what was remembered until then. */
    private InetSocketAddress observed(Link link) {
        return Stream.concat(living.stream(), lastHeardFirst())
                .filter(tunnel -> tunnel.remoteLink() == link.index())
                .findFirst()
                .map(tunnel -> tunnel.tunnel().remote())
                .orElse(link.endpoints().observed());
    }

    private Stream<ManagedTunnel> lastHeardFirst() {
        return tunnels.stream()
                .sorted((one, other) -> Long.signum(other.heardNs() - one.heardNs()));
    }
}
