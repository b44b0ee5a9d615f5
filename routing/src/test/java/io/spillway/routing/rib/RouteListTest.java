package io.spillway.routing.rib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Pages against the whole list, which {@link RibModelTest} checks. */
class RouteListTest {
    private static final int ROUNDS = Boolean.getBoolean("spillway.long") ? 20_000 : 500;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void shouldShowAndCountWhatIsAskedForPageByPage() {
        for (int round = 0; round < ROUNDS; round++) {
            Rib rib = someRib();
            RouteQuery whole = someQuery();
            List<Route> expected =
                    rib.routes().stream()
                            .filter(route -> whole.covers(route.prefix()) && whole.matches(route))
                            .toList();

            List<Route> shown = new ArrayList<>();
            RouteQuery query = whole;
            while (true) {
                RoutePage page = rib.page(query);
                shown.addAll(page.routes());
                assertEquals(expected.size() - shown.size(), page.moreCount(), "seed " + seed);
                if (page.moreCount() == 0) {
                    break;
                }
                query = after(whole, page.last());
            }

            assertEquals(expected, shown, "seed " + seed);
        }
    }

    @Test
    void shouldFindTheLongestMatchInUse() {
        Rib rib = new Rib();
        rib.replaceRemote(7, 1, List.of(Prefix.parse("10.0.0.0/8"), Prefix.parse("10.1.0.0/16")));
        rib.addLocal(RouteSource.STATIC, Prefix.parse("10.1.2.0/24"), NextHop.HOST);

        assertEquals(Prefix.parse("10.1.2.0/24"), rib.longestMatch(Prefix.parse("10.1.2.3/32")));
        assertEquals(Prefix.parse("10.1.0.0/16"), rib.longestMatch(Prefix.parse("10.1.2.0/23")));
        assertEquals(Prefix.parse("10.0.0.0/8"), rib.longestMatch(Prefix.parse("10.0.0.0/8")));
        assertNull(rib.longestMatch(Prefix.parse("11.0.0.0/8")));
    }

    @Test
    void shouldSayBeforehandWhatAThawDoes() {
        for (int round = 0; round < ROUNDS; round++) {
            Rib rib = someRib();

            RouteDifference foretold = rib.previewThaw(Integer.MAX_VALUE);
            RouteDifference done = rib.thawAll();

            assertEquals(prefixes(done.added()), prefixes(foretold.added()), "seed " + seed);
            assertEquals(prefixes(done.removed()), prefixes(foretold.removed()), "seed " + seed);
            assertEquals(done.changed().size(), foretold.changed().size(), "seed " + seed);
            for (int i = 0; i < done.changed().size(); i++) {
                long site = done.changed().get(i).after().siteId();
                assertEquals(site, foretold.changed().get(i).after().siteId(), "seed " + seed);
            }
        }
    }

    private static List<Prefix> prefixes(List<Route> routes) {
        return routes.stream().map(Route::prefix).toList();
    }

    private static RouteQuery after(RouteQuery query, Prefix last) {
        return new RouteQuery(
                query.within(),
                query.source(),
                query.isFrozen(),
                query.isWaiting(),
                last,
                query.countMax());
    }

    private RouteQuery someQuery() {
        RouteSource[] sources = RouteSource.values();
        return new RouteQuery(
                random.nextBoolean() ? null : somePrefix(),
                random.nextBoolean() ? null : sources[random.nextInt(sources.length)],
                random.nextInt(4) == 0,
                random.nextInt(4) == 0,
                random.nextInt(4) > 0 ? null : somePrefix(),
                1 + random.nextInt(8));
    }

    private Rib someRib() {
        Rib rib = new Rib();
        some(5).forEach(prefix -> rib.addLocal(RouteSource.CONNECTED, prefix, NextHop.HOST));
        some(5).forEach(prefix -> rib.addLocal(RouteSource.STATIC, prefix, NextHop.HOST));
        some(3).forEach(prefix -> rib.addLocal(RouteSource.POP, prefix, NextHop.CLOUD));
        some(8).forEach(prefix -> rib.replaceBgp(prefix, List.of(path(1, true), path(2, false))));
        for (int round = 0; round < 3; round++) {
            for (long site = 1; site <= 3; site++) {
                if (random.nextInt(3) > 0) {
                    rib.replaceRemote(site, 1 + round, some(8));
                }
            }
            if (random.nextBoolean()) {
                rib.freeze(1);
            }
            PrefixSet come = PrefixSet.of(some(8));
            PrefixSet gone = PrefixSet.of(some(8)).without(come);
            rib.changeLive(1 + random.nextInt(3), new LiveChange(1 + round, gone, come));
            if (random.nextInt(3) == 0) {
                rib.thaw(1 + random.nextInt(3));
            }
        }
        return rib;
    }

    private static BgpPath path(int peer, boolean isUsed) {
        IpAddress address = IpAddress.parse("192.0.2." + peer);
        return new BgpPath(
                address,
                NextHop.via(0, address),
                isUsed,
                false,
                isUsed ? "" : "another is better",
                "65001");
    }

    private List<Prefix> some(int countMax) {
        List<Prefix> some = new ArrayList<>();
        for (int i = random.nextInt(countMax + 1); i > 0; i--) {
            some.add(somePrefix());
        }
        return some;
    }

    private Prefix somePrefix() {
        boolean isIpv4 = random.nextInt(4) > 0;
        long high = (long) random.nextInt(8) << 61;
        IpAddress address = new IpAddress(isIpv4, high, 0);
        return Prefix.containing(address, random.nextInt(5));
    }
}
