package io.spillway.routing.rib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BgpPathsTest {
    private static final Prefix P1 = Prefix.parse("10.1.0.0/16");
    private static final Prefix P2 = Prefix.parse("10.2.0.0/16");
    private static final IpAddress A = IpAddress.parse("192.0.2.1");
    private static final IpAddress B = IpAddress.parse("192.0.2.2");
    private static final IpAddress C = IpAddress.parse("192.0.2.3");

    private final Rib rib = new Rib();

    /** A path with one thing changed at a time. */
    private record Draft(
            IpAddress peer, long preference, int length, int origin, long med, long as) {
        BgpPath path() {
            return path(true, 0, peer.toIpv4());
        }

        BgpPath path(boolean isExternal, long cost, long routerId) {
            NextHop hop = NextHop.via(0, peer);
            return new BgpPath(
                    peer,
                    hop,
                    preference,
                    length,
                    origin,
                    med,
                    as,
                    isExternal,
                    cost,
                    routerId,
                    0,
                    null);
        }
    }

    private static Draft draft(IpAddress peer) {
        return new Draft(peer, 100, 2, 0, 0, 65001);
    }

    private static BgpPath unreachable(IpAddress peer) {
        return new BgpPath(peer, null, 900, 1, 0, 0, 65001, true, 0, 1, 0, null);
    }

    @Test
    void shouldTakeBgpBeforeCloudAndAfterStatic() {
        rib.replaceRemote(7, 1, List.of(P1));
        rib.replaceBgp(P1, draft(A).path());
        assertEquals(RouteSource.BGP, rib.inUse(P1).source());

        rib.addLocal(RouteSource.STATIC, P1, NextHop.onLink(1));

        List<Route> routes = rib.routes();
        assertEquals(
                List.of(RouteSource.STATIC, RouteSource.BGP, RouteSource.CLOUD),
                routes.stream().map(Route::source).toList());
        assertEquals("STATIC goes before BGP", routes.get(1).status().reason());
        assertEquals(A, routes.get(1).path().peer());
    }

    @Test
    void shouldChooseByTheRulesInTheirOrder() {
        Draft good = draft(B);
        assertBetter("a higher local preference", new Draft(B, 200, 9, 2, 9, 1).path());
        assertBetter("a shorter AS path", new Draft(B, 100, 1, 2, 9, 1).path());
        assertBetter("a better origin", new Draft(B, 100, 2, -1, 9, 1).path());
        assertBetter("a lower MED", new Draft(B, 100, 2, 0, -1, 65001).path(false, 9, 9));
        assertBetter("a nearer next hop", good.path(true, -1, 9));
    }

    private void assertBetter(String reason, BgpPath better) {
        rib.replaceBgp(P1, draft(A).path());
        rib.replaceBgp(P1, better);

        List<Route> routes = rib.routes();

        assertEquals(B, rib.inUse(P1).path().peer());
        assertEquals("another path has " + reason, routes.get(1).status().reason());
        rib.withdrawBgp(B, P1);
        assertEquals(A, rib.inUse(P1).path().peer());
        rib.withdrawBgp(A, P1);
        assertNull(rib.inUse(P1));
        assertEquals(0, rib.bgpRouteCount(A));
    }

    @Test
    void shouldCompareMedOnlyAmongPathsByTheSameNeighbouringAs() {
        rib.replaceBgp(P1, new Draft(A, 100, 2, 0, 50, 65001).path());
        rib.replaceBgp(P1, new Draft(B, 100, 2, 0, 10, 65002).path());
        rib.replaceBgp(P1, new Draft(C, 100, 2, 0, 60, 65001).path());

        List<Route> routes = rib.routes();

        assertEquals(A, rib.inUse(P1).path().peer());
        assertEquals("equally good, used as well", routes.get(1).status().reason());
        assertEquals(C, routes.get(2).path().peer());
        assertEquals("another path has a lower MED", routes.get(2).status().reason());
    }

    @Test
    void shouldUseAllEquallyGoodNextHopsByFlow() {
        rib.replaceBgp(P1, draft(A).path());
        rib.replaceBgp(P1, draft(B).path());
        rib.replaceBgp(P1, unreachable(C));

        Fib fib = new RouteInstaller(rib).install(1, site -> -1);

        int id = fib.lookup4(IpAddress.parse("10.1.2.3").toIpv4());
        assertTrue(fib.hasChoice(id));
        Set<NextHop> chosen = new HashSet<>();
        for (int hash = 0; hash != Integer.MIN_VALUE; hash += 1 << 28) {
            assertEquals(fib.nextHop(id, hash), fib.nextHop(id, hash));
            chosen.add(fib.nextHop(id, hash));
            chosen.add(fib.nextHop(id, ~hash));
        }
        assertEquals(Set.of(NextHop.via(0, A), NextHop.via(0, B)), chosen);
    }

    @Test
    void shouldNeverUseAPathWhoseNextHopCannotBeReached() {
        rib.replaceRemote(7, 1, List.of(P1));
        rib.replaceBgp(P1, unreachable(A));

        assertEquals(RouteSource.CLOUD, rib.inUse(P1).source());
        Route listed = rib.routes().getLast();
        assertEquals("its next hop cannot be reached", listed.status().reason());
        assertFalse(listed.status().inUse());
    }

    @Test
    void shouldKeepStalePathsUntilTheyAreNotRepeated() {
        rib.replaceBgp(P1, draft(A).path());
        rib.replaceBgp(P2, draft(A).path());
        long version = rib.version();
        rib.markBgpStale(A);
        assertTrue(rib.inUse(P1).status().stale());
        rib.replaceBgp(P1, draft(A).path());
        assertEquals(version, rib.version());

        rib.withdrawBgpStale(A);

        assertFalse(rib.inUse(P1).status().stale());
        assertNull(rib.inUse(P2));
        assertEquals(1, rib.bgpRouteCount(A));
    }

    @Test
    void shouldForgetANeighbourWhole() {
        rib.replaceBgp(P1, draft(A).path());
        rib.replaceBgp(P2, draft(A).path());
        rib.replaceBgp(P2, draft(B).path());

        rib.withdrawBgp(A);

        assertNull(rib.inUse(P1));
        assertEquals(B, rib.inUse(P2).path().peer());
        assertEquals(0, rib.bgpRouteCount(A));
        assertEquals(1, rib.routes().size());
    }

    @Test
    void shouldRefuseRoutesBeyondTheLimitOfTheNeighbour() {
        rib.limit(RouteSource.BGP, 1);

        assertTrue(rib.replaceBgp(P1, draft(A).path()));
        assertFalse(rib.replaceBgp(P2, draft(A).path()));
        assertTrue(rib.replaceBgp(P1, new Draft(A, 7, 2, 0, 0, 1).path()));
        assertTrue(rib.replaceBgp(P2, draft(B).path()));

        assertEquals(1, rib.refused(RouteSource.BGP));
        assertEquals(B, rib.inUse(P2).path().peer());
        assertThrows(IllegalArgumentException.class, () -> rib.limit(RouteSource.STATIC, 1));
    }

    @Test
    void shouldTakeTheFirstRoutesOfASiteThatAnnouncesTooMany() {
        rib.limit(RouteSource.CLOUD, 1);

        rib.replaceRemote(7, 1, List.of(P2, P1));

        assertEquals(7, rib.inUse(P1).siteId());
        assertNull(rib.inUse(P2));
        assertEquals(1, rib.refused(RouteSource.CLOUD));
    }

    @Test
    void shouldTellEachReaderOfEachChangeOnce() {
        rib.addLocal(RouteSource.STATIC, P1, NextHop.onLink(0));
        RouteChanges first = rib.newChanges();
        rib.replaceBgp(P2, draft(A).path());
        rib.replaceBgp(P2, draft(A).path());
        rib.withdrawBgp(A, P2);
        List<Prefix> told = new ArrayList<>();

        assertEquals(1, first.drain(told::add, 1));
        assertEquals(1, first.drain(told::add, 100));

        assertEquals(List.of(P1, P2), told);
        assertTrue(first.isEmpty());
        rib.freeze(1);
        assertTrue(first.isEmpty());
        RouteChanges second = rib.newChanges();
        assertEquals(1, second.size());
    }

    @Test
    void shouldFollowASiteThatGetsAnIndexLater() {
        rib.replaceRemote(7, 1, List.of(P1));
        RouteInstaller installer = new RouteInstaller(rib);
        int address = IpAddress.parse("10.1.2.3").toIpv4();
        Fib before = installer.install(1, site -> -1);
        assertEquals(NextHop.UNREACHABLE, before.nextHop(before.lookup4(address)));

        Fib after = installer.install(2, site -> 3);

        assertEquals(NextHop.site(3), after.nextHop(after.lookup4(address)));
        assertEquals(NextHop.UNREACHABLE, before.nextHop(before.lookup4(address)));
    }
}
