package io.spillway.routing.bgp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.routing.Seeds;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Against a plain map of every path, with the decision process written the slow way. */
class RouteTableTest {
    private static final int STEPS = Seeds.isLong() ? 5_000_000 : 100_000;
    private static final int NEIGHBOURS = 4;
    private static final int CHECK_EVERY = 500;

    private record Path(int owner, PathAttributes attributes) {}

    private final long seed = Seeds.next();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final RouteTable table = new RouteTable(NEIGHBOURS, RouteTableTest::fault);
    private final Map<Prefix, Map<Integer, Path>> model = new HashMap<>();
    private final Map<Prefix, Integer> told = new HashMap<>();
    private final RouteReader reader4 = new RouteReader(false);
    private final RouteReader reader6 = new RouteReader(false);

    private final RouteReader learnt4 = new RouteReader(true);
    private final RouteReader learnt6 = new RouteReader(true);
    private final Map<Prefix, Set<Integer>> learnt = new TreeMap<>();

    @Test
    void shouldChooseAsTheModelAndTellReadersEveryChange() {
        for (int i = 0; i < NEIGHBOURS; i++) {
            table.owner(PathOwner.FIRST_NEIGHBOUR + i).describe(i != 1, 100 - i % 3);
        }
        table.family(true).open(reader4);
        table.family(false).open(reader6);
        table.family(true).open(learnt4);
        table.family(false).open(learnt6);
        for (int step = 0; step < STEPS; step++) {
            step();
            if (step % CHECK_EVERY == 0) {
                check();
            }
        }
        for (int owner = 0; owner < PathOwner.FIRST_NEIGHBOUR + NEIGHBOURS; owner++) {
            withdrawAll(owner);
        }
        check();
        assertEquals(0, table.attributes().size(), () -> "seed " + seed);
        assertEquals(0, table.family(true).prefixes().size(), () -> "seed " + seed);
    }

    private void step() {
        int owner = random.nextInt(PathOwner.FIRST_NEIGHBOUR + NEIGHBOURS);
        Prefix prefix = prefix();
        FamilyRoutes family = table.family(prefix.isIpv4());
        if (random.nextInt(3000) == 0) {
            withdrawAll(owner);
        } else if (random.nextInt(3) == 0) {
            family.withdraw(owner, prefix.high(), prefix.low(), prefix.length());
            model.getOrDefault(prefix, new HashMap<>()).remove(owner);
        } else {
            PathAttributes attributes = attributes();
            family.announce(owner, prefix.high(), prefix.low(), prefix.length(), attributes);
            table.attributes().forgetUnused(attributes);
            model.computeIfAbsent(prefix, p -> new TreeMap<>())
                    .put(owner, new Path(owner, attributes));
        }
    }

    private void withdrawAll(int owner) {
        table.family(true).withdrawAll(owner, false);
        table.family(false).withdrawAll(owner, false);
        model.values().forEach(paths -> paths.remove(owner));
    }

    private static String fault(IpAddress nextHop) {
        return (nextHop.toIpv4() & 1) == 0 ? "" : "odd";
    }

    private Prefix prefix() {
        int number = random.nextInt(3000);
        return number % 3 == 0
                ? Prefix.ofIpv6(0x2001_0db8L << 32 | number, 0, 64)
                : Prefix.ofIpv4(10 << 24 | number << 8, 24 + number % 2 * 8);
    }

    private PathAttributes attributes() {
        AttributeScratch scratch = new AttributeScratch();
        scratch.reset();
        scratch.origin = random.nextInt(2);
        scratch.nextHopHigh = (192L << 24 | 1 + random.nextInt(4)) << 32;
        scratch.med = random.nextInt(3) - 1;
        scratch.localPref = random.nextInt(4) == 0 ? 90 + random.nextInt(3) * 10 : -1;
        byte[] path = new byte[2 + 4 * (1 + random.nextInt(2))];
        path[0] = 2;
        path[1] = (byte) (path.length / 4);
        for (int i = 0; i < path[1]; i++) {
            path[5 + 4 * i] = (byte) (1 + random.nextInt(2));
        }
        scratch.asPath(path, path.length);
        return table.attributes().intern(scratch);
    }

    private void check() {
        drain(true, reader4);
        drain(false, reader6);
        drainLearnt(true, learnt4);
        drainLearnt(false, learnt6);
        Map<Prefix, Integer> expected = new HashMap<>();
        model.forEach(
                (prefix, paths) -> {
                    List<Path> all = new ArrayList<>(paths.values());
                    if (!all.isEmpty() && isUsable(paths.get(best(all)))) {
                        expected.put(prefix, best(all));
                    }
                });
        Map<Prefix, Set<Integer>> used = new TreeMap<>();
        model.forEach((prefix, paths) -> used.put(prefix, used(paths.values())));
        used.values().removeIf(Set::isEmpty);
        assertEquals(used, learnt, () -> "seed " + seed);
        Map<Prefix, Integer> differing = new TreeMap<>(told);
        expected.forEach((prefix, owner) -> differing.remove(prefix, owner));
        assertEquals(Map.of(), differing, () -> "seed " + seed);
        assertEquals(expected.size(), told.size(), () -> "seed " + seed);
    }

    private void drainLearnt(boolean isIpv4, RouteReader reader) {
        FamilyRoutes family = table.family(isIpv4);
        PrefixTable prefixes = family.prefixes();
        for (int slot = reader.next(); slot >= 0; slot = reader.next()) {
            Prefix prefix =
                    new Prefix(
                            isIpv4, prefixes.high(slot), prefixes.low(slot), prefixes.length(slot));
            List<LearntPath> paths = family.learnt(slot);
            reader.told(slot, !paths.isEmpty());
            Set<Integer> used =
                    paths.stream()
                            .filter(LearntPath::isUsed)
                            .map(path -> path.neighbour() + PathOwner.FIRST_NEIGHBOUR)
                            .collect(Collectors.toSet());
            if (used.isEmpty()) {
                learnt.remove(prefix);
            } else {
                learnt.put(prefix, used);
                assertEquals("", paths.getFirst().reason());
            }
            family.forgetUnused(slot);
        }
    }

    private void drain(boolean isIpv4, RouteReader reader) {
        FamilyRoutes family = table.family(isIpv4);
        PrefixTable prefixes = family.prefixes();
        for (int slot = reader.next(); slot >= 0; slot = reader.next()) {
            Prefix prefix =
                    new Prefix(
                            isIpv4, prefixes.high(slot), prefixes.low(slot), prefixes.length(slot));
            boolean has = family.bestAttributes(slot) != null;
            reader.told(slot, has);
            if (has) {
                told.put(prefix, family.bestOwner(slot).index());
            } else {
                told.remove(prefix);
            }
            family.forgetUnused(slot);
        }
    }

    private int best(List<Path> paths) {
        List<Path> left = new ArrayList<>(paths);
        keepLeast(left, p -> p.owner() == PathOwner.ORIGINATED ? 0 : 1);
        keepLeast(left, p -> isUsable(p) ? 0 : 1);
        keepLeast(left, p -> -(p.attributes().localPref < 0 ? 100 : p.attributes().localPref));
        keepLeast(left, p -> p.attributes().asPath().split(" ").length);
        keepLeast(left, p -> p.attributes().origin);
        List<Path> all = List.copyOf(left);
        left.removeIf(
                p -> all.stream().anyMatch(q -> firstAs(q).equals(firstAs(p)) && med(q) < med(p)));
        keepLeast(left, p -> table.owner(p.owner()).isExternal() ? 0 : 1);
        keepLeast(left, p -> table.owner(p.owner()).identifier());
        keepLeast(left, Path::owner);
        return left.getFirst().owner();
    }

    private static boolean isUsable(Path path) {
        return fault(path.attributes().nextHop()).isEmpty();
    }

    /** The set of paths used together, the slow way. */
    private Set<Integer> used(Collection<Path> paths) {
        List<Path> left = new ArrayList<>(paths);
        left.removeIf(p -> p.owner() == PathOwner.ORIGINATED || !isUsable(p));
        if (!left.isEmpty()) {
            keepLeast(left, p -> -(p.attributes().localPref < 0 ? 100 : p.attributes().localPref));
            keepLeast(left, p -> p.attributes().asPath().split(" ").length);
            keepLeast(left, p -> p.attributes().origin);
            List<Path> all = List.copyOf(left);
            left.removeIf(
                    p ->
                            all.stream()
                                    .anyMatch(
                                            q -> firstAs(q).equals(firstAs(p)) && med(q) < med(p)));
            keepLeast(left, p -> table.owner(p.owner()).isExternal() ? 0 : 1);
        }
        return left.stream().map(Path::owner).collect(Collectors.toSet());
    }

    private static String firstAs(Path path) {
        return path.attributes().asPath().split(" ")[0];
    }

    private static long med(Path path) {
        return Math.max(0, path.attributes().med);
    }

    private static void keepLeast(List<Path> paths, ToLongFunction<Path> key) {
        long least = paths.stream().mapToLong(key).min().orElseThrow();
        paths.removeIf(path -> key.applyAsLong(path) != least);
    }
}
