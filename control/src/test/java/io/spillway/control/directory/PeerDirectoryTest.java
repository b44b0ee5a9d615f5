package io.spillway.control.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PeerDirectoryTest {
    private static final InetSocketAddress SEEN = new InetSocketAddress("203.0.113.9", 4444);
    private final PeerDirectory directory = new PeerDirectory(site(10, true, link(0), link(1)));

    @Test
    void shouldPlanEveryEnabledLocalLinkToEveryEnabledRemoteLink() {
        Link off = new Link(2, "wan3", LinkRole.INTERNET, 3, false, LinkEndpoints.observed(SEEN));
        directory.apply(1, List.of(site(9, true, link(0), link(1), off), site(11, true, link(0))));

        List<TunnelPlan> plans = directory.tunnels();

        assertEquals(2 * 2 + 2, plans.size());
        assertEquals(
                new TunnelPlan(new TunnelPlan.Key(0, 9, 0), LinkRole.INTERNET, SEEN, false, true),
                plans.getFirst());
        assertFalse(plans.getLast().isInitiator(), "11 is higher than 10");
    }

    @Test
    void shouldPlanNoTunnelWhereRecoveryIsOffOrNoApplianceIs() {
        Site ipsec = new Site(8, "s8", SiteType.IPSEC, true, List.of(link(0)), true, PairScope.IN);
        directory.apply(1, List.of(site(9, false, link(0)), ipsec));
        assertEquals(List.of(), directory.tunnels());

        directory.apply(2, List.of(site(9, true, link(0)), site(10, false)));
        assertEquals(List.of(), directory.tunnels(), "the PoP switched us off");
        directory.apply(3, List.of(site(9, true, link(0)), site(10, true)));
        assertEquals(2, directory.tunnels().size());
        directory.own(site(10, false, link(0)));
        assertEquals(List.of(), directory.tunnels(), "we switched ourselves off");
    }

    @Test
    void shouldCompareIdsAsNumbersWithoutSign() {
        assertTrue(PeerDirectory.isInitiator(10, 9));
        assertTrue(PeerDirectory.isInitiator(-1, 1));
        assertFalse(PeerDirectory.isInitiator(Long.MAX_VALUE, Long.MIN_VALUE));
    }

    @Test
    void shouldTellWhatAGenerationChanged() {
        DirectoryChange first = directory.apply(1, List.of(site(-1, true), site(9, true)));
        assertEquals(new DirectoryChange(List.of(9L, -1L), List.of(), List.of()), first);

        Site moved = site(9, true).withAttached(false);
        DirectoryChange second = directory.apply(2, List.of(moved, site(12, true)));

        assertEquals(new DirectoryChange(List.of(12L), List.of(-1L), List.of(9L)), second);
        assertNull(directory.peer(-1));
        assertTrue(directory.apply(2, List.of(moved, site(12, true))).isEmpty(), "sent again");
    }

    @Test
    void shouldIgnoreOlderGenerationsUntilAStateBeginsAnew() {
        directory.apply(5, List.of(site(9, true)));

        assertTrue(directory.apply(4, List.of()).isEmpty());
        assertEquals(1, directory.peers().size());
        assertFalse(directory.onPresence(4, 9, false));
        assertTrue(directory.isTold());
        directory.beginState();
        assertFalse(directory.isTold(), "by the PoP of now");
        directory.apply(1, List.of());

        assertTrue(directory.isTold());
        assertEquals(List.of(), directory.peers());
        assertEquals(1, directory.generation());
    }

    @Test
    void shouldTakePresenceAsADelta() {
        directory.apply(5, List.of(site(9, true)));

        assertTrue(directory.onPresence(6, 9, false));

        assertFalse(directory.peer(9).site().attached());
        assertEquals(6, directory.generation());
        assertFalse(directory.onPresence(7, 4711, true));
    }

    @Test
    void shouldLetStandWhatAPartialDirectoryDoesNotName() {
        directory.apply(5, List.of(site(8, true), site(9, true), site(10, true)));

        DirectoryChange change =
                directory.update(6, List.of(site(9, true).withAttached(false), site(12, true)));

        assertEquals(new DirectoryChange(List.of(12L), List.of(), List.of(9L)), change);
        assertEquals(3, directory.peers().size());
        assertTrue(directory.update(5, List.of(site(13, true))).isEmpty(), "older");
        assertEquals(6, directory.generation());
    }

    @Test
    void shouldPlanByWhatAPartialDirectoryChanged() {
        directory.apply(5, List.of(site(9, true, link(0))));
        assertEquals(2, directory.tunnels().size());

        directory.update(6, List.of(site(9, true, link(0), link(1))));

        assertEquals(4, directory.tunnels().size());
        assertEquals(4, directory.tunnels(9).size());
    }

    /** A PoP that lies may name as many as it likes. */
    @Test
    void shouldLeaveOutSitesBeyondItsBound() {
        int tooMany = PeerDirectory.PEERS_MAX + 7;
        directory.apply(1, LongStream.range(100, 100 + tooMany).mapToObj(this::plain).toList());

        assertEquals(PeerDirectory.PEERS_MAX, directory.peers().size());
        assertEquals(7, directory.refusedCount());
        directory.update(2, List.of(plain(99)));
        assertEquals(8, directory.refusedCount());
        directory.apply(3, List.of(plain(99), plain(101)));
        assertEquals(0, directory.refusedCount());
        assertEquals(2, directory.peers().size());
    }

    /** Nor does it help to name others each time. */
    @Test
    void shouldBoundWhatItRemembersOfSitesThatAreGone() {
        long first = 100;
        for (int generation = 1; generation < 20; generation++) {
            long end = first + PeerDirectory.PEERS_MAX;
            directory.apply(
                    generation, LongStream.range(first, end).mapToObj(this::plain).toList());
            first = end;
        }

        assertTrue(directory.indexCount() <= 8 * PeerDirectory.PEERS_MAX);
        assertTrue(directory.refusedCount() > 0);
    }

    private Site plain(long id) {
        return site(id, true);
    }

    @Test
    void shouldKeepIndicesForTheProcessesLife() {
        SplittableRandom random = new SplittableRandom(1);
        int[] given = new int[50];
        Arrays.fill(given, PeerDirectory.NO_INDEX);

        for (int generation = 1; generation < 200; generation++) {
            List<Site> sites =
                    random.longs(20, 100, 150).distinct().mapToObj(id -> site(id, true)).toList();
            directory.apply(generation, sites);
            for (Peer peer : directory.peers()) {
                int slot = (int) peer.siteId() - 100;
                assertTrue(given[slot] == PeerDirectory.NO_INDEX || given[slot] == peer.index());
                given[slot] = peer.index();
                assertEquals(peer.siteId(), directory.siteAt(peer.index()));
            }
        }

        assertEquals(50, directory.indexCount());
    }

    @Test
    void shouldJoinAltWanLinksToEachOtherOnlyWhereTheirSitesSayTheyAre() {
        var end = new InetSocketAddress("172.16.2.2", 20049);
        Link alt = new Link(3, "mpls", LinkRole.ALT_WAN, 1, true, LinkEndpoints.NONE);
        Link remoteAlt = alt.with(LinkEndpoints.observed(SEEN).withLocal(end, NatMapping.UNKNOWN));
        PeerDirectory directory = new PeerDirectory(site(9, true, link(0), alt));
        directory.apply(
                1, List.of(site(5, true, link(0), remoteAlt), site(6, true, link(0), link(1))));

        List<TunnelPlan> plans =
                directory.tunnels().stream()
                        .filter(plan -> plan.role() == LinkRole.ALT_WAN)
                        .toList();

        var key = new TunnelPlan.Key(3, 5, 3);
        assertEquals(List.of(new TunnelPlan(key, LinkRole.ALT_WAN, end, true, true)), plans);
        assertEquals(1 + 2 + 1, directory.tunnels().size());
    }

    @Test
    void shouldTravelInADirectoryMessageUnchanged() {
        Link unseen = new Link(1, "wan2", LinkRole.ALT_WAN, 2, false, LinkEndpoints.NONE);
        Site site =
                new Site(
                        -5,
                        "x",
                        SiteType.INTERCONNECT,
                        true,
                        List.of(link(0), unseen),
                        false,
                        PairScope.IN);

        assertEquals(site, SiteMessages.site(SiteMessages.entry(site)));
        for (SiteType type : SiteType.values()) {
            assertEquals(type, SiteMessages.type(SiteMessages.kind(type)));
        }
    }

    private static Site site(long id, boolean recoveryEnabled, Link... links) {
        String name = "s" + Long.toUnsignedString(id);
        return new Site(
                id, name, SiteType.BRANCH, true, List.of(links), recoveryEnabled, PairScope.IN);
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
