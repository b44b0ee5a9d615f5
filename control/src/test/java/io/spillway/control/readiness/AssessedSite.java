package io.spillway.control.readiness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteType;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.readiness.ProofStatus.Outcome;
import io.spillway.control.readiness.ReasonCode.Side;
import io.spillway.control.recovery.Liveness;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A site with two links and two peers, of which tests say what is known. */
abstract class AssessedSite {
    static final long SECOND = 1_000_000_000L;
    static final long WINDOW = ProofConfig.DEFAULT.windowNs();
    static final InetSocketAddress SEEN = new InetSocketAddress("203.0.113.9", 4444);
    static final OptionalLong NEVER = OptionalLong.empty();
    static final OptionalLong NOW = OptionalLong.of(100 * SECOND);
    final PeerDirectory directory = new PeerDirectory(site(1, true, link(0), link(1)));
    final List<LinkStatus> links = new ArrayList<>();
    final List<TunnelStatus> tunnels = new ArrayList<>();
    boolean isPopConnected = true;
    boolean isBrokered = true;
    long nowNs = 100 * SECOND;

    AssessedSite() {
        links.add(working(0));
        links.add(working(1));
        directory.apply(1, List.of(site(2, true, link(0)), site(3, true, link(0))));
    }

    final void assertReason(ReasonCode code, Side side, TunnelStatus tunnel) {
        directory.own(site(1, true, link(0)));
        directory.apply(2, List.of(site(2, true, link(0))));
        tunnels.clear();
        tunnels.add(tunnel);
        assertEquals(code, assess().site().reason());
        assertEquals(code, assess().links().get(0).reason());
        assertEquals(new Cause(code, side), fault(2).cause());
    }

    final Fault fault(long siteId) {
        return assess().peers().stream()
                .filter(peer -> peer.siteId() == siteId)
                .findFirst()
                .orElseThrow()
                .faults()
                .getFirst();
    }

    final Fault overFirst(long siteId) {
        return assess().missing().get(0).stream()
                .filter(fault -> fault.tunnel().siteId() == siteId)
                .findFirst()
                .orElseThrow();
    }

    final SiteReadiness assess() {
        SiteFacts facts = new SiteFacts(links, tunnels, isPopConnected, isBrokered);
        return ReadinessAssessment.assess(directory, facts, nowNs);
    }

    final void proven(int localLink, long siteId) {
        var proof = new ProofStatus(OptionalLong.of(nowNs), WINDOW, Outcome.PENDING, 0);
        var key = new TunnelPlan.Key(localLink, siteId, 0);
        OptionalLong heard = OptionalLong.of(nowNs);
        tunnels.add(new TunnelStatus(key, Liveness.State.UP, heard, NEVER, proof, false, null));
    }

    final void provenOverAltWan() {
        var proof = new ProofStatus(OptionalLong.of(nowNs), WINDOW, Outcome.PENDING, 0);
        var key = new TunnelPlan.Key(1, 2, 1);
        OptionalLong heard = OptionalLong.of(nowNs);
        tunnels.add(new TunnelStatus(key, Liveness.State.UP, heard, NEVER, proof, false, null));
    }

    static TunnelStatus down(OptionalLong lastReplyNs, Cause fault) {
        return tunnel(0, 2, Liveness.State.DOWN, lastReplyNs, fault);
    }

    final TunnelStatus alive(Outcome outcome) {
        return alive(proof(outcome));
    }

    final TunnelStatus alive(ProofStatus proof) {
        var key = new TunnelPlan.Key(0, 2, 0);
        return new TunnelStatus(
                key, Liveness.State.UP, OptionalLong.of(nowNs), NEVER, proof, false, null);
    }

    final TunnelStatus alive(int localLink, long siteId, Outcome outcome) {
        var key = new TunnelPlan.Key(localLink, siteId, 0);
        OptionalLong heard = OptionalLong.of(nowNs);
        return new TunnelStatus(key, Liveness.State.UP, heard, NEVER, proof(outcome), false, null);
    }

    static ProofStatus proof(Outcome outcome) {
        return new ProofStatus(OptionalLong.empty(), WINDOW, outcome, 90 * SECOND);
    }

    static TunnelStatus tunnel(
            int localLink,
            long siteId,
            Liveness.State state,
            OptionalLong lastReplyNs,
            Cause fault) {
        var key = new TunnelPlan.Key(localLink, siteId, 0);
        return new TunnelStatus(key, state, lastReplyNs, NEVER, ProofStatus.NONE, false, fault);
    }

    static LinkStatus working(int index) {
        return new LinkStatus(index, true, true, true, NOW, false);
    }

    static Site site(long id, boolean recoveryEnabled, Link... links) {
        return new Site(
                id, "s" + id, SiteType.BRANCH, true, List.of(links), recoveryEnabled, PairScope.IN);
    }

    static Link link(int index) {
        return new Link(
                index,
                "wan" + (index + 1),
                LinkRole.INTERNET,
                1,
                true,
                LinkEndpoints.observed(SEEN));
    }
}
