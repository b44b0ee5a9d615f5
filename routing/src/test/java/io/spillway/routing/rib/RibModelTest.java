package io.spillway.routing.rib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.Seeds;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.Lookups;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random operation sequences: after each step the Rib says what {@link RibModel} says. */
class RibModelTest {
    private static final int RUN_COUNT = Seeds.isLong() ? 5_000 : 400;
    private static final int STEP_COUNT = 60;
    private static final long[] SITES = {1, 2, 1001, Long.MIN_VALUE, -1};
    private static final List<Prefix> PREFIXES =
            List.of("10.1.0.0/16", "10.2.0.0/16", "10.3.3.0/24", "fd00:1::/64", "fd00:2::7/128")
                    .stream()
                    .map(Prefix::parse)
                    .toList();
    private static final RouteSource[] LOCALS = {
        RouteSource.CONNECTED, RouteSource.STATIC, RouteSource.POP
    };

    private Rib rib;
    private RouteInstaller installer;
    private RibModel model;
    private SplittableRandom random;
    private long generation;
    private String context;

    @Test
    void shouldDoWhatTheModelDoesOnRandomOperations() {
        long seed = Seeds.next();
        random = new SplittableRandom(seed);
        for (int run = 0; run < RUN_COUNT; run++) {
            rib = new Rib();
            installer = new RouteInstaller(rib);
            model = new RibModel();
            for (int step = 0; step < STEP_COUNT; step++) {
                context = "seed " + seed + " run " + run + " step " + step;
                step();
            }
        }
    }

    private void step() {
        Map<Prefix, String> before = ways();
        long version = rib.version();

        RouteDifference difference = operate();

        Map<Prefix, String> after = ways();
        assertTrue(before.equals(after) || rib.version() > version, context);
        if (difference != null) {
            checkDifference(before, after, difference);
        }
        checkList();
        checkFib();
        checkSites();
    }

    /** The difference, or null when the operation has none. */
    private RouteDifference operate() {
        int operation = random.nextInt(23);
        long site = SITES[random.nextInt(SITES.length)];
        if (operation < 4) {
            operateLocal();
        } else if (operation < 9) {
            List<Prefix> prefixes = somePrefixes();
            rib.replaceRemote(site, ++generation, prefixes);
            model.replace(site, generation, prefixes);
        } else if (operation < 12) {
            update(site);
        } else if (operation < 14) {
            rib.freeze(1);
            model.freeze();
        } else if (operation < 17) {
            model.thaw(site);
            return rib.thaw(site);
        } else if (operation < 20) {
            changeLive(site);
        } else {
            return operateAll();
        }
        return null;
    }

    private void operateLocal() {
        RouteSource source = LOCALS[random.nextInt(LOCALS.length)];
        Prefix prefix = PREFIXES.get(random.nextInt(PREFIXES.size()));
        NextHop nextHop = NextHop.onLink(random.nextInt(2));
        switch (random.nextInt(5)) {
            case 0 -> {
                rib.addLocal(source, prefix, nextHop);
                model.addLocal(new RibModel.LocalFact(source, prefix, nextHop));
            }
            case 1 -> {
                rib.replaceLocal(source, Map.of(prefix, nextHop));
                PREFIXES.forEach(p -> model.removeLocal(source, p));
                model.addLocal(new RibModel.LocalFact(source, prefix, nextHop));
            }
            default -> {
                rib.removeLocal(source, prefix);
                model.removeLocal(source, prefix);
            }
        }
    }

    private void update(long site) {
        long base = random.nextInt(4) == 0 ? generation : rib.latestGeneration(site);
        List<Prefix> gone = somePrefixes();
        List<Prefix> come = somePrefixes();
        generation++;

        boolean accepted = rib.updateRemote(site, base, generation, gone, come);

        assertEquals(model.update(site, base, generation, gone, come), accepted, context);
    }

    private void changeLive(long site) {
        List<Prefix> come = somePrefixes();
        List<Prefix> gone = new ArrayList<>(somePrefixes());
        gone.removeAll(come);
        generation++;

        boolean isTaken =
                rib.changeLive(
                        site, new LiveChange(generation, PrefixSet.of(gone), PrefixSet.of(come)));

        assertEquals(model.changeLive(site, generation, gone, come), isTaken, context);
    }

    private RouteDifference operateAll() {
        switch (random.nextInt(6)) {
            case 0 -> {
                model.thawAll();
                return rib.thawAll();
            }
            case 1 -> {
                model.withdrawRemote();
                return rib.withdrawRemote();
            }
            case 2, 3 -> {
                model.withdrawStale(++generation);
                return rib.withdrawStale(generation);
            }
            default -> {
                model.markStale();
                rib.markStale();
                return null;
            }
        }
    }

    private List<Prefix> somePrefixes() {
        List<Prefix> some = new ArrayList<>(PREFIXES);
        some.removeIf(prefix -> random.nextInt(3) > 0);
        return some;
    }

    /** Where each prefix leads by the model, without generations. */
    private Map<Prefix, String> ways() {
        Map<Prefix, String> ways = new TreeMap<>();
        for (Prefix prefix : PREFIXES) {
            Record chosen = model.chosen(prefix);
            if (chosen instanceof RibModel.Fact fact) {
                ways.put(prefix, "site " + fact.site());
            } else if (chosen != null) {
                ways.put(prefix, chosen.toString());
            }
        }
        return ways;
    }

    private void checkDifference(
            Map<Prefix, String> before, Map<Prefix, String> after, RouteDifference difference) {
        List<Prefix> added = new ArrayList<>(after.keySet());
        added.removeAll(before.keySet());
        List<Prefix> removed = new ArrayList<>(before.keySet());
        removed.removeAll(after.keySet());
        List<Prefix> changed = new ArrayList<>(before.keySet());
        changed.removeIf(p -> !after.containsKey(p) || after.get(p).equals(before.get(p)));
        assertEquals(added, difference.added().stream().map(Route::prefix).toList(), context);
        assertEquals(removed, difference.removed().stream().map(Route::prefix).toList(), context);
        assertEquals(
                changed,
                difference.changed().stream().map(c -> c.after().prefix()).toList(),
                context);
    }

    private void checkList() {
        List<Route> routes = rib.routes();
        List<String> lines = routes.stream().map(RibModel::line).sorted().toList();
        assertEquals(model.lines().stream().sorted().toList(), lines, context);
        List<Prefix> prefixes = routes.stream().map(Route::prefix).toList();
        assertEquals(prefixes.stream().sorted().toList(), prefixes, context);
        for (Route route : routes) {
            RouteStatus status = route.status();
            boolean isChanged = status.frozen() || status.stale() || status.live();
            boolean isPlain = status.inUse() && !isChanged;
            assertEquals(isPlain, status.reason().isEmpty(), () -> context + " " + route);
        }
    }

    private void checkFib() {
        Fib fib = installer.install(generation, RibModelTest::indexOf);
        fib.adopt();
        assertEquals(ways().size(), fib.routeCount(), context);
        for (Prefix prefix : PREFIXES) {
            NextHop expected =
                    switch (model.chosen(prefix)) {
                        case RibModel.Fact fact -> NextHop.site(indexOf(fact.site()));
                        case RibModel.LocalFact fact -> fact.nextHop();
                        case null, default -> NextHop.UNREACHABLE;
                    };
            assertEquals(expected, Lookups.hop(fib, prefix.address()), context);
        }
    }

    private static int indexOf(long siteId) {
        int index = 0;
        while (SITES[index] != siteId) {
            index++;
        }
        return index;
    }

    private void checkSites() {
        assertEquals(model.frozen, rib.isFrozen(), context);
        for (long site : SITES) {
            boolean isKnown = model.known.contains(site);
            assertEquals(model.frozenSites.contains(site), rib.isFrozen(site), context);
            boolean isConfirmed = isKnown && !model.staleSites.contains(site);
            assertEquals(isConfirmed, rib.isConfirmed(site), context);
            assertEquals(model.generationInForce(site), rib.generation(site), context);
            long latest = isKnown ? model.generations.get(site) : 0;
            assertEquals(latest, rib.latestGeneration(site), context);
        }
    }
}
