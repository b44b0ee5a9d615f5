package io.spillway.control.readiness;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.readiness.ReasonCode.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Counts connected and expected sites and says what is missing (D20-D27). Sites count, not tunnels:
 * a peer is connected by a site or link as soon as one tunnel of it is proven.
 */
public final class ReadinessAssessment {
    private final PeerDirectory directory;
    private final Map<TunnelPlan.Key, TunnelStatus> tunnels = new HashMap<>();
    private final Set<Integer> overLimit;
    private final FaultFinder finder;
    private final long nowNs;

    private ReadinessAssessment(PeerDirectory directory, SiteFacts facts, long nowNs) {
        this.directory = directory;
        this.nowNs = nowNs;
        facts.tunnels().forEach(tunnel -> tunnels.put(tunnel.key(), tunnel));
        overLimit =
                facts.links().stream()
                        .filter(LinkStatus::isOverLimit)
                        .map(LinkStatus::index)
                        .collect(Collectors.toSet());
        finder = new FaultFinder(directory, facts, tunnels, nowNs);
    }

    public static SiteReadiness assess(PeerDirectory directory, SiteFacts facts, long nowNs) {
        return new ReadinessAssessment(directory, facts, nowNs).result();
    }

    private SiteReadiness result() {
        Map<Long, List<TunnelPlan>> overInternet = plans(LinkRole.INTERNET);
        Map<Long, List<TunnelPlan>> overAltWan = plans(LinkRole.ALT_WAN);
        List<PeerReadiness> peers = new ArrayList<>();
        List<Long> expected = new ArrayList<>();
        for (Peer known : directory.peers()) {
            PeerReadiness peer =
                    peer(known.site(), overInternet.getOrDefault(known.siteId(), List.of()));
            peers.add(peer);
            if (peer.isExpected()) {
                expected.add(peer.siteId());
            }
        }
        Map<Integer, Readiness> byLink = new HashMap<>();
        Map<Integer, List<Fault>> missing = new HashMap<>();
        for (Link link : directory.own().links()) {
            Collection<Long> sites = link.isAltWan() ? overAltWan.keySet() : expected;
            List<Fault> faults = missing(link, sites, link.isAltWan() ? overAltWan : overInternet);
            missing.put(link.index(), faults);
            byLink.put(link.index(), link(link, sites.size(), faults));
        }
        boolean hasAltWan = directory.own().links().stream().anyMatch(Link::isAltWan);
        Readiness altWan = hasAltWan ? altWan(overAltWan) : null;
        return new SiteReadiness(site(peers), altWan, byLink, missing, peers);
    }

    private Map<Long, List<TunnelPlan>> plans(LinkRole role) {
        return directory.tunnels().stream()
                .filter(plan -> plan.role() == role)
                .collect(Collectors.groupingBy(plan -> plan.key().siteId()));
    }

    /** Each peer that has Alt WAN as well is expected on it. */
    private Readiness altWan(Map<Long, List<TunnelPlan>> plans) {
        Readiness exempt = exemption();
        if (exempt != null) {
            return exempt;
        }
        List<Fault> missing =
                plans.values().stream()
                        .filter(own -> own.stream().noneMatch(this::isProven))
                        .map(this::mostUrgent)
                        .toList();
        int connected = plans.size() - missing.size();
        return Readiness.of(connected, plans.size(), mostUrgentCode(missing));
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
        return Readiness.of(connected, expected.size(), mostUrgentCode(faults));
    }

    /** The most urgent of each expected site that no tunnel of the link reaches. */
    private List<Fault> missing(
            Link link, Collection<Long> expected, Map<Long, List<TunnelPlan>> plans) {
        List<Fault> missing = new ArrayList<>();
        if (exemption() != null || !link.enabled()) {
            return missing;
        }
        for (long siteId : expected) {
            List<TunnelPlan> own =
                    plans.getOrDefault(siteId, List.of()).stream()
                            .filter(plan -> plan.key().localLink() == link.index())
                            .toList();
            if (own.stream().noneMatch(this::isProven)) {
                missing.add(own.isEmpty() ? withoutPlan(link, siteId) : mostUrgent(own));
            }
        }
        return missing;
    }

    private Fault withoutPlan(Link link, long siteId) {
        var key = new TunnelPlan.Key(link.index(), siteId, 0);
        return new Fault(causeAtPeer(siteId), key);
    }

    /** It told the PoP of its links, and keeps them all out; or nobody knows them. */
    private Cause causeAtPeer(long siteId) {
        List<Link> links = directory.peer(siteId).site().links();
        boolean isOff = !links.isEmpty() && links.stream().allMatch(ReadinessAssessment::isOut);
        return isOff
                ? new Cause(ReasonCode.OFFCLOUD_DISABLED_LINK, Side.REMOTE)
                : Cause.of(ReasonCode.REMOTE_NOT_READY);
    }

    private static boolean isOut(Link link) {
        return !link.enabled() || link.isAltWan();
    }

    private Fault mostUrgent(List<TunnelPlan> plans) {
        return faults(plans).getFirst();
    }

    private Readiness link(Link link, int expected, List<Fault> missing) {
        Readiness exempt = exemption();
        if (exempt != null) {
            return exempt;
        }
        if (!link.enabled()) {
            return Readiness.disabled(
                    overLimit.contains(link.index())
                            ? ReasonCode.OFFCLOUD_LINK_LIMIT
                            : ReasonCode.OFFCLOUD_DISABLED_LINK);
        }
        return Readiness.of(expected - missing.size(), expected, mostUrgentCode(missing));
    }

    /** Null when this site takes part. */
    private Readiness exemption() {
        if (!directory.own().type().hasAppliance()) {
            return Readiness.notApplicable(ReasonCode.NO_APPLIANCE);
        }
        if (directory.peers().isEmpty() && directory.generation() == 0) {
            return Readiness.notApplicable(ReasonCode.NOT_CONNECTED_TO_POP); // nobody told of any
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
        List<Fault> faults = isConnected ? List.of() : faults(peer, plans);
        return new PeerReadiness(peer.id(), peer.name(), true, isConnected, faults);
    }

    private PeerReadiness outside(Site peer) {
        List<Fault> why = List.of(new Fault(causeOutside(peer), null));
        return new PeerReadiness(peer.id(), peer.name(), false, false, why);
    }

    private static Cause causeOutside(Site peer) {
        ReasonCode code = reasonOutside(peer);
        if (code != ReasonCode.RECOVERY_DISABLED_SITE) {
            return Cause.of(code);
        }
        return new Cause(code, peer.recoveryEnabled() ? Side.LOCAL : Side.REMOTE);
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

    private List<Fault> faults(Site peer, List<TunnelPlan> plans) {
        if (!plans.isEmpty()) {
            return faults(plans);
        }
        boolean isOurs = directory.own().enabledLinks().stream().allMatch(Link::isAltWan);
        Cause cause =
                isOurs
                        ? new Cause(ReasonCode.OFFCLOUD_DISABLED_LINK, Side.LOCAL)
                        : causeAtPeer(peer.id());
        return List.of(new Fault(cause, null));
    }

    private List<Fault> faults(List<TunnelPlan> plans) {
        return plans.stream().map(this::fault).sorted(Fault.URGENCY).toList();
    }

    /** By way of a third site: the peer is reached, though no link of ours leads there. */
    private boolean isRelayed(long siteId) {
        TunnelStatus tunnel = tunnels.get(TunnelPlan.Key.relayed(siteId));
        return tunnel != null && tunnel.isProven(nowNs);
    }

    private boolean isProven(TunnelPlan plan) {
        TunnelStatus tunnel = tunnels.get(plan.key());
        return tunnel != null && tunnel.isProven(nowNs) && !finder.isLinkDead(plan);
    }

    private Fault fault(TunnelPlan plan) {
        return new Fault(finder.cause(plan), plan.key());
    }

    private static ReasonCode mostUrgentCode(List<Fault> faults) {
        return faults.stream().min(Fault.URGENCY).map(Fault::code).orElse(null);
    }
}
