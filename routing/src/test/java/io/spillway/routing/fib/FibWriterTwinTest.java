package io.spillway.routing.fib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.routing.Seeds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random changes in place, each snapshot against a map that is asked for every length. */
class FibWriterTwinTest {
    private static final int RUN_COUNT = Seeds.isLong() ? 300 : 12;
    private static final int STEP_COUNT = 3_000;
    private static final int SNAPSHOTS_KEPT = 4;

    /** A snapshot and what it must say. */
    private record Version(Fib fib, Map<Prefix, NextHopSet> routes) {}

    private final long seed = Seeds.next();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final FibWriter writer = new FibWriter();
    private final Map<Prefix, NextHopSet> routes = new HashMap<>();
    private final List<Prefix> known = new ArrayList<>();
    private final Deque<Version> versions = new ArrayDeque<>();

    @Test
    void shouldAgreeWithTheTwinOnUniformLengths() {
        compareRuns(false);
    }

    @Test
    void shouldAgreeWithTheTwinOnRealisticLengths() {
        compareRuns(true);
    }

    /** The next run begins with the routes of the one before, all of which go. */
    private void compareRuns(boolean isCommon) {
        for (int run = 0; run < RUN_COUNT; run++) {
            List<FibEntry> candidates =
                    RandomRoutes.table(random, 1 + random.nextInt(600), isCommon);
            candidates.forEach(candidate -> known.add(candidate.prefix()));
            addSpecialPrefixes();
            for (int step = 0; step < STEP_COUNT; step++) {
                change();
                if (random.nextInt(20) == 0) {
                    publish();
                }
            }
            removeAll();
        }
    }

    private void addSpecialPrefixes() {
        for (String text :
                List.of(
                        "0.0.0.0/0",
                        "::/0",
                        "0.0.0.0/1",
                        "255.255.255.255/32",
                        "0.0.0.0/32",
                        "::/128",
                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")) {
            known.add(Prefix.parse(text));
        }
    }

    private void change() {
        Prefix prefix = known.get(random.nextInt(known.size()));
        if (random.nextInt(5) < 2) {
            assertEquals(routes.remove(prefix) != null, writer.remove(prefix), this::context);
        } else {
            NextHopSet hops = hops();
            assertEquals(routes.put(prefix, hops) == null, writer.put(prefix, hops), this::context);
        }
        assertEquals(routes.size(), writer.routeCount(), this::context);
        Prefix asked = known.get(random.nextInt(known.size()));
        assertEquals(routes.containsKey(asked), writer.contains(asked), this::context);
    }

    private NextHopSet hops() {
        List<NextHop> members = new ArrayList<>();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            members.add(NextHop.site(random.nextInt(30)));
        }
        return NextHopSet.of(members);
    }

    private void publish() {
        versions.addLast(new Version(writer.publish(versions.size()), new HashMap<>(routes)));
        if (versions.size() > SNAPSHOTS_KEPT) {
            versions.removeFirst();
            versions.getFirst().fib().adopt();
        }
        for (Version version : versions) {
            assertEquals(version.routes().size(), version.fib().routeCount());
            for (int probe = 0; probe < 60; probe++) {
                compare(version);
            }
        }
    }

    private void compare(Version version) {
        Prefix prefix = known.get(random.nextInt(known.size()));
        int bit = random.nextInt(prefix.isIpv4() ? 32 : 128);
        IpAddress address =
                switch (random.nextInt(3)) {
                    case 0 -> RandomRoutes.flipped(prefix, bit);
                    case 1 -> RandomRoutes.inside(random, prefix);
                    default -> prefix.address();
                };

        NextHopSet expected = NextHopSet.of(NextHop.UNREACHABLE);
        for (int length = prefix.isIpv4() ? 32 : 128; length >= 0; length--) {
            NextHopSet found = version.routes().get(Prefix.containing(address, length));
            if (found != null) {
                expected = found;
                break;
            }
        }

        int hash = random.nextInt();
        assertEquals(
                expected.choose(hash),
                version.fib().nextHop(Lookups.id(version.fib(), address), hash),
                () -> context() + " address " + address);
    }

    /** Memory must come back too: what is left are roots and pages. */
    private void removeAll() {
        routes.keySet().forEach(writer::remove);
        routes.clear();
        known.clear();
        versions.clear();
        writer.publish(0).adopt();
        Fib empty = writer.publish(0);
        assertEquals(0, empty.routeCount());
        assertEquals(Fib.NO_ROUTE, empty.lookup4(random.nextInt()), this::context);
        assertEquals(Fib.NO_ROUTE, empty.lookup6(random.nextLong(), 0), this::context);
        long pagesAtMost = 2 * (256 * 2112 + 3 * 1088 + 2112) + 64;
        assertEquals(pagesAtMost, Math.max(pagesAtMost, writer.usedLength()), this::context);
        assertEquals(writer.usedLength() - 64, writer.liveLength(), this::context);
    }

    private String context() {
        return "seed " + seed;
    }
}
