package io.spillway.routing.rib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Lookups;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RibTest {
    private static final long FROZEN_AT_MS = 1_800_000_000_000L;
    private static final Prefix P1 = Prefix.parse("10.1.0.0/16");
    private static final Prefix P2 = Prefix.parse("10.2.0.0/16");
    private static final Prefix P3 = Prefix.parse("fd00:3::/64");
    private static final long HIGH_SITE = -5; // unsigned above every positive one

    private final Rib rib = new Rib();

    @Test
    void shouldPreferConnectedThenStaticThenCloud() {
        rib.replaceRemote(7, 1, List.of(P1));
        rib.addLocal(RouteSource.STATIC, P1, NextHop.via(0, IpAddress.parse("10.9.0.1")));
        assertEquals(RouteSource.STATIC, rib.inUse(P1).source());
        rib.addLocal(RouteSource.CONNECTED, P1, NextHop.onLink(0));
        assertEquals(RouteSource.CONNECTED, rib.inUse(P1).source());

        List<Route> routes = rib.routes();

        assertEquals(3, routes.size());
        assertTrue(routes.get(0).status().inUse());
        assertEquals("CONNECTED goes before STATIC", routes.get(1).status().reason());
        assertEquals("CONNECTED goes before CLOUD", routes.get(2).status().reason());
        rib.removeLocal(RouteSource.CONNECTED, P1);
        rib.replaceLocal(RouteSource.STATIC, Map.of());
        assertEquals(7, rib.inUse(P1).siteId());
    }

    @Test
    void shouldPreferTheLowestSiteIdComparedUnsigned() {
        rib.replaceRemote(HIGH_SITE, 1, List.of(P1));
        rib.replaceRemote(9, 2, List.of(P1));

        List<Route> routes = rib.routes();

        assertEquals(9, rib.inUse(P1).siteId());
        assertEquals(9, routes.get(0).siteId());
        assertEquals(HIGH_SITE, routes.get(1).siteId());
        assertFalse(routes.get(1).status().inUse());
        assertEquals("site 9 has the lower site ID", routes.get(1).status().reason());
    }

    @Test
    void shouldReplaceTheWholeStateOfOneSiteOnly() {
        rib.replaceRemote(1, 1, List.of(P1, P2));
        rib.replaceRemote(2, 1, List.of(P3));

        rib.replaceRemote(1, 2, List.of(P2));

        assertNull(rib.inUse(P1));
        assertEquals(2, rib.inUse(P2).generation());
        assertEquals(2, rib.inUse(P3).siteId());
    }

    @Test
    void shouldApplyDeltaOnlyOnItsBase() {
        rib.replaceRemote(1, 5, List.of(P1));

        assertFalse(rib.updateRemote(1, 4, 6, List.of(P1), List.of(P2)));
        assertFalse(rib.updateRemote(2, 0, 6, List.of(), List.of(P2)));
        assertEquals(1, rib.inUse(P1).siteId());
        assertTrue(rib.updateRemote(1, 5, 6, List.of(P1), List.of(P2)));

        assertNull(rib.inUse(P1));
        assertEquals(6, rib.inUse(P2).generation());
        assertEquals(6, rib.latestGeneration(1));
    }

    @Test
    void shouldPinRemoteRoutesAndShowLaterNewsAsWaiting() {
        rib.replaceRemote(1, 1, List.of(P1, P2));
        rib.freeze(FROZEN_AT_MS);
        long version = rib.version();

        rib.replaceRemote(1, 2, List.of(P2, P3));

        assertEquals(version, rib.version());
        List<Route> routes = rib.routes();
        assertEquals(List.of(P1, P2, P3), routes.stream().map(Route::prefix).toList());
        assertEquals(
                new RouteStatus(
                        true,
                        true,
                        true,
                        false,
                        "frozen since 2027-01-15T08:00:00Z;"
                                + " withdrawn, waits for the thaw of its site"),
                routes.get(0).status());
        assertEquals(
                new RouteStatus(true, true, false, false, "frozen since 2027-01-15T08:00:00Z"),
                routes.get(1).status());
        assertEquals(1, routes.get(1).generation());
        assertEquals(
                new RouteStatus(
                        false,
                        false,
                        true,
                        false,
                        "announced while frozen, waits for the thaw of its site"),
                routes.get(2).status());
        assertEquals(2, routes.get(2).generation());
        assertEquals(1, rib.generation(1));
        assertEquals(2, rib.latestGeneration(1));
    }

    /** L13: a site's own word changes what is pinned, until a PoP's takes its place. */
    @Test
    void shouldChangePinnedRoutesBySitesOwnWord() {
        rib.replaceRemote(1, 1, List.of(P1, P2));
        LiveChange told = new LiveChange(7, PrefixSet.of(List.of(P1)), PrefixSet.of(List.of(P3)));
        assertFalse(rib.changeLive(1, told), "not frozen");
        rib.freeze(FROZEN_AT_MS);

        assertTrue(rib.changeLive(1, told));

        assertNull(rib.inUse(P1));
        assertTrue(rib.inUse(P2).status().frozen());
        Route live = rib.inUse(P3);
        assertEquals(7, live.generation());
        String reason =
                "announced live by its site, frozen since 2027-01-15T08:00:00Z;"
                        + " no PoP has announced it";
        assertEquals(new RouteStatus(true, false, true, false, true, reason), live.status());
        assertEquals(
                new RouteStatus(
                        false,
                        true,
                        true,
                        false,
                        true,
                        "withdrawn live by its site, frozen since 2027-01-15T08:00:00Z;"
                                + " a PoP has not withdrawn it"),
                rib.routes().getFirst().status());
        assertEquals(PrefixSet.of(List.of(P1, P2)), rib.prefixesByCloud(1), "to be saved");
        rib.replaceRemote(1, 2, List.of(P2, P3));
        assertTrue(rib.thaw(1).isEmpty(), "the PoP tells the same");
        assertFalse(rib.inUse(P3).status().live());
    }

    @Test
    void shouldUndoWhatNoPopTellsAtTheThaw() {
        rib.replaceRemote(1, 1, List.of(P1, P2));
        rib.freeze(FROZEN_AT_MS);
        PrefixSet first = PrefixSet.of(List.of(P1));
        rib.changeLive(1, new LiveChange(7, first, PrefixSet.of(List.of(P3))));

        rib.changeLive(1, new LiveChange(8, first, PrefixSet.EMPTY));

        assertNull(rib.inUse(P3), "a word takes the place of the one before");
        RouteDifference difference = rib.thaw(1);
        assertEquals(List.of(P1), difference.added().stream().map(Route::prefix).toList());
        assertEquals(List.of(), difference.removed());
    }

    @Test
    void shouldThawOneSiteAndRecordTheDifference() {
        rib.replaceRemote(1, 1, List.of(P1));
        rib.replaceRemote(2, 1, List.of(P2, P3));
        rib.freeze(FROZEN_AT_MS);
        rib.replaceRemote(1, 2, List.of(P2));
        rib.replaceRemote(2, 2, List.of());

        RouteDifference difference = rib.thaw(1);

        assertEquals(List.of(), difference.added());
        assertEquals(List.of(P1), difference.removed().stream().map(Route::prefix).toList());
        assertEquals(1, difference.changed().size());
        assertEquals(2, difference.changed().getFirst().before().siteId());
        assertEquals(1, difference.changed().getFirst().after().siteId());
        assertFalse(rib.isFrozen(1));
        assertTrue(rib.isFrozen(2));
        assertTrue(rib.isFrozen());
        assertEquals(2, rib.inUse(P3).siteId());
        assertEquals(RouteDifference.NONE, rib.thaw(1));
        assertEquals(RouteDifference.NONE, rib.thaw(99));
    }

    @Test
    void shouldTellWhatBecameOfOneSiteSinceItHadOtherRoutes() {
        rib.replaceRemote(1, 1, List.of(P1, P2));
        rib.replaceRemote(2, 1, List.of(P2));
        PrefixSet before = rib.prefixesInForce(1);

        rib.replaceRemote(1, 2, List.of(P3));
        RouteDifference difference = rib.differenceSince(1, before);

        assertEquals(List.of(P3), difference.added().stream().map(Route::prefix).toList());
        assertEquals(List.of(P1), difference.removed().stream().map(Route::prefix).toList());
        assertEquals(1, difference.removed().getFirst().siteId());
        assertEquals(1, difference.changed().getFirst().before().siteId());
        assertEquals(2, difference.changed().getFirst().after().siteId());
        assertTrue(rib.differenceSince(1, rib.prefixesInForce(1)).isEmpty());
        assertTrue(rib.differenceSince(99, before).isEmpty());
    }

    @Test
    void shouldNotTellOfWhatALocalRouteHides() {
        rib.addLocal(RouteSource.CONNECTED, P1, NextHop.onLink(0));
        rib.replaceRemote(1, 1, List.of());
        PrefixSet before = rib.prefixesInForce(1);

        rib.replaceRemote(1, 2, List.of(P1));

        assertTrue(rib.differenceSince(1, before).isEmpty());
    }

    @Test
    void shouldLetAThawedSiteFollowNewsWhileOthersStayFrozen() {
        rib.replaceRemote(1, 1, List.of(P1));
        rib.freeze(FROZEN_AT_MS);
        rib.thaw(1);

        rib.replaceRemote(1, 2, List.of(P2));
        rib.replaceRemote(3, 2, List.of(P3));

        assertEquals(1, rib.inUse(P2).siteId());
        assertNull(rib.inUse(P3));
        assertTrue(rib.isFrozen(3));
    }

    @Test
    void shouldKeepTheFirstPinWhenFrozenAgain() {
        rib.replaceRemote(1, 1, List.of(P1));
        rib.replaceRemote(2, 1, List.of(P2));
        rib.freeze(FROZEN_AT_MS);
        rib.replaceRemote(1, 2, List.of());
        rib.thaw(2);
        rib.replaceRemote(2, 2, List.of(P3));

        rib.freeze(FROZEN_AT_MS + 1);

        assertEquals(1, rib.inUse(P1).generation());
        assertEquals(2, rib.inUse(P3).generation());
        assertTrue(rib.isFrozen(2));
        assertEquals(FROZEN_AT_MS, rib.frozenAtMs());
    }

    @Test
    void shouldThawAllAndAcceptNewSitesAtOnce() {
        rib.replaceRemote(1, 1, List.of(P1));
        rib.freeze(FROZEN_AT_MS);
        rib.replaceRemote(2, 2, List.of(P2));

        RouteDifference difference = rib.thawAll();
        rib.replaceRemote(3, 2, List.of(P3));

        assertEquals(List.of(P2), difference.added().stream().map(Route::prefix).toList());
        assertFalse(rib.isFrozen());
        assertEquals(0, rib.frozenAtMs());
        assertEquals(3, rib.inUse(P3).siteId());
    }

    @Test
    void shouldNotFreezeLocalRoutes() {
        rib.replaceRemote(1, 1, List.of(P1));
        rib.freeze(FROZEN_AT_MS);

        rib.addLocal(RouteSource.STATIC, P1, NextHop.PROHIBITED);
        assertEquals(NextHop.PROHIBITED, rib.inUse(P1).nextHop());
        rib.removeLocal(RouteSource.STATIC, P1);

        assertEquals(1, rib.inUse(P1).siteId());
    }

    @Test
    void shouldMarkStaleUntilThePopSpeaksAgain() {
        rib.replaceRemote(1, 1, List.of(P1));
        rib.replaceRemote(2, 1, List.of(P2));
        rib.markStale();
        assertTrue(rib.inUse(P1).status().stale());
        assertEquals("channel down, not confirmed since", rib.inUse(P1).status().reason());

        rib.replaceRemote(1, 1, List.of(P1));
        RouteDifference difference = rib.withdrawStale(2);

        assertFalse(rib.inUse(P1).status().stale());
        assertTrue(rib.isConfirmed(1));
        assertFalse(rib.isConfirmed(2));
        assertEquals(List.of(P2), difference.removed().stream().map(Route::prefix).toList());
        assertNull(rib.inUse(P2));
    }

    @Test
    void shouldKeepFrozenRoutesOfSitesMissingInTheNewState() {
        rib.replaceRemote(1, 1, List.of(P1));
        rib.freeze(FROZEN_AT_MS);
        rib.markStale();

        RouteDifference difference = rib.withdrawStale(2);

        assertTrue(difference.isEmpty());
        assertTrue(rib.inUse(P1).status().waiting());
        assertFalse(rib.inUse(P1).status().stale());
        assertEquals(List.of(P1), rib.thaw(1).removed().stream().map(Route::prefix).toList());
    }

    @Test
    void shouldStartFrozenFromSavedRoutes() {
        rib.replaceRemote(1, 4, List.of(P1));
        rib.freeze(FROZEN_AT_MS);
        rib.markStale();

        Route route = rib.inUse(P1);

        assertEquals(4, route.generation());
        assertTrue(route.status().frozen());
        assertFalse(rib.isConfirmed(1));
        assertEquals(FROZEN_AT_MS, rib.frozenAtMs());
    }

    @Test
    void shouldForgetEverySiteWhenFreezingIsOff() {
        rib.replaceRemote(1, 1, List.of(P1));
        rib.addLocal(RouteSource.STATIC, P2, NextHop.onLink(0));
        rib.freeze(FROZEN_AT_MS);

        RouteDifference difference = rib.withdrawRemote();

        assertEquals(List.of(P1), difference.removed().stream().map(Route::prefix).toList());
        assertEquals(List.of(P2), rib.routes().stream().map(Route::prefix).toList());
        assertFalse(rib.isFrozen());
    }

    @Test
    void shouldLeadRoutesOfUnknownSitesNowhere() {
        rib.replaceRemote(1, 1, List.of(P1));
        rib.addLocal(RouteSource.STATIC, Prefix.parse("0.0.0.0/0"), NextHop.onLink(0));

        Fib fib = new RouteInstaller(rib).install(3, siteId -> -1);

        assertEquals(3, fib.generation());
        assertEquals(NextHop.UNREACHABLE, Lookups.hop(fib, IpAddress.parse("10.1.0.1")));
        assertEquals(NextHop.onLink(0), Lookups.hop(fib, IpAddress.parse("10.2.0.1")));
    }

    @Test
    void shouldRefuseSiteZeroAndRoutesOfTheWrongKind() {
        assertThrows(IllegalArgumentException.class, () -> rib.replaceRemote(0, 1, List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> rib.addLocal(RouteSource.CLOUD, P1, NextHop.onLink(0)));
        assertThrows(
                IllegalArgumentException.class,
                () -> rib.addLocal(RouteSource.STATIC, P1, NextHop.site(1)));
    }
}
