package io.spillway.control.readiness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.NatMapping;
import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteType;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.readiness.ProofStatus.Outcome;
import io.spillway.control.readiness.ReasonCode.Side;
import io.spillway.control.recovery.Liveness;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.WireCodec;
import io.spillway.control.wire.WireSender;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReadinessAssessmentTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long WINDOW = ProofConfig.DEFAULT.windowNs();
    private static final InetSocketAddress SEEN = new InetSocketAddress("203.0.113.9", 4444);
    private static final OptionalLong NEVER = OptionalLong.empty();
    private static final OptionalLong NOW = OptionalLong.of(100 * SECOND);
    private final PeerDirectory directory = new PeerDirectory(site(1, true, link(0), link(1)));
    private final List<LinkStatus> links = new ArrayList<>();
    private final List<TunnelStatus> tunnels = new ArrayList<>();
    private boolean isPopConnected = true;
    private boolean isBrokered = true;
    private long nowNs = 100 * SECOND;

    ReadinessAssessmentTest() {
        links.add(working(0));
        links.add(working(1));
        directory.apply(1, List.of(site(2, true, link(0)), site(3, true, link(0))));
    }

    @Test
    void shouldBeReadyWhenEverySiteIsConnectedByAnyLink() throws Exception {
        proven(0, 2);
        proven(1, 3);

        SiteReadiness readiness = assess();

        assertEquals("READY 2/2", readiness.site().toString());
        assertEquals("PARTIAL 1/2", readiness.links().get(0).toString());
        assertEquals("PARTIAL 1/2", readiness.links().get(1).toString());
        assertTrue(readiness.peers().getFirst().isConnected());
        Frame frame =
                Frame.newBuilder()
                        .setReadinessReport(ReadinessMessages.report(readiness, 1))
                        .build();
        assertEquals(frame, WireCodec.decode(WireCodec.encode(frame), WireSender.SITE));
    }

    @Test
    void shouldCountSitesNotTunnels() {
        proven(0, 2);
        proven(1, 2);

        assertEquals("PARTIAL 1/2", assess().site().toString());
        assertEquals(ReasonCode.HANDSHAKE_TIMEOUT, assess().site().reason());
    }

    @Test
    void shouldBeNotReadyWithTheMostUrgentReason() {
        links.set(0, new LinkStatus(0, false, true, true, NEVER, false));
        links.set(1, new LinkStatus(1, true, false, true, NEVER, false));

        SiteReadiness readiness = assess();

        assertEquals("NOT_READY 0/2", readiness.site().toString());
        assertEquals(ReasonCode.IF_LINK_DOWN, readiness.site().reason());
        assertEquals(ReasonCode.IF_NO_ADDRESS, readiness.links().get(1).reason());
        PeerReadiness peer = readiness.peers().getFirst();
        assertEquals(
                List.of(ReasonCode.IF_LINK_DOWN, ReasonCode.IF_NO_ADDRESS),
                peer.faults().stream().map(Fault::code).toList());
    }

    @Test
    void shouldTellWhyATunnelIsMissing() {
        assertReason(
                ReasonCode.CERT_EXPIRED,
                Side.LOCAL,
                down(OptionalLong.empty(), new Cause(ReasonCode.CERT_EXPIRED, Side.LOCAL)));
        assertReason(
                ReasonCode.KEEPALIVE_LOST, Side.REMOTE, down(OptionalLong.of(99 * SECOND), null));
        assertReason(
                ReasonCode.HANDSHAKE_TIMEOUT,
                Side.REMOTE,
                down(OptionalLong.empty(), Cause.of(ReasonCode.HANDSHAKE_TIMEOUT)));
        assertReason(ReasonCode.HANDSHAKE_TIMEOUT, Side.REMOTE, down(OptionalLong.empty(), null));
    }

    @Test
    void shouldTellWhyALivingTunnelIsNotProven() {
        var old = OptionalLong.of(nowNs - WINDOW - SECOND);
        var stale = new ProofStatus(old, WINDOW, Outcome.PENDING, 0);
        assertReason(ReasonCode.STALE_PROOF, Side.EITHER, alive(stale));
        assertReason(ReasonCode.MTU_BLACKHOLE, Side.EITHER, alive(Outcome.LARGE_LOST));
        assertReason(ReasonCode.FIREWALL_BLOCKS_PROBE, Side.EITHER, alive(Outcome.ALL_LOST));
        assertReason(ReasonCode.ROUTE_MISSING, Side.REMOTE, alive(Outcome.NO_ROUTE_THERE));
        assertReason(ReasonCode.ROUTE_MISSING, Side.LOCAL, alive(Outcome.NO_ROUTE_BACK));
        var silent = new ProofStatus(OptionalLong.empty(), WINDOW, Outcome.ALL_LOST, 101 * SECOND);
        assertReason(ReasonCode.STALE_PROOF, Side.EITHER, alive(silent));
    }

    @Test
    void shouldBlameTheEndThatOthersDoNotShare() {
        directory.own(site(1, true, link(0)));
        tunnels.add(alive(0, 2, Outcome.LARGE_LOST));
        proven(0, 3);
        assertEquals(Side.REMOTE, fault(2).side());
        tunnels.clear();

        tunnels.add(alive(0, 2, Outcome.LARGE_LOST));
        tunnels.add(alive(0, 3, Outcome.LARGE_LOST));

        assertEquals(Side.LOCAL, fault(2).side());
        assertEquals(ReasonCode.MTU_BLACKHOLE, fault(2).code());
    }

    @Test
    void shouldBlameTheLinkWhenAllThatItReachedIsSilent() {
        links.set(0, new LinkStatus(0, true, true, true, NEVER, false));
        tunnels.add(tunnel(0, 2, Liveness.State.DOWN, OptionalLong.of(99 * SECOND), null));
        tunnels.add(tunnel(0, 3, Liveness.State.DOWN, OptionalLong.of(99 * SECOND), null));

        List<Fault> missing = assess().missing().get(0);

        assertEquals(2, missing.size());
        assertEquals(Cause.of(ReasonCode.IF_NO_INTERNET), missing.getFirst().cause());
    }

    @Test
    void shouldBlameTheLinkThatHasNoRoute() {
        links.set(0, new LinkStatus(0, true, true, false, NEVER, false));
        assertEquals(ReasonCode.IF_NO_INTERNET, assess().missing().get(0).getFirst().code());

        links.set(0, new LinkStatus(0, true, true, false, NOW, false));

        assertEquals(ReasonCode.HANDSHAKE_TIMEOUT, assess().missing().get(0).getFirst().code());
    }

    @Test
    void shouldSayThatThePeerIsGoneWhenThePopDoesNotSeeItEither() {
        Site gone = site(2, true, link(0)).withAttached(false);
        directory.own(site(1, true, link(0)));
        directory.apply(2, List.of(gone));
        tunnels.add(tunnel(0, 2, Liveness.State.DOWN, OptionalLong.of(99 * SECOND), null));
        assertEquals(ReasonCode.REMOTE_NOT_READY, fault(2).code());

        isPopConnected = false;

        assertEquals(ReasonCode.KEEPALIVE_LOST, fault(2).code());
    }

    @Test
    void shouldSayAtWhichEndAStaticPortLeadsNowhere() {
        var fixed = LinkEndpoints.NONE.withFixed(SEEN);
        directory.apply(2, List.of(site(0x7fff, true, link(0))));
        directory.own(site(1, true, new Link(0, "wan1", LinkRole.INTERNET, 1, true, fixed)));
        assertEquals(
                new Cause(ReasonCode.STATIC_PORT_NOT_FORWARDED, Side.LOCAL), fault(0x7fff).cause());

        directory.own(site(1, true, link(0)));
        isBrokered = false;

        assertEquals(Cause.of(ReasonCode.NOT_CONNECTED_TO_POP), fault(0x7fff).cause());
    }

    @Test
    void shouldListOnePeerOnceWithTheMostUrgentOfItsTunnels() {
        directory.apply(2, List.of(site(2, true, link(0), link(1))));
        tunnels.add(
                new TunnelStatus(
                        new TunnelPlan.Key(0, 2, 1),
                        Liveness.State.UP,
                        OptionalLong.of(nowNs),
                        NEVER,
                        proof(Outcome.LARGE_LOST),
                        false,
                        null));

        List<Fault> missing = assess().missing().get(0);

        assertEquals(1, missing.size());
        assertEquals(ReasonCode.HANDSHAKE_TIMEOUT, missing.getFirst().code());
    }

    @Test
    void shouldSayNothingIsWrongWhileATunnelIsBeingOpened() {
        var key = new TunnelPlan.Key(0, 2, 0);
        tunnels.add(TunnelStatus.missing(key, true, null));
        assertEquals(ReasonCode.BEING_OPENED, overFirst(2).code());

        tunnels.set(0, TunnelStatus.missing(key, true, Cause.of(ReasonCode.HANDSHAKE_TIMEOUT)));
        assertEquals(ReasonCode.BEING_OPENED, overFirst(2).code());

        tunnels.set(0, TunnelStatus.missing(key, true, Cause.of(ReasonCode.CERT_EXPIRED)));
        assertEquals(ReasonCode.CERT_EXPIRED, overFirst(2).code());

        tunnels.set(0, TunnelStatus.missing(key, false, null));
        assertEquals(ReasonCode.HANDSHAKE_TIMEOUT, overFirst(2).code());

        tunnels.set(0, alive(Outcome.PENDING));
        assertEquals(ReasonCode.BEING_OPENED, overFirst(2).code());
    }

    @Test
    void shouldNotCallItTheOtherSidesUntilSomethingElseIsHeardOverTheLink() {
        OptionalLong lost = OptionalLong.of(99 * SECOND);
        OptionalLong before = OptionalLong.of(98 * SECOND);
        links.set(0, new LinkStatus(0, true, true, true, before, false));
        tunnels.add(
                new TunnelStatus(
                        new TunnelPlan.Key(0, 2, 0),
                        Liveness.State.DOWN,
                        before,
                        lost,
                        ProofStatus.NONE,
                        false,
                        null));
        assertEquals(new Cause(ReasonCode.KEEPALIVE_LOST, Side.EITHER), overFirst(2).cause());

        proven(0, 3);
        assertEquals(new Cause(ReasonCode.KEEPALIVE_LOST, Side.REMOTE), overFirst(2).cause());
    }

    @Test
    void shouldNotCallItThisSidesWhileTheOthersAreBeingOpened() {
        links.set(0, new LinkStatus(0, true, true, true, NEVER, false));
        Cause refused = Cause.of(ReasonCode.HANDSHAKE_FAILED);
        tunnels.add(TunnelStatus.missing(new TunnelPlan.Key(0, 2, 0), false, refused));
        tunnels.add(TunnelStatus.missing(new TunnelPlan.Key(0, 3, 0), true, null));
        assertEquals(Side.EITHER, overFirst(2).side());

        tunnels.set(1, TunnelStatus.missing(new TunnelPlan.Key(0, 3, 0), false, null));
        assertEquals(Side.LOCAL, overFirst(2).side());

        isBrokered = false;
        assertEquals(Side.EITHER, overFirst(2).side());
    }

    @Test
    void shouldNotCountWhatWasProvenOverALinkThatIsDeadNow() {
        proven(0, 2);
        assertEquals("PARTIAL 1/2", assess().site().toString());

        links.set(0, new LinkStatus(0, true, false, true, NOW, false));
        assertEquals("NOT_READY 0/2", assess().site().toString());
        assertEquals(ReasonCode.IF_NO_ADDRESS, overFirst(2).code());
    }

    @Test
    void shouldTellWhetherThePopOrThePeerLacksTheEndpoint() {
        Link unseen = new Link(0, "wan1", LinkRole.INTERNET, 1, true, LinkEndpoints.NONE);
        directory.apply(2, List.of(site(2, true, unseen)));
        assertEquals(ReasonCode.NO_MAPPED_ADDRESS, assess().site().reason());

        isBrokered = false;

        assertEquals(ReasonCode.NOT_CONNECTED_TO_POP, assess().site().reason());
    }

    @Test
    void shouldHoldAProofFor45Seconds() {
        directory.apply(2, List.of(site(2, true, link(0))));
        proven(0, 2);

        nowNs += 45 * SECOND;
        assertEquals("READY 1/1", assess().site().toString());
        nowNs += 1;
        assertEquals("NOT_READY 0/1", assess().site().toString());
    }

    @Test
    void shouldTellWhoseSwitchIsOff() {
        directory.apply(2, List.of(site(2, false, link(0)), site(3, true, link(0))));
        assertEquals(new Cause(ReasonCode.RECOVERY_DISABLED_SITE, Side.REMOTE), fault(2).cause());

        directory.own(site(1, false, link(0)));

        assertEquals(new Cause(ReasonCode.RECOVERY_DISABLED_SITE, Side.LOCAL), fault(3).cause());
    }

    @Test
    void shouldNeverSayZeroOfZero() {
        directory.apply(2, List.of());
        assertEquals("NOT_APPLICABLE NO_PEER", assess().site().toString());

        directory.own(site(1, false, link(0)));

        assertEquals("DISABLED RECOVERY_DISABLED_SITE", assess().site().toString());
    }

    @Test
    void shouldListButNotExpectSitesThatCannotRecover() {
        Site ipsec = new Site(4, "s4", SiteType.IPSEC, true, List.of(), true, PairScope.IN);
        directory.apply(2, List.of(site(2, true, link(0)), site(3, false, link(0)), ipsec));
        proven(0, 2);

        SiteReadiness readiness = assess();

        assertEquals("READY 1/1", readiness.site().toString());
        assertEquals(3, readiness.peers().size());
        assertFalse(readiness.peers().get(1).isExpected());
        assertEquals(
                ReasonCode.RECOVERY_DISABLED_SITE,
                readiness.peers().get(1).faults().getFirst().code());
        assertEquals(ReasonCode.NO_APPLIANCE, readiness.peers().get(2).faults().getFirst().code());
    }

    @Test
    void shouldSayThatTheOtherSiteKeepsItsLinksOut() {
        Link off = new Link(0, "wan1", LinkRole.INTERNET, 1, false, LinkEndpoints.observed(SEEN));
        directory.own(site(1, true, link(0)));
        directory.apply(2, List.of(site(2, true, off), site(3, true)));

        Cause isOff = new Cause(ReasonCode.OFFCLOUD_DISABLED_LINK, Side.REMOTE);
        assertEquals(isOff, fault(2).cause());
        assertEquals(isOff, assess().missing().get(0).getFirst().cause());
        assertEquals(ReasonCode.REMOTE_NOT_READY, fault(3).code());
    }

    @Test
    void shouldNotSayThatThereIsNobodyBeforeAPopHasSpoken() {
        PeerDirectory unspoken = new PeerDirectory(site(1, true, link(0)));
        SiteFacts facts = new SiteFacts(links, tunnels, false, false);

        SiteReadiness readiness = ReadinessAssessment.assess(unspoken, facts, nowNs);
        assertEquals("NOT_APPLICABLE NOT_CONNECTED_TO_POP", readiness.site().toString());
        assertEquals("NOT_APPLICABLE NOT_CONNECTED_TO_POP", readiness.links().get(0).toString());

        unspoken.apply(1, List.of());
        readiness = ReadinessAssessment.assess(unspoken, facts, nowNs);
        assertEquals("NOT_APPLICABLE NO_PEER", readiness.site().toString());
    }

    @Test
    void shouldPreferWhatTheSearchForANewWaySawToTheSilence() {
        Cause guess = Cause.of(ReasonCode.PROBE_SENT_NONE_RECEIVED);
        Cause seen = Cause.of(ReasonCode.PROBE_RECEIVED_REPLY_LOST);
        OptionalLong lived = OptionalLong.of(99 * SECOND);

        assertReason(ReasonCode.KEEPALIVE_LOST, Side.REMOTE, down(lived, guess));
        assertReason(ReasonCode.PROBE_RECEIVED_REPLY_LOST, Side.REMOTE, down(lived, seen));
    }

    @Test
    void shouldShowALinkThatIsDisabled() {
        Link off = new Link(1, "wan2", LinkRole.INTERNET, 3, false, LinkEndpoints.observed(SEEN));
        directory.own(site(1, true, link(0), off));

        assertEquals("DISABLED OFFCLOUD_DISABLED_LINK", assess().links().get(1).toString());
    }

    @Test
    void shouldSayThatALinkIsOneTooMany() {
        Link off = new Link(1, "wan2", LinkRole.INTERNET, 1, false, LinkEndpoints.observed(SEEN));
        directory.own(site(1, true, link(0), off));
        links.set(1, new LinkStatus(1, true, true, true, NOW, true));

        assertEquals("DISABLED OFFCLOUD_LINK_LIMIT", assess().links().get(1).toString());
    }

    @Test
    void shouldShowAltWanApartFromRecoveryOverTheInternet() {
        Link alt = new Link(1, "mpls", LinkRole.ALT_WAN, 1, true, LinkEndpoints.NONE);
        directory.own(site(1, true, link(0), alt));
        directory.apply(2, List.of(site(2, true, link(0), alt), site(3, true, link(0))));
        provenOverAltWan();

        SiteReadiness readiness = assess();

        assertEquals("NOT_READY 0/2", readiness.site().toString(), "Alt WAN is no part of it");
        assertEquals("READY 1/1", readiness.altWan().toString(), "of those that have it");
        assertEquals("READY 1/1", readiness.links().get(1).toString());
        assertEquals("NOT_READY 0/2", readiness.links().get(0).toString());
        proven(0, 2);
        proven(0, 3);
        assertEquals("READY 2/2", assess().site().toString());
    }

    @Test
    void shouldSayWhatIsMissingOnAltWanWhichNeedsNeitherPopNorRoute() {
        Link alt =
                new Link(
                        1,
                        "mpls",
                        LinkRole.ALT_WAN,
                        1,
                        true,
                        LinkEndpoints.NONE.withLocal(SEEN, NatMapping.UNKNOWN));
        Link unnumbered = new Link(1, "mpls", LinkRole.ALT_WAN, 1, true, LinkEndpoints.NONE);
        directory.own(site(1, true, link(0), alt));
        links.set(1, new LinkStatus(1, true, true, false, NEVER, false));
        directory.apply(2, List.of(site(2, true, link(0), alt)));
        assertEquals("NOT_READY 0/1", assess().altWan().toString());
        assertEquals(
                new Cause(ReasonCode.HANDSHAKE_TIMEOUT, Side.EITHER),
                assess().missing().get(1).getFirst().cause());

        directory.apply(3, List.of(site(2, true, link(0), unnumbered)));
        assertEquals(ReasonCode.IF_NO_ADDRESS, assess().altWan().reason());
        assertEquals(Side.REMOTE, assess().missing().get(1).getFirst().side());

        links.set(1, new LinkStatus(1, false, true, false, NEVER, false));
        assertEquals(ReasonCode.IF_LINK_DOWN, assess().altWan().reason());
    }

    @Test
    void shouldHaveARemedyForEveryReasonInTheOrderOfR075() {
        ReasonCode before = ReasonCode.values()[0];
        for (ReasonCode code : ReasonCode.values()) {
            assertTrue(code.remedy().endsWith("."), code.name());
            assertTrue(code.step().compareTo(before.step()) >= 0, code.name());
            before = code;
        }
    }

    private void assertReason(ReasonCode code, Side side, TunnelStatus tunnel) {
        directory.own(site(1, true, link(0)));
        directory.apply(2, List.of(site(2, true, link(0))));
        tunnels.clear();
        tunnels.add(tunnel);
        assertEquals(code, assess().site().reason());
        assertEquals(code, assess().links().get(0).reason());
        assertEquals(new Cause(code, side), fault(2).cause());
    }

    private Fault fault(long siteId) {
        return assess().peers().stream()
                .filter(peer -> peer.siteId() == siteId)
                .findFirst()
                .orElseThrow()
                .faults()
                .getFirst();
    }

    private Fault overFirst(long siteId) {
        return assess().missing().get(0).stream()
                .filter(fault -> fault.tunnel().siteId() == siteId)
                .findFirst()
                .orElseThrow();
    }

    private SiteReadiness assess() {
        SiteFacts facts = new SiteFacts(links, tunnels, isPopConnected, isBrokered);
        return ReadinessAssessment.assess(directory, facts, nowNs);
    }

    private void proven(int localLink, long siteId) {
        var proof = new ProofStatus(OptionalLong.of(nowNs), WINDOW, Outcome.PENDING, 0);
        var key = new TunnelPlan.Key(localLink, siteId, 0);
        OptionalLong heard = OptionalLong.of(nowNs);
        tunnels.add(new TunnelStatus(key, Liveness.State.UP, heard, NEVER, proof, false, null));
    }

    private void provenOverAltWan() {
        var proof = new ProofStatus(OptionalLong.of(nowNs), WINDOW, Outcome.PENDING, 0);
        var key = new TunnelPlan.Key(1, 2, 1);
        OptionalLong heard = OptionalLong.of(nowNs);
        tunnels.add(new TunnelStatus(key, Liveness.State.UP, heard, NEVER, proof, false, null));
    }

    private static TunnelStatus down(OptionalLong lastReplyNs, Cause fault) {
        return tunnel(0, 2, Liveness.State.DOWN, lastReplyNs, fault);
    }

    private TunnelStatus alive(Outcome outcome) {
        return alive(proof(outcome));
    }

    private TunnelStatus alive(ProofStatus proof) {
        var key = new TunnelPlan.Key(0, 2, 0);
        return new TunnelStatus(
                key, Liveness.State.UP, OptionalLong.of(nowNs), NEVER, proof, false, null);
    }

    private TunnelStatus alive(int localLink, long siteId, Outcome outcome) {
        var key = new TunnelPlan.Key(localLink, siteId, 0);
        OptionalLong heard = OptionalLong.of(nowNs);
        return new TunnelStatus(key, Liveness.State.UP, heard, NEVER, proof(outcome), false, null);
    }

    private static ProofStatus proof(Outcome outcome) {
        return new ProofStatus(OptionalLong.empty(), WINDOW, outcome, 90 * SECOND);
    }

    private static TunnelStatus tunnel(
            int localLink,
            long siteId,
            Liveness.State state,
            OptionalLong lastReplyNs,
            Cause fault) {
        var key = new TunnelPlan.Key(localLink, siteId, 0);
        return new TunnelStatus(key, state, lastReplyNs, NEVER, ProofStatus.NONE, false, fault);
    }

    private static LinkStatus working(int index) {
        return new LinkStatus(index, true, true, true, NOW, false);
    }

    private static Site site(long id, boolean recoveryEnabled, Link... links) {
        return new Site(
                id, "s" + id, SiteType.BRANCH, true, List.of(links), recoveryEnabled, PairScope.IN);
    }

    private static Link link(int index) {
        return new Link(
                index,
                "wan" + (index + 1),
                LinkRole.INTERNET,
                1,
                true,
                LinkEndpoints.observed(SEEN));
    }
}
