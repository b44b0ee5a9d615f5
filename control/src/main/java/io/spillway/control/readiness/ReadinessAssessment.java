package io.spillway.control.readiness;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.readiness.ReasonCode.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts connected and expected sites and says what is missing (D20-D27). Sites count, not tunnels:
 * a peer is connected by a site or link as soon as one tunnel of it is proven.
 */
public final class ReadinessAssessment {
    private final PeerDirectory directory;
    private final Map<TunnelPlan.Key, TunnelStatus> tunnels = new HashMap<>();
    private final FaultFinder finder;
    private final long nowNs;

    private ReadinessAssessment(PeerDirectory directory, SiteFacts facts, long nowNs) {
        this.directory = directory;
        this.nowNs = nowNs;
        facts.tunnels().forEach(tunnel -> tunnels.put(tunnel.key(), tunnel));
        finder = new FaultFinder(directory, facts, tunnels, nowNs);
    }

    public static SiteReadiness assess(PeerDirectory directory, SiteFacts facts, long nowNs) {
        return new ReadinessAssessment(directory, facts, nowNs).result();
    }

    private SiteReadiness result() {
        Map<Long, List<TunnelPlan>> plans = new HashMap<>();
        for (TunnelPlan plan : directory.tunnels()) {
            plans.computeIfAbsent(plan.key().siteId(), id -> new ArrayList<>()).add(plan);
        }
        List<PeerReadiness> peers = new ArrayList<>();
        for (Peer peer : directory.peers()) {
            peers.add(peer(peer.site(), plans.getOrDefault(peer.siteId(), List.of())));
        }
        Map<Integer, Readiness> byLink = new HashMap<>();
        Map<Integer, List<Fault>> missing = new HashMap<>();
        for (Link link : directory.own().links()) {
            List<Fault> faults = missing(link, peers, plans);
            missing.put(link.index(), faults);
            byLink.put(link.index(), link(link, peers, faults));
        }
        return new SiteReadiness(site(peers), byLink, missing, peers);
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

    /** The most urgent of each expected peer that no tunnel of the link reaches. */
    private List<Fault> missing(
            Link link, List<PeerReadiness> peers, Map<Long, List<TunnelPlan>> plans) {
        List<Fault> missing = new ArrayList<>();
        if (exemption() != null || !link.enabled()) {
            return missing;
        }
        for (PeerReadiness peer : peers) {
            List<TunnelPlan> own =
                    plans.getOrDefault(peer.siteId(), List.of()).stream()
                            .filter(plan -> plan.key().localLink() == link.index())
                            .toList();
            if (peer.isExpected() && own.stream().noneMatch(this::isProven)) {
                missing.add(own.isEmpty() ? withoutPlan(link, peer.siteId()) : mostUrgent(own));
            }
        }
        return missing;
    }

    private Fault withoutPlan(Link link, long siteId) {
        var key = new TunnelPlan.Key(link.index(), siteId, 0);
        return new Fault(Cause.of(ReasonCode.REMOTE_NOT_READY), key);
    }

    private Fault mostUrgent(List<TunnelPlan> plans) {
        return faults(plans).getFirst();
    }

    private Readiness link(Link link, List<PeerReadiness> peers, List<Fault> missing) {
        Readiness exempt = exemption();
        if (exempt != null) {
            return exempt;
        }
        if (!link.enabled()) {
            return Readiness.disabled(ReasonCode.OFFCLOUD_DISABLED_LINK);
        }
        int expected = (int) peers.stream().filter(PeerReadiness::isExpected).count();
        return Readiness.of(expected - missing.size(), expected, mostUrgentCode(missing));
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
        List<Fault> why = List.of(new Fault(Cause.of(code), null));
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
        boolean isOurs = directory.own().enabledLinks().isEmpty();
        Cause cause =
                isOurs
                        ? new Cause(ReasonCode.OFFCLOUD_DISABLED_LINK, Side.LOCAL)
                        : Cause.of(ReasonCode.REMOTE_NOT_READY);
        return List.of(new Fault(cause, null));
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
        return new Fault(finder.cause(plan), plan.key());
    }

    private static ReasonCode mostUrgentCode(List<Fault> faults) {
        return faults.stream().min(Fault.URGENCY).map(Fault::code).orElse(null);
    }
}
