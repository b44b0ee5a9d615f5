package io.spillway.node.pop;

import com.google.protobuf.ByteString;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteMessages;
import io.spillway.control.route.RouteHistory;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.NodeForget;
import io.spillway.control.wire.NodeSite;
import io.spillway.crypto.Certificates;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Role;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelKeeper;
import io.spillway.routing.rib.PrefixSet;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other PoP nodes of the account: a tunnel and a channel to each of a static list. Every node
 * tells the others of the sites attached to itself, never of what it heard; so nothing goes round.
 * Owned by control.
 *
 * <p>Bad input: what a node says has passed the codec's bounds; what contradicts our own tunnels,
 * or is too much, is counted and logged, at most a line a second.
 */
final class NodeMesh {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMesh.class);

    /** Of the tunnels between nodes, as sites probe theirs to us. */
    private static final long PROBE_INTERVAL_NS = 100_000_000L;

    /** At our start nodes that do not come are waited for so long. */
    private static final long START_GRACE_NS = 5_000_000_000L;

    /** A stamp that is so much later than our clock is no time. */
    private static final long STAMP_AHEAD_MAX_MS = 3_600_000L;

    /** Longer than a move takes: a site that is here still is here, whoever else has it. */
    private static final long CONTRADICTION_NS = 30_000_000_000L;

    private static final long LOG_NS = 1_000_000_000L;

    /** All tunnels to nodes end at our first port. */
    private static final int LINK = 0;

    private final PopSetup setup;
    private final SiteRegister sites;
    private final EpochClock wallClock;
    private final Map<String, PeerNode> nodes = new HashMap<>();
    private final Map<Long, NodeSite> told = new HashMap<>();
    private final Map<Long, RouteHistory> routes = new HashMap<>(); // of those told
    private long routeGeneration;
    private final Set<AttachedSite> due = new HashSet<>();
    private final Set<Long> forgotten = new HashSet<>(); // by other nodes
    private final Map<AttachedSite, SiteChange> touched = new HashMap<>();
    private final Map<AttachedSite, Long> contradictedNs = new HashMap<>();
    private final long startNs;
    private TunnelKeeper keeper;
    private boolean areOriginsLingering;
    private long originsEndNs;
    private long undelivered;
    private long logNs;
    private long nowNs;

    NodeMesh(PopSetup setup, SiteRegister sites, EpochClock wallClock, long nowNs) {
        this.setup = setup;
        this.sites = sites;
        this.wallClock = wallClock;
        this.nowNs = nowNs;
        startNs = nowNs;
        logNs = nowNs;
        setup.nodes().forEach(address -> nodes.put(address.name(), new PeerNode(address, routes)));
    }

    /** Opens the tunnels. */
    void start(TunnelKeeper tunnelKeeper) {
        keeper = tunnelKeeper;
        nodes.values().forEach(node -> open(node, node.address().tunnel()));
    }

    private void open(PeerNode node, InetSocketAddress remote) {
        boolean isCaller = node.address().isCalledBy(setup.name());
        ManagedTunnel tunnel = keeper.open(LINK, Tunnel.POP, remote, setup.linkMtu(), isCaller);
        tunnel.liveness().watch(PROBE_INTERVAL_NS, nowNs);
        node.tunnel(tunnel);
    }

    Collection<PeerNode> nodes() {
        return nodes.values();
    }

    /** Orders for sites that have no channel here any more. */
    long undelivered() {
        return undelivered;
    }

    /** Every node has told of its sites, or will not for now. */
    boolean isHeardOut() {
        return nowNs - startNs >= START_GRACE_NS
                || nodes.values().stream().allMatch(PeerNode::wasSynced);
    }

    // ---- tunnels

    /** Null: nobody of that name, or it is not its turn to call. */
    ManagedTunnel tunnelFor(InetSocketAddress remote, PeerIdentity peer) {
        PeerNode node = nodes.get(peer.name());
        if (node == null) {
            LOG.warn("{} is PoP {}, which is not among the nodes", remote, peer.name());
            return null;
        }
        if (!node.tunnel().tunnel().remote().equals(remote)) {
            keeper.close(node.tunnel());
            open(node, remote);
        }
        return node.tunnel();
    }

    boolean isExpected(ManagedTunnel tunnel, PeerIdentity peer) {
        PeerNode node = nodes.get(peer.name());
        return peer.role() == Role.POP && node != null && node.tunnel() == tunnel;
    }

    // ---- channels

    void onConnected(SiteConnection connection) {
        PeerNode node = nodes.get(connection.peer().name());
        if (node == null) {
            connection.close("PoP " + connection.peer().name() + " is not among the nodes");
            return;
        }
        if (node.connection() != null) {
            node.connection().close("replaced by a newer connection of this node");
        }
        node.onConnected(connection, told);
        LOG.info("channel with node {}: up", node.name());
        node.flush();
    }

    void onClosed(SiteConnection connection) {
        PeerNode node = nodes.get(connection.peer().name());
        if (node != null && node.connection() == connection) {
            LOG.info("channel with node {}: down", node.name());
            touchAllOf(node);
            node.onDisconnected();
        }
    }

    void onFrame(SiteConnection connection, Frame frame) {
        PeerNode node = nodes.get(connection.peer().name());
        if (node == null || node.connection() != connection) {
            return;
        }
        switch (frame.getBodyCase()) {
            case NODE_SITE -> onSite(node, frame.getNodeSite());
            case NODE_ROUTES -> {
                String wrong = node.routes().take(frame.getNodeRoutes(), connection);
                if (!wrong.isEmpty()) {
                    refuse(node, wrong);
                }
            }
            case ROUTE_REQUEST -> {
                long siteId = frame.getRouteRequest().getSiteId();
                if (told.containsKey(siteId)) {
                    node.tellAgain(siteId, told.get(siteId));
                }
            }
            case NODE_SYNCED -> onSynced(node);
            case NODE_FORGET -> forgotten.add(frame.getNodeForget().getSiteId());
            case NODE_ORDER -> {
                AttachedSite site = sites.find(frame.getNodeOrder().getSiteId());
                boolean isOurs = site != null && site.connection() != null;
                if (!isOurs || !site.order(frame.getNodeOrder().getOrder())) {
                    undelivered++;
                }
            }
            default -> refuse(node, "a message that is not for nodes");
        }
    }

    private void onSite(PeerNode node, NodeSite said) {
        Site site = SiteMessages.site(said.getSite());
        PrefixSet prefixes = said.getAdvertised() ? node.routes().of(site.id()) : null;
        var claim =
                new SiteClaims.Claim(
                        site, said.getStamp(), said.getChannel(), prefixes, holder(node, said));
        AttachedSite known = sites.find(site.id());
        long stampMaxMs = wallClock.time() + STAMP_AHEAD_MAX_MS;
        if (Long.compareUnsigned(said.getStamp(), stampMaxMs) > 0) {
            refuse(node, "site " + site.name() + " came to it in the future");
        } else if (known == null && (claim.isVoid() || sites.isFull())) {
            if (!claim.isVoid()) {
                refuse(node, "more sites than " + SiteRegister.SITES_MAX);
            }
        } else {
            node.told().add(site.id());
            take(node, known == null ? sites.site(site.id(), site.name()) : known, claim);
        }
    }

    private X509Certificate holder(PeerNode node, NodeSite said) {
        if (said.getCertificate().isEmpty()) {
            return null;
        }
        try {
            return Certificates.decode(said.getCertificate().toByteArray());
        } catch (CertificateException e) {
            refuse(node, "of site " + said.getSite().getName() + ": " + e.getMessage());
            return null;
        }
    }

    private void take(PeerNode node, AttachedSite site, SiteClaims.Claim claim) {
        touch(site);
        site.claims().put(node, claim, nowNs);
        if (claim.isVoid()) {
            node.routes().forget(site.id());
        }
        Site claimed = claim.site();
        if (site.connection() == null && !claimed.links().isEmpty()) {
            site.describe(
                    claimed.name(), claimed.type(), claimed.links(), claimed.recoveryEnabled());
        }
    }

    private void onSynced(PeerNode node) {
        touchAllOf(node);
        for (AttachedSite site : sites.all()) {
            if (site.claims().of(node) != null && !node.told().contains(site.id())) {
                site.claims().remove(node, nowNs);
            }
        }
        node.routes().retain(node.told());
        node.onSynced();
        LOG.info("node {} has told of {} sites", node.name(), node.told().size());
    }

    private void refuse(PeerNode node, String why) {
        node.countRefused();
        if (nowNs - logNs >= 0) {
            logNs = nowNs + LOG_NS;
            LOG.warn("node {}: not taken, {} ({} so far)", node.name(), why, node.refused());
        }
    }

    /** The account's revocations changed. */
    void expel(Predicate<PeerIdentity> isRevoked) {
        for (PeerNode node : nodes.values()) {
            SiteConnection connection = node.connection();
            if (connection != null && isRevoked.test(connection.peer())) {
                connection.close("its certificate is revoked");
            }
        }
    }

    // ---- what changes

    /** What we know of that site by ourselves may be something else now. */
    void tell(AttachedSite site) {
        if (!nodes.isEmpty()) {
            due.add(site);
        }
    }

    /** Sites that other nodes were told to forget, each once. */
    Set<Long> takeForgotten() {
        Set<Long> taken = Set.copyOf(forgotten);
        forgotten.clear();
        return taken;
    }

    /** To those that are reached; the others go on naming it until they are told as well. */
    void tellForgotten(long siteId) {
        NodeForget message = NodeForget.newBuilder().setSiteId(siteId).build();
        nodes.values().forEach(it -> it.send(Frame.newBuilder().setNodeForget(message).build()));
    }

    /** It is known no more. */
    void forget(AttachedSite site) {
        due.remove(site);
        touched.remove(site);
        contradictedNs.remove(site);
        told.remove(site.id());
        routes.remove(site.id());
        nodes.values().forEach(node -> node.routes().forget(site.id()));
    }

    /** Sites that other nodes made different, as they were before; each once. */
    Collection<SiteChange> takeChanges() {
        List<SiteChange> taken = new ArrayList<>(touched.values());
        touched.clear();
        return taken;
    }

    private void touch(AttachedSite site) {
        originsEndNs = nowNs + SiteClaims.UNDER_WAY_NS;
        areOriginsLingering = true;
        touched.computeIfAbsent(site, SiteChange::before);
    }

    /** Whether packets of sites are no longer taken from nodes that those have left. */
    boolean takeOriginsChange() {
        boolean isOver = areOriginsLingering && nowNs - originsEndNs >= 0;
        areOriginsLingering &= !isOver;
        return isOver;
    }

    private void touchAllOf(PeerNode node) {
        sites.all().stream().filter(site -> site.claims().of(node) != null).forEach(this::touch);
    }

    void poll(long now) {
        nowNs = now;
        nodes.values().forEach(this::noteTunnel);
        if (!nodes.isEmpty()) {
            sites.all().forEach(this::noteContradiction);
        }
        for (AttachedSite site : due) {
            tellNow(site);
        }
        due.clear();
        nodes.values().forEach(PeerNode::flush);
    }

    private void noteTunnel(PeerNode node) {
        boolean isAlive = node.tunnel().isAlive();
        if (isAlive != node.isTunnelAlive()) {
            LOG.info("node {}: its tunnel {}", node.name(), isAlive ? "lives" : "is down");
            touchAllOf(node);
            node.noteTunnel(isAlive);
        }
    }

    private void noteContradiction(AttachedSite site) {
        PeerNode away = site.isHere() ? site.away() : null;
        if (away == null) {
            contradictedNs.remove(site);
        } else if (nowNs - contradictedNs.computeIfAbsent(site, _ -> nowNs) >= CONTRADICTION_NS) {
            contradictedNs.remove(site);
            refuse(away, "site " + site.name() + " is here, whatever it says");
            touch(site);
            site.stamp(wallClock.time());
            tell(site);
        }
    }

    /** Attached for others once its routes are known here: else they would send too early. */
    private void tellNow(AttachedSite site) {
        PrefixSet prefixes = site.told().prefixes();
        boolean isRouted = site.isHere() && prefixes != null;
        NodeSite.Builder message =
                NodeSite.newBuilder()
                        .setSite(SiteMessages.entry(site.asOwnSite().withAttached(isRouted)))
                        .setStamp(isRouted ? site.stamp() : 0)
                        .setChannel(site.connection() != null)
                        .setAdvertised(prefixes != null);
        if (site.holder() != null) {
            message.setCertificate(
                    ByteString.copyFrom(Certificates.encode(site.holder().certificate())));
        }
        NodeSite built = message.build();
        boolean isOurs = isRouted || site.connection() != null;
        NodeSite before = isOurs ? told.put(site.id(), built) : told.remove(site.id());
        boolean areRoutesNew = isOurs && prefixes != null && noteRoutes(site.id(), prefixes);
        if (!isOurs) {
            routes.remove(site.id());
        }
        if (built.equals(before) && !areRoutesNew || before == null && !isOurs) {
            return;
        }
        nodes.values().forEach(node -> node.tell(site.id(), built));
    }

    private boolean noteRoutes(long siteId, PrefixSet prefixes) {
        RouteHistory history = routes.computeIfAbsent(siteId, _ -> new RouteHistory());
        if (history.generation() != 0 && history.prefixes().equals(prefixes)) {
            return false;
        }
        history.update(++routeGeneration, prefixes);
        return true;
    }
}
