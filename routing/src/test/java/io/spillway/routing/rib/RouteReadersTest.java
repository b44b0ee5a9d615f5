package io.spillway.routing.rib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.routing.Seeds;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Readers of different pace, one of which comes late: each ends up with what is in use. */
class RouteReadersTest {
    private static final int RUNS = Seeds.isLong() ? 2_000 : 100;
    private static final int STEPS = 500;
    private static final int PREFIXES = 40;
    private static final long[] SITES = {7, 9};
    private static final IpAddress PEER = IpAddress.parse("10.0.0.254");

    private final long seed = Seeds.next();
    private final SplittableRandom random = new SplittableRandom(seed);

    private static final class Mirror {
        private final RouteChanges changes;
        private final Map<Prefix, Route> inUse = new HashMap<>();

        Mirror(Rib rib) {
            changes = rib.newChanges();
        }

        void drain(int max) {
            changes.drain(
                    (prefix, route) -> {
                        if (route == null) {
                            inUse.remove(prefix);
                        } else {
                            inUse.put(prefix, route);
                        }
                    },
                    max);
        }
    }

    @Test
    void shouldTellEveryReaderWhatIsInUse() {
        for (int run = 0; run < RUNS; run++) {
            Rib rib = new Rib();
            List<Mirror> mirrors = new ArrayList<>(List.of(new Mirror(rib), new Mirror(rib)));
            for (int step = 0; step < STEPS; step++) {
                change(rib, step);
                mirrors.forEach(mirror -> mirror.drain(random.nextInt(3)));
                if (step == STEPS / 2) {
                    mirrors.add(new Mirror(rib));
                }
                if (random.nextInt(50) == 0) {
                    mirrors.forEach(mirror -> check(rib, mirror));
                }
            }
            mirrors.forEach(mirror -> check(rib, mirror));
        }
    }

    private void check(Rib rib, Mirror mirror) {
        mirror.drain(Integer.MAX_VALUE);
        Map<Prefix, Route> expected = new HashMap<>();
        for (int i = 0; i < PREFIXES; i++) {
            Route route = rib.inUse(prefix(i));
            if (route != null) {
                expected.put(prefix(i), route);
            }
        }
        assertEquals(ways(expected), ways(mirror.inUse), () -> "seed " + seed);
    }

    /** Without generations, which grow while the route stays the same. */
    private static Map<Prefix, String> ways(Map<Prefix, Route> routes) {
        Map<Prefix, String> ways = new HashMap<>();
        routes.forEach(
                (prefix, route) ->
                        ways.put(
                                prefix,
                                route.source() + " " + route.nextHop() + " " + route.siteId()));
        return ways;
    }

    private void change(Rib rib, int step) {
        Prefix prefix = prefix(random.nextInt(PREFIXES));
        NextHop nextHop = NextHop.onLink(random.nextInt(2));
        switch (random.nextInt(6)) {
            case 0 -> rib.addLocal(RouteSource.STATIC, prefix, nextHop);
            case 1 -> rib.removeLocal(RouteSource.STATIC, prefix);
            case 2 -> rib.replaceRemote(SITES[random.nextInt(SITES.length)], step + 1, some());
            case 3 -> rib.replaceBgp(prefix, List.of());
            default -> rib.replaceBgp(prefix, List.of(path()));
        }
    }

    private BgpPath path() {
        NextHop nextHop = NextHop.via(random.nextInt(2), PEER);
        return new BgpPath(PEER, nextHop, true, false, "", "65001");
    }

    private List<Prefix> some() {
        List<Prefix> some = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            some.add(prefix(random.nextInt(PREFIXES)));
        }
        return some;
    }

    private static Prefix prefix(int number) {
        return number % 2 == 0
                ? Prefix.ofIpv4(10 << 24 | number << 8, 24)
                : Prefix.ofIpv6(0xFD00_0000_0000_0000L | (long) number << 16, 0, 64);
    }
}
