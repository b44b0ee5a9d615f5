package io.spillway.routing.rib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.routing.Seeds;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RouteChangesTest {
    private static final int ROUNDS = Seeds.isLong() ? 2_000 : 100;
    private static final int ADDED_MAX = 3_000;
    private static final int BURST = 200_000; // more than is kept room for

    private final long seed = Seeds.next();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Rib rib = new Rib();
    private final RouteChanges changes = rib.newChanges();
    private final Set<Prefix> twin = new LinkedHashSet<>();

    /** Prefixes come again while they wait; what waits wraps around, and grows meanwhile. */
    @Test
    void shouldTellEachOnceInTheOrderOfTheFirstChange() {
        for (int round = 0; round < ROUNDS; round++) {
            add(random.nextInt(ADDED_MAX));
            drain(random.nextInt(ADDED_MAX));
        }
        add(BURST);
        drain(BURST / 2);
        add(BURST);
        drain(Integer.MAX_VALUE);
        add(ADDED_MAX);
        drain(Integer.MAX_VALUE);
    }

    @Test
    void shouldForgetAll() {
        add(ADDED_MAX);

        changes.clear();
        twin.clear();

        assertEquals(0, changes.drain((prefix, route) -> {}, 1));
        add(ADDED_MAX);
        drain(Integer.MAX_VALUE);
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            long bits = (long) random.nextInt(1 << 20) << 40;
            boolean isIpv4 = random.nextBoolean();
            Prefix prefix = new Prefix(isIpv4, bits, 0, isIpv4 ? 32 : 128);
            rib.tell(changes, prefix);
            twin.add(prefix);
        }
    }

    private void drain(int max) {
        List<Prefix> expected = twin.stream().limit(max).toList();
        List<Prefix> drained = new ArrayList<>();
        assertEquals(
                expected.size(),
                changes.drain((prefix, route) -> drained.add(prefix), max),
                () -> "seed " + seed);
        assertEquals(expected, drained, () -> "seed " + seed);
        expected.forEach(twin::remove);
        assertEquals(twin.size(), changes.size());
        assertEquals(twin.isEmpty(), changes.isEmpty());
    }
}
