package io.spillway.control.readiness;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.recovery.Liveness;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts connected and expected sites and says what is missing (D20-D27). Sites count, not tunnels:
 * a peer is connected by a site or link as soon as one tunnel of it is proven.
 */
public final class ReadinessAssessment {
    private final PeerDirectory directory;
    private final Map<Integer, LinkStatus> links = new HashMap<>();
    private final Map<TunnelPlan.Key, TunnelStatus> tunnels = new HashMap<>();
    private final boolean isPopConnected;
    private final long nowNs;

    private ReadinessAssessment(
            PeerDirectory directory,
            Collection<LinkStatus> links,
            Collection<TunnelStatus> tunnels,
            boolean isPopConnected,
            long nowNs) {
        this.directory = directory;
        links.forEach(link -> this.links.put(link.index(), link));
        tunnels.forEach(tunnel -> this.tunnels.put(tunnel.key(), tunnel));
        this.isPopConnected = isPopConnected;
        this.nowNs = nowNs;
    }

    /**
     * {@code tunnels}: those that exist; {@code links}: all of this site, a missing one is down.
     */
    public static SiteReadiness assess(
            PeerDirectory directory,
            Collection<LinkStatus> links,
            Collection<TunnelStatus> tunnels,
            boolean isPopConnected,
            long nowNs) {
        return new ReadinessAssessment(directory, links, tunnels, isPopConnected, nowNs).result();
    }

    private SiteReadiness result() {
        Map<Long, List<TunnelPlan>> plans = new HashMap<>();
        for (TunnelPlan plan : plans(LinkRole.INTERNET)) {
            plans.computeIfAbsent(plan.key().siteId(), id -> new ArrayList<>()).add(plan);
        }
        List<PeerReadiness> peers = new ArrayList<>();
        for (Peer peer : directory.peers()) {
            peers.add(peer(peer.site(), plans.getOrDefault(peer.siteId(), List.of())));
        }
        Map<Integer, Readiness> byLink = new HashMap<>();
        for (Link link : directory.own().links()) {
            byLink.put(link.index(), link(link, peers));
        }
        boolean hasAltWan = directory.own().links().stream().anyMatch(Link::isAltWan);
        return new SiteReadiness(site(peers), hasAltWan ? altWan() : null, byLink, peers);
    }

    private List<TunnelPlan> plans(LinkRole role) {
        return directory.tunnels().stream().filter(plan -> plan.role() == role).toList();
    }

    /** Each peer that has Alt WAN as well is expected on it. */
    private Readiness altWan() {
        Readiness exempt = exemption();
        return exempt != null ? exempt : overPlans(plans(LinkRole.ALT_WAN), altWanPeers());
    }

    private int altWanPeers() {
        return (int)
                plans(LinkRole.ALT_WAN).stream()
                        .map(plan -> plan.key().siteId())
                        .distinct()
                        .count();
    }

    private Readiness site(List<PeerReadiness> peers) {
        Readiness exempt = exemption();
        if (exempt != null) {
            return exempt;
        }
        List<PeerReadiness> expected = peers.stream().filter(PeerReadiness::isExpected).toList();
        boolean isLoneSpoke =
                expected.isEmpty()
                        && directory.peers().stream()
                                .anyMatch(peer -> peer.site().scope() == PairScope.TOPOLOGY);
        if (isLoneSpoke) {
            return Readiness.notApplicable(ReasonCode.SPOKE_WITHOUT_HUB);
        }
        int connected = (int) expected.stream().filter(PeerReadiness::isConnected).count();
        List<Fault> faults = new ArrayList<>();
        expected.forEach(peer -> faults.addAll(peer.faults()));
        return Readiness.of(connected, expected.size(), mostUrgent(faults));
    }

    private Readiness link(Link link, List<PeerReadiness> peers) {
        Readiness exempt = exemption();
        if (exempt != null) {
            return exempt;
        }
        if (!link.enabled()) {
            LinkStatus status = links.get(link.index());
            boolean isOverLimit = status != null && status.isOverLimit();
            return Readiness.disabled(
                    isOverLimit
                            ? ReasonCode.OFFCLOUD_LINK_LIMIT
                            : ReasonCode.OFFCLOUD_DISABLED_LINK);
        }
        List<TunnelPlan> plans =
                directory.tunnels().stream()
                        .filter(plan -> plan.key().localLink() == link.index())
                        .toList();
        int expected = (int) peers.stream().filter(PeerReadiness::isExpected).count();
        return overPlans(plans, link.isAltWan() ? altWanPeers() : expected);
    }

    private Readiness overPlans(List<TunnelPlan> plans, int expected) {
        Set<Long> connected = new HashSet<>();
        List<Fault> faults = new ArrayList<>();
        for (TunnelPlan plan : plans) {
            if (isProven(plan)) {
                connected.add(plan.key().siteId());
            } else {
                faults.add(fault(plan));
            }
        }
        faults.removeIf(fault -> connected.contains(fault.tunnel().siteId()));
        ReasonCode reason = faults.isEmpty() ? ReasonCode.REMOTE_NOT_READY : mostUrgent(faults);
        return Readiness.of(connected.size(), expected, reason);
    }

    /** Null when this site takes part. */
    private Readiness exemption() {
        if (!directory.own().type().hasAppliance()) {
            return Readiness.notApplicable(ReasonCode.NO_APPLIANCE);
        }
        return directory.isOwnRecoverable()
                ? null
                : Readiness.disabled(ReasonCode.RECOVERY_DISABLED_SITE);
    }

    private PeerReadiness peer(Site peer, List<TunnelPlan> plans) {
        if (!peer.isRecoverable() || exemption() != null) {
            return outside(peer);
        }
        boolean isConnected = plans.stream().anyMatch(this::isProven) || isRelayed(peer.id());
        List<Fault> faults = isConnected ? List.of() : faults(plans);
        return new PeerReadiness(peer.id(), peer.name(), true, isConnected, faults);
    }

    private PeerReadiness outside(Site peer) {
        ReasonCode code = reasonOutside(peer);
        List<Fault> why = List.of(new Fault(code, null));
        return new PeerReadiness(peer.id(), peer.name(), false, false, why);
    }

    private static ReasonCode reasonOutside(Site peer) {
        if (!peer.type().hasAppliance()) {
            return ReasonCode.NO_APPLIANCE;
        }
        if (peer.recoveryEnabled() && peer.scope() == PairScope.TOPOLOGY) {
            return ReasonCode.OTHER_SPOKE;
        }
        boolean isApart = peer.recoveryEnabled() && peer.scope() == PairScope.REGION;
        return isApart ? ReasonCode.REGION_POLICY : ReasonCode.RECOVERY_DISABLED_SITE;
    }

    private List<Fault> faults(List<TunnelPlan> plans) {
        if (!plans.isEmpty()) {
            return plans.stream().map(this::fault).sorted(Fault.URGENCY).toList();
        }
        boolean isOurs = directory.own().enabledLinks().stream().allMatch(Link::isAltWan);
        ReasonCode code = isOurs ? ReasonCode.OFFCLOUD_DISABLED_LINK : ReasonCode.REMOTE_NOT_READY;
        return List.of(new Fault(code, null));
    }

    /** By way of a third site: the peer is reached, though no link of ours leads there. */
    private boolean isRelayed(long siteId) {
        TunnelStatus tunnel = tunnels.get(TunnelPlan.Key.relayed(siteId));
        return tunnel != null && tunnel.isProven(nowNs);
    }

    private boolean isProven(TunnelPlan plan) {
        TunnelStatus tunnel = tunnels.get(plan.key());
        return tunnel != null && tunnel.isProven(nowNs);
    }

    private Fault fault(TunnelPlan plan) {
        return new Fault(code(plan), plan.key());
    }

    private ReasonCode code(TunnelPlan plan) {
        LinkStatus link = links.get(plan.key().localLink());
        if (link == null || !link.isUp()) {
            return ReasonCode.IF_LINK_DOWN;
        }
        if (!link.hasAddress()) {
            return ReasonCode.IF_NO_ADDRESS;
        }
        TunnelStatus tunnel = tunnels.get(plan.key());
        if (tunnel != null && tunnel.setupFault() == ReasonCode.CERT_EXPIRED) {
            return ReasonCode.CERT_EXPIRED;
        }
        if (tunnel != null && tunnel.lastReplyNs().isPresent()) {
            boolean isDown = tunnel.liveness() == Liveness.State.DOWN;
            return isDown ? ReasonCode.KEEPALIVE_LOST : ReasonCode.STALE_PROOF;
        }
        return tunnel == null ? unopened(plan) : unproven(plan, tunnel);
    }

    private ReasonCode unopened(TunnelPlan plan) {
        if (plan.remote() == null) {
            return isPopConnected ? ReasonCode.NO_MAPPED_ADDRESS : ReasonCode.NOT_CONNECTED_TO_POP;
        }
        return ReasonCode.HANDSHAKE_TIMEOUT;
    }

    private ReasonCode unproven(TunnelPlan plan, TunnelStatus tunnel) {
        if (tunnel.setupFault() != null) {
            return tunnel.setupFault();
        }
        return plan.remote() == null ? unopened(plan) : ReasonCode.PROBE_SENT_NONE_RECEIVED;
    }

    private static ReasonCode mostUrgent(List<Fault> faults) {
        return faults.stream().min(Fault.URGENCY).map(Fault::code).orElse(null);
    }
}
