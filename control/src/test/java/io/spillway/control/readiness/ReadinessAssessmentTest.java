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
import io.spillway.control.readiness.ReasonCode.Side;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.WireCodec;
import io.spillway.control.wire.WireSender;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadinessAssessmentTest extends AssessedSite {
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
    void shouldNotCountWhatWasProvenOverALinkThatIsDeadNow() {
        proven(0, 2);
        assertEquals("PARTIAL 1/2", assess().site().toString());

        links.set(0, new LinkStatus(0, true, false, true, NOW, false));
        assertEquals("NOT_READY 0/2", assess().site().toString());
        assertEquals(ReasonCode.IF_NO_ADDRESS, overFirst(2).code());
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
}
