package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.NatMapping;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.readiness.Cause;
import io.spillway.control.readiness.LinkStatus;
import io.spillway.control.readiness.ProofStatus;
import io.spillway.control.readiness.ReadinessAssessment;
import io.spillway.control.readiness.ReasonCode;
import io.spillway.control.readiness.ReasonCode.Side;
import io.spillway.control.readiness.SiteFacts;
import io.spillway.control.readiness.SiteReadiness;
import io.spillway.control.readiness.TunnelStatus;
import io.spillway.control.recovery.Liveness;
import io.spillway.node.tunnel.ManagedTunnel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Gathers what readiness is told from: what the kernel says of the links, what tunnels, proofs and
 * punching found, what was refused. Owned by control.
 */
final class SiteReadinessWatch {
    /** ICMP codes of "administratively prohibited" (RFC 1812 §5.2.7.1, RFC 4443 §3.1). */
    private static final Set<Integer> PROHIBITED_4 = Set.of(9, 10, 13);

    private static final Set<Integer> PROHIBITED_6 = Set.of(1, 5, 6);

    /** An order, an attempt to punch and a handshake without an answer have ended by then. */
    private static final long OPENING_NS = 6_000_000_000L;

    private final SiteSetup setup;
    private final PeerDirectory directory;
    private final SiteTunnels tunnels;
    private final SitePunching punching;
    private final SiteProofs proofs;
    private final Credentials credentials;
    private final PathNotes notes = new PathNotes();
    private final Set<Integer> down = new HashSet<>();
    private final Set<Integer> withoutAddress = new HashSet<>();
    private final Set<Integer> withoutRoute = new HashSet<>();

    /** Of those that do not live and could be opened: since when. */
    private final Map<TunnelPlan.Key, Long> openableNs = new HashMap<>();

    private boolean isBrokered; // as of the assessment under way

    SiteReadinessWatch(
            SiteSetup setup,
            PeerDirectory directory,
            SiteTunnels tunnels,
            SitePunching punching,
            SiteProofs proofs,
            Credentials credentials) {
        this.setup = setup;
        this.directory = directory;
        this.tunnels = tunnels;
        this.punching = punching;
        this.proofs = proofs;
        this.credentials = credentials;
    }

    void onLink(int link, boolean isUp) {
        note(down, link, !isUp);
    }

    void onAddress(int link, boolean hasAddress) {
        note(withoutAddress, link, !hasAddress);
    }

    void onDefaultRoute(int link, boolean isThere) {
        note(withoutRoute, link, !isThere);
    }

    private static void note(Set<Integer> links, int link, boolean isIn) {
        if (isIn) {
            links.add(link);
        } else {
            links.remove(link);
        }
    }

    /** An ICMP error about a datagram of ours. */
    void onUnreachable(int link, InetSocketAddress remote, int code, long nowNs) {
        boolean isIpv4 = remote.getAddress().getAddress().length == 4;
        if ((isIpv4 ? PROHIBITED_4 : PROHIBITED_6).contains(code)) {
            notes.add(link, remote, Cause.of(ReasonCode.FIREWALL_BLOCKS_PROBE), nowNs);
        }
    }

    /** We refused who called from there, or were refused by it. */
    void onRefused(int link, InetSocketAddress remote, String reason, long nowNs) {
        Cause cause = SetupFaults.of(reason, credentials);
        if (cause != null) {
            notes.add(link, remote, cause, nowNs);
        }
    }

    void onEstablished(ManagedTunnel tunnel) {
        notes.forget(tunnel.tunnel().link(), tunnel.tunnel().remote());
    }

    /** Of this moment. */
    SiteReadiness assess(long nowNs) {
        isBrokered = punching.isBrokered();
        SiteFacts facts = new SiteFacts(links(), statuses(nowNs), isPopTelling(), isBrokered);
        return ReadinessAssessment.assess(directory, facts, nowNs);
    }

    /** As the kernel and the tunnels to the PoP tell. */
    List<LinkStatus> links() {
        Map<Integer, OptionalLong> popReplies = new HashMap<>();
        for (ManagedTunnel tunnel : tunnels.alivePopTunnels()) {
            popReplies.put(tunnel.tunnel().link(), tunnel.liveness().lastReplyNs());
        }
        List<LinkStatus> links = new ArrayList<>();
        for (Link link : setup.own().links()) {
            int index = link.index();
            links.add(
                    new LinkStatus(
                            index,
                            !down.contains(index),
                            !withoutAddress.contains(index),
                            !withoutRoute.contains(index),
                            popReplies.getOrDefault(index, OptionalLong.empty()),
                            setup.overLimit().contains(index)));
        }
        return links;
    }

    private List<TunnelStatus> statuses(long nowNs) {
        Map<TunnelPlan.Key, TunnelPlan> plans = new HashMap<>();
        directory.tunnels().forEach(plan -> plans.put(plan.key(), plan));
        openableNs.keySet().retainAll(plans.keySet());
        plans.values().forEach(plan -> noteOpenable(plan, nowNs));
        List<TunnelStatus> statuses = new ArrayList<>();
        tunnels.toPeers().forEach((key, tunnel) -> statuses.add(status(key, tunnel, nowNs)));
        for (TunnelPlan plan : plans.values()) {
            TunnelPlan.Key key = plan.key();
            if (!tunnels.toPeers().containsKey(key)) {
                Cause said = notes.about(key.localLink(), plan.remote(), nowNs);
                Cause fault = said == null ? withoutWay(key) : said;
                statuses.add(TunnelStatus.missing(key, isBeingOpened(key, nowNs), fault));
            }
        }
        return statuses;
    }

    private void noteOpenable(TunnelPlan plan, long nowNs) {
        ManagedTunnel tunnel = tunnels.toPeers().get(plan.key());
        boolean isAlive = tunnel != null && tunnel.isAlive();
        if (!isAlive && isOpenable(plan)) {
            openableNs.putIfAbsent(plan.key(), nowNs);
        } else {
            openableNs.remove(plan.key());
        }
    }

    /** Somebody tells both ends to, or it needs nobody's word; and the far one is there. */
    private boolean isOpenable(TunnelPlan plan) {
        if (plan.role() == LinkRole.ALT_WAN) {
            return plan.remote() != null;
        }
        boolean isCallEnough = plan.isFixed() && plan.isInitiator();
        boolean isThere = !isPopTelling() || directory.peer(plan.key().siteId()).site().attached();
        return isThere && (isCallEnough || isBrokered);
    }

    private boolean isPopTelling() {
        return tunnels.isPopAlive() && directory.isTold();
    }

    private boolean isBeingOpened(TunnelPlan.Key key, long nowNs) {
        Long sinceNs = openableNs.get(key);
        return sinceNs != null && nowNs - sinceNs < OPENING_NS;
    }

    private TunnelStatus status(TunnelPlan.Key key, ManagedTunnel tunnel, long nowNs) {
        return new TunnelStatus(
                key,
                tunnel.hasSession() ? tunnel.liveness().state() : Liveness.State.UNKNOWN,
                tunnel.liveness().lastReplyNs(),
                tunnel.liveness().lostNs(),
                tunnel.isAlive() ? proofs.status(key, tunnel) : ProofStatus.NONE,
                isBeingOpened(key, nowNs),
                setupFault(key, tunnel, nowNs));
    }

    private Cause setupFault(TunnelPlan.Key key, ManagedTunnel tunnel, long nowNs) {
        Cause answered = SetupFaults.of(tunnel.lastFailure(), credentials);
        if (answered != null) {
            return answered;
        }
        Cause said = notes.about(tunnel.tunnel().link(), tunnel.tunnel().remote(), nowNs);
        if (said != null) {
            return said;
        }
        if (tunnel.isClosedByPeer(tunnels.isPopAlive() ? OPENING_NS : Long.MAX_VALUE, nowNs)) {
            return Cause.of(ReasonCode.REMOTE_NOT_READY);
        }
        Cause noWay = withoutWay(key);
        boolean isSilent = noWay == null && !tunnel.lastFailure().isEmpty();
        return isSilent ? Cause.of(ReasonCode.HANDSHAKE_TIMEOUT) : noWay;
    }

    /** Null: none was sought, or the search is young. */
    private Cause withoutWay(TunnelPlan.Key key) {
        ReasonCode code = punching.fault(key, isBrokered);
        if (code == null) {
            return null;
        }
        return switch (code) {
            case MAPPING_CHANGES_PER_DESTINATION -> {
                boolean isOurs = punching.mapping(key.localLink()) == NatMapping.CHANGING;
                yield new Cause(code, isOurs ? Side.LOCAL : Side.REMOTE);
            }
            case STATIC_PORT_NOT_FORWARDED -> new Cause(code, Side.REMOTE);
            default -> Cause.of(code);
        };
    }
}
