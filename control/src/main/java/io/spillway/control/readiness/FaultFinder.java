package io.spillway.control.readiness;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.readiness.ReasonCode.Side;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Says why a planned tunnel is not proven: the one thing to mend first, and at which end. Of causes
 * that explain each other the first in the order of R075 is told, so a link that is down is not
 * also a lost keep-alive.
 *
 * <p>The side is told by comparison: what works for other sites over the same link is not wrong at
 * this end of it.
 */
final class FaultFinder {
    /**
     * Far ends of a link that must all have fallen silent to blame the link; the PoP is one, but
     * for Alt WAN, which leads to none.
     */
    static final int SILENT_ENDS_MIN = 3;

    /** Sites by link of ours. */
    private static final class LinkFacts {
        private final Set<Long> planned = new HashSet<>();
        private final Map<Long, Long> aliveNs = new HashMap<>(); // when they answered last
        private final Set<Long> proven = new HashSet<>();
        private final Set<Long> opening = new HashSet<>();
        private boolean hasWorked;
        private LinkStatus status;

        private static boolean isOneBut(Set<Long> sites, long siteId) {
            return sites.size() > (sites.contains(siteId) ? 1 : 0);
        }

        /** Another site should be reached over it, is not, and has had its time. */
        private boolean isElseDead(long siteId) {
            return planned.stream().anyMatch(site -> site != siteId && !opening.contains(site));
        }

        /** Somebody else was heard over it after that moment. */
        private boolean isHeardSince(long sinceNs, long siteId) {
            boolean isPopHeard =
                    status.isPopReached() && status.popReplyNs().getAsLong() - sinceNs > 0;
            return isPopHeard
                    || aliveNs.entrySet().stream()
                            .anyMatch(it -> it.getKey() != siteId && it.getValue() - sinceNs > 0);
        }
    }

    private final PeerDirectory directory;
    private final SiteFacts facts;
    private final Map<TunnelPlan.Key, TunnelStatus> tunnels;
    private final Map<Integer, LinkFacts> links = new HashMap<>();

    FaultFinder(
            PeerDirectory directory,
            SiteFacts facts,
            Map<TunnelPlan.Key, TunnelStatus> tunnels,
            long nowNs) {
        this.directory = directory;
        this.facts = facts;
        this.tunnels = tunnels;
        facts.links().forEach(link -> link(link.index()).status = link);
        for (TunnelStatus tunnel : facts.tunnels()) {
            LinkFacts link = link(tunnel.key().localLink());
            link.hasWorked |= tunnel.lastReplyNs().isPresent();
            if (tunnel.isAlive()) {
                long repliedNs = tunnel.lastReplyNs().orElseThrow();
                link.aliveNs.merge(tunnel.key().siteId(), repliedNs, FaultFinder::later);
            }
            if (tunnel.isBeingOpened()) {
                link.opening.add(tunnel.key().siteId());
            }
            if (tunnel.isProven(nowNs)) {
                link.proven.add(tunnel.key().siteId());
            }
        }
        for (TunnelPlan plan : directory.tunnels()) {
            link(plan.key().localLink()).planned.add(plan.key().siteId());
        }
    }

    private static long later(long aNs, long bNs) {
        return bNs - aNs > 0 ? bNs : aNs;
    }

    private LinkFacts link(int index) {
        return links.computeIfAbsent(index, _ -> new LinkFacts());
    }

    Cause cause(TunnelPlan plan) {
        Cause ofLink = ofLink(link(plan.key().localLink()), plan.role());
        if (ofLink != null) {
            return ofLink;
        }
        TunnelStatus tunnel = tunnels.get(plan.key());
        if (tunnel != null && tunnel.isAlive()) {
            return ofData(plan, tunnel);
        }
        if (tunnel != null && isAnswer(tunnel.setupFault())) {
            return sided(tunnel.setupFault(), plan);
        }
        if (isPeerGone(plan.key().siteId())) {
            return Cause.of(ReasonCode.REMOTE_NOT_READY);
        }
        if (tunnel != null && tunnel.lastReplyNs().isPresent()) {
            return fallenSilent(plan, tunnel);
        }
        Cause setupFault = tunnel == null ? null : tunnel.setupFault();
        if (tunnel != null && tunnel.isBeingOpened() && isSilence(setupFault)) {
            return Cause.of(ReasonCode.BEING_OPENED);
        }
        return unopened(plan, setupFault);
    }

    private static boolean isSilence(Cause setupFault) {
        return setupFault == null || setupFault.code() == ReasonCode.HANDSHAKE_TIMEOUT;
    }

    /** Nothing goes by that plan's link, whatever was proven a moment ago. */
    boolean isLinkDead(TunnelPlan plan) {
        return ofLink(link(plan.key().localLink()), plan.role()) != null;
    }

    /** Null when nothing is wrong with it. */
    private Cause ofLink(LinkFacts link, LinkRole role) {
        LinkStatus status = link.status;
        if (status == null || !status.isUp()) {
            return Cause.of(ReasonCode.IF_LINK_DOWN);
        }
        if (!status.hasAddress()) {
            return Cause.of(ReasonCode.IF_NO_ADDRESS);
        }
        if (status.isPopReached() || !link.aliveNs.isEmpty()) {
            return null;
        }
        boolean isAltWan = role == LinkRole.ALT_WAN;
        int ends = link.planned.size() + (isAltWan ? 0 : 1);
        boolean areAllSilent = link.hasWorked && ends >= SILENT_ENDS_MIN;
        boolean hasNoWay = !isAltWan && !status.hasRoute();
        return areAllSilent || hasNoWay ? Cause.of(ReasonCode.IF_NO_INTERNET) : null;
    }

    /** It lives, but what hosts send would not pass. */
    private Cause ofData(TunnelPlan plan, TunnelStatus tunnel) {
        return switch (tunnel.proof().outcome()) {
            case NO_ROUTE_THERE -> new Cause(ReasonCode.ROUTE_MISSING, Side.REMOTE);
            case NO_ROUTE_BACK -> new Cause(ReasonCode.ROUTE_MISSING, Side.LOCAL);
            case LARGE_LOST -> new Cause(ReasonCode.MTU_BLACKHOLE, sideOfData(plan));
            case ALL_LOST -> {
                boolean isFiltered = tunnel.isHeardWhileLosing();
                ReasonCode code =
                        isFiltered ? ReasonCode.FIREWALL_BLOCKS_PROBE : ReasonCode.STALE_PROOF;
                yield new Cause(code, sideOfData(plan));
            }
            case PENDING ->
                    tunnel.proof().provenNs().isEmpty()
                            ? Cause.of(ReasonCode.BEING_OPENED)
                            : new Cause(ReasonCode.STALE_PROOF, sideOfData(plan));
        };
    }

    /** The far end, or a box before it, said so: it is no guess from silence. */
    private static boolean isAnswer(Cause setupFault) {
        if (setupFault == null) {
            return false;
        }
        return switch (setupFault.code()) {
            case CERT_EXPIRED, CLOCK_SKEW, HANDSHAKE_FAILED -> true;
            case FIREWALL_BLOCKS_PROBE, REMOTE_NOT_READY -> true;
            default -> false;
        };
    }

    /** The PoP, which we hear, does not see it either. */
    private boolean isPeerGone(long siteId) {
        Peer peer = directory.peer(siteId);
        return facts.isPopConnected() && peer != null && !peer.site().attached();
    }

    /** It lived once; what the search for a new way has seen says more than the silence. */
    private Cause fallenSilent(TunnelPlan plan, TunnelStatus tunnel) {
        Cause setupFault = tunnel.setupFault();
        boolean isSeen =
                setupFault != null
                        && (setupFault.code() == ReasonCode.MAPPING_CHANGES_PER_DESTINATION
                                || setupFault.code() == ReasonCode.PROBE_RECEIVED_REPLY_LOST);
        return isSeen
                ? sided(setupFault, plan)
                : new Cause(ReasonCode.KEEPALIVE_LOST, sideOfSilence(plan, tunnel));
    }

    private Cause unopened(TunnelPlan plan, Cause setupFault) {
        if (plan.role() == LinkRole.ALT_WAN) {
            return unopenedOverAltWan(plan);
        }
        boolean isCallEnough = plan.isFixed() && plan.isInitiator();
        if (isCallEnough) {
            return new Cause(ReasonCode.STATIC_PORT_NOT_FORWARDED, Side.REMOTE);
        }
        if (isOwnFixed(plan)) {
            return new Cause(ReasonCode.STATIC_PORT_NOT_FORWARDED, Side.LOCAL);
        }
        if (!facts.isBrokered()) {
            return Cause.of(ReasonCode.NOT_CONNECTED_TO_POP);
        }
        if (!link(plan.key().localLink()).status.isPopReached()) {
            return new Cause(ReasonCode.NO_MAPPED_ADDRESS, Side.LOCAL);
        }
        if (plan.remote() == null) {
            return new Cause(ReasonCode.NO_MAPPED_ADDRESS, Side.REMOTE);
        }
        if (setupFault == null) {
            return new Cause(ReasonCode.HANDSHAKE_TIMEOUT, sideOfPath(plan));
        }
        return sided(setupFault, plan);
    }

    /** Each end is where its site says it is: nothing is to be mapped, punched or forwarded. */
    private Cause unopenedOverAltWan(TunnelPlan plan) {
        return plan.remote() == null
                ? new Cause(ReasonCode.IF_NO_ADDRESS, Side.REMOTE)
                : new Cause(ReasonCode.HANDSHAKE_TIMEOUT, sideOfPath(plan));
    }

    private Cause sided(Cause cause, TunnelPlan plan) {
        return cause.side() == Side.EITHER ? new Cause(cause.code(), sideOfPath(plan)) : cause;
    }

    /** Others call us there; where they do not, nothing was let through to us. */
    private boolean isOwnFixed(TunnelPlan plan) {
        for (Link link : directory.own().links()) {
            if (link.index() == plan.key().localLink()) {
                return link.endpoints().fixed() != null;
            }
        }
        return false;
    }

    /** By whether anything else is reached over the same link. */
    private Side sideOfPath(TunnelPlan plan) {
        LinkFacts link = link(plan.key().localLink());
        long siteId = plan.key().siteId();
        if (isElseAlive(link, siteId)) {
            return Side.REMOTE;
        }
        boolean hadTheirChance = facts.isBrokered() || link.hasWorked;
        return hadTheirChance && link.isElseDead(siteId) ? Side.LOCAL : Side.EITHER;
    }

    /** The same, where what else seems to live may be about to be found dead too. */
    private Side sideOfSilence(TunnelPlan plan, TunnelStatus tunnel) {
        LinkFacts link = link(plan.key().localLink());
        long siteId = plan.key().siteId();
        boolean isOpen =
                tunnel.lostNs().isPresent()
                        && isElseAlive(link, siteId)
                        && !link.isHeardSince(tunnel.lostNs().getAsLong(), siteId);
        return isOpen ? Side.EITHER : sideOfPath(plan);
    }

    private static boolean isElseAlive(LinkFacts link, long siteId) {
        return link.status.isPopReached() || LinkFacts.isOneBut(link.aliveNs.keySet(), siteId);
    }

    /** By whether other sites are proven over the same link. */
    private Side sideOfData(TunnelPlan plan) {
        LinkFacts link = link(plan.key().localLink());
        long siteId = plan.key().siteId();
        if (LinkFacts.isOneBut(link.proven, siteId)) {
            return Side.REMOTE;
        }
        return LinkFacts.isOneBut(link.aliveNs.keySet(), siteId) ? Side.LOCAL : Side.EITHER;
    }
}
