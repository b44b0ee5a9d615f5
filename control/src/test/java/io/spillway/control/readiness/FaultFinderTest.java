package io.spillway.control.readiness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.readiness.ProofStatus.Outcome;
import io.spillway.control.readiness.ReasonCode.Side;
import io.spillway.control.recovery.Liveness;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FaultFinderTest extends AssessedSite {
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
    void shouldTellWhetherThePopOrThePeerLacksTheEndpoint() {
        Link unseen = new Link(0, "wan1", LinkRole.INTERNET, 1, true, LinkEndpoints.NONE);
        directory.apply(2, List.of(site(2, true, unseen)));
        assertEquals(ReasonCode.NO_MAPPED_ADDRESS, assess().site().reason());

        isBrokered = false;

        assertEquals(ReasonCode.NOT_CONNECTED_TO_POP, assess().site().reason());
    }

    @Test
    void shouldPreferWhatTheSearchForANewWaySawToTheSilence() {
        Cause guess = Cause.of(ReasonCode.PROBE_SENT_NONE_RECEIVED);
        Cause seen = Cause.of(ReasonCode.PROBE_RECEIVED_REPLY_LOST);
        OptionalLong lived = OptionalLong.of(99 * SECOND);

        assertReason(ReasonCode.KEEPALIVE_LOST, Side.REMOTE, down(lived, guess));
        assertReason(ReasonCode.PROBE_RECEIVED_REPLY_LOST, Side.REMOTE, down(lived, seen));
    }
}
