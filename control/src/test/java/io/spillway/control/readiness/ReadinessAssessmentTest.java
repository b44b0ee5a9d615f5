package io.spillway.control.readiness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteType;
import io.spillway.control.directory.TunnelPlan;
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
    private static final InetSocketAddress SEEN = new InetSocketAddress("203.0.113.9", 4444);
    private final PeerDirectory directory = new PeerDirectory(site(1, true, link(0), link(1)));
    private final List<LinkStatus> links = new ArrayList<>();
    private final List<TunnelStatus> tunnels = new ArrayList<>();
    private boolean isPopConnected = true;
    private long nowNs = 100 * SECOND;

    ReadinessAssessmentTest() {
        links.add(new LinkStatus(0, true, true, false));
        links.add(new LinkStatus(1, true, true, false));
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
        links.set(0, new LinkStatus(0, false, true, false));
        links.set(1, new LinkStatus(1, true, false, false));

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
        TunnelStatus open = tunnel(0, 2, Liveness.State.UNKNOWN, OptionalLong.empty(), null);
        assertReason(ReasonCode.PROBE_SENT_NONE_RECEIVED, open);
        assertReason(
                ReasonCode.CERT_EXPIRED,
                tunnel(0, 2, Liveness.State.DOWN, OptionalLong.empty(), ReasonCode.CERT_EXPIRED));
        assertReason(
                ReasonCode.KEEPALIVE_LOST,
                tunnel(0, 2, Liveness.State.DOWN, OptionalLong.of(99 * SECOND), null));
        assertReason(
                ReasonCode.STALE_PROOF,
                tunnel(0, 2, Liveness.State.UP, OptionalLong.of(54 * SECOND), null));
    }

    @Test
    void shouldTellWhetherThePopOrThePeerLacksTheEndpoint() {
        Link unseen = new Link(0, "wan1", LinkRole.INTERNET, 1, true, LinkEndpoints.NONE);
        directory.apply(2, List.of(site(2, true, unseen)));
        assertEquals(ReasonCode.NO_MAPPED_ADDRESS, assess().site().reason());

        isPopConnected = false;

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
    void shouldShowALinkThatIsDisabled() {
        Link off = new Link(1, "wan2", LinkRole.INTERNET, 3, false, LinkEndpoints.observed(SEEN));
        directory.own(site(1, true, link(0), off));

        assertEquals("DISABLED OFFCLOUD_DISABLED_LINK", assess().links().get(1).toString());
    }

    @Test
    void shouldSayThatALinkIsOneTooMany() {
        Link off = new Link(1, "wan2", LinkRole.INTERNET, 1, false, LinkEndpoints.observed(SEEN));
        directory.own(site(1, true, link(0), off));
        links.set(1, new LinkStatus(1, true, true, true));

        assertEquals("DISABLED OFFCLOUD_LINK_LIMIT", assess().links().get(1).toString());
    }

    @Test
    void shouldShowAltWanApartFromRecoveryOverTheInternet() {
        Link alt = new Link(1, "mpls", LinkRole.ALT_WAN, 1, true, LinkEndpoints.NONE);
        directory.own(site(1, true, link(0), alt));
        directory.apply(2, List.of(site(2, true, link(0), alt), site(3, true, link(0))));
        var overAltWan = new TunnelPlan.Key(1, 2, 1);
        OptionalLong now = OptionalLong.of(nowNs);
        tunnels.add(new TunnelStatus(overAltWan, Liveness.State.UP, now, null));

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
    void shouldHaveARemedyForEveryReasonInTheOrderOfR075() {
        ReasonCode before = ReasonCode.values()[0];
        for (ReasonCode code : ReasonCode.values()) {
            assertTrue(code.remedy().endsWith("."), code.name());
            assertTrue(code.step().compareTo(before.step()) >= 0, code.name());
            before = code;
        }
    }

    private void assertReason(ReasonCode code, TunnelStatus tunnel) {
        directory.own(site(1, true, link(0)));
        directory.apply(2, List.of(site(2, true, link(0))));
        tunnels.clear();
        tunnels.add(tunnel);
        assertEquals(code, assess().site().reason());
        assertEquals(code, assess().links().get(0).reason());
    }

    private SiteReadiness assess() {
        return ReadinessAssessment.assess(directory, links, tunnels, isPopConnected, nowNs);
    }

    private void proven(int localLink, long siteId) {
        tunnels.add(tunnel(localLink, siteId, Liveness.State.UP, OptionalLong.of(nowNs), null));
    }

    private static TunnelStatus tunnel(
            int localLink,
            long siteId,
            Liveness.State state,
            OptionalLong lastReplyNs,
            ReasonCode fault) {
        return new TunnelStatus(
                new TunnelPlan.Key(localLink, siteId, 0), state, lastReplyNs, fault);
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
