package io.spillway.node.site;

import io.spillway.control.directory.Link;
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
import java.util.Set;

/**
 * Gathers what readiness is told from: what the kernel says of the links, what tunnels, proofs and
 * punching found, what was refused. Owned by control.
 */
final class SiteReadinessWatch {
    /** ICMP codes of "administratively prohibited" (RFC 1812 §5.2.7.1, RFC 4443 §3.1). */
    private static final Set<Integer> PROHIBITED_4 = Set.of(9, 10, 13);

    private static final Set<Integer> PROHIBITED_6 = Set.of(1, 5, 6);

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
        SiteFacts facts = new SiteFacts(links(), statuses(nowNs), tunnels.isPopAlive(), isBrokered);
        return ReadinessAssessment.assess(directory, facts, nowNs);
    }

    private List<LinkStatus> links() {
        Set<Integer> reaching = new HashSet<>();
        tunnels.alivePopTunnels().forEach(tunnel -> reaching.add(tunnel.tunnel().link()));
        List<LinkStatus> links = new ArrayList<>();
        for (Link link : setup.own().links()) {
            int index = link.index();
            links.add(
                    new LinkStatus(
                            index,
                            !down.contains(index),
                            !withoutAddress.contains(index),
                            !withoutRoute.contains(index),
                            reaching.contains(index),
                            setup.overLimit().contains(index)));
        }
        return links;
    }

    private List<TunnelStatus> statuses(long nowNs) {
        Map<TunnelPlan.Key, TunnelPlan> plans = new HashMap<>();
        directory.tunnels().forEach(plan -> plans.put(plan.key(), plan));
        List<TunnelStatus> statuses = new ArrayList<>();
        tunnels.toPeers().forEach((key, tunnel) -> statuses.add(status(key, tunnel, nowNs)));
        for (TunnelPlan plan : plans.values()) {
            if (!tunnels.toPeers().containsKey(plan.key())) {
                Cause said = notes.about(plan.key().localLink(), plan.remote(), nowNs);
                Cause fault = said == null ? withoutWay(plan.key()) : said;
                if (fault != null) {
                    statuses.add(TunnelStatus.missing(plan.key(), fault));
                }
            }
        }
        return statuses;
    }

    private TunnelStatus status(TunnelPlan.Key key, ManagedTunnel tunnel, long nowNs) {
        return new TunnelStatus(
                key,
                tunnel.hasSession() ? tunnel.liveness().state() : Liveness.State.UNKNOWN,
                tunnel.liveness().lastReplyNs(),
                tunnel.isAlive() ? proofs.status(key, tunnel) : ProofStatus.NONE,
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
