package io.spillway.routing.rib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
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

    private static BgpPath used(IpAddress peer) {
        String reason = peer.equals(A) ? "" : "equally good, used as well";
        return new BgpPath(peer, NextHop.via(0, peer), true, false, reason, "65001");
    }

    private static BgpPath unreachable(IpAddress peer) {
        return new BgpPath(peer, null, false, false, "its next hop cannot be reached", "65001");
    }

    @Test
    void shouldTakeBgpBeforeCloudAndAfterStatic() {
        rib.replaceRemote(7, 1, List.of(P1));
        rib.replaceBgp(P1, List.of(used(A)));
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
    void shouldUseAllEquallyGoodNextHopsByFlow() {
        rib.replaceBgp(P1, List.of(used(A), used(B), unreachable(C)));

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
        rib.replaceBgp(P1, List.of(unreachable(A)));

        assertEquals(RouteSource.CLOUD, rib.inUse(P1).source());
        Route listed = rib.routes().getLast();
        assertEquals("its next hop cannot be reached", listed.status().reason());
        assertFalse(listed.status().inUse());
    }

    @Test
    void shouldShowWhatIsStale() {
        BgpPath stale = new BgpPath(A, NextHop.via(0, A), true, true, "", "65001");
        rib.replaceBgp(P1, List.of(stale));
        long version = rib.version();

        assertTrue(rib.inUse(P1).status().stale());
        rib.replaceBgp(P1, List.of(stale));
        assertEquals(version, rib.version());
        rib.replaceBgp(P1, List.of(used(A)));
        assertFalse(rib.inUse(P1).status().stale());
        assertEquals("", rib.inUse(P1).status().reason());
    }

    @Test
    void shouldTakeTheFirstRoutesOfASiteThatAnnouncesTooMany() {
        rib.limit(1);

        rib.replaceRemote(7, 1, List.of(P2, P1));

        assertEquals(7, rib.inUse(P1).siteId());
        assertNull(rib.inUse(P2));
        assertEquals(1, rib.refused());
    }

    @Test
    void shouldTellEachReaderOfEachChangeOnce() {
        rib.addLocal(RouteSource.STATIC, P1, NextHop.onLink(0));
        RouteChanges first = rib.newChanges();
        rib.replaceBgp(P2, List.of(used(A)));
        rib.replaceBgp(P2, List.of(used(A)));
        rib.replaceBgp(P2, List.of());
        List<Prefix> told = new ArrayList<>();

        assertEquals(1, first.drain((prefix, route) -> told.add(prefix), 1));
        assertEquals(1, first.drain((prefix, route) -> told.add(prefix), 100));

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
