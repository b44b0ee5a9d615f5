package io.spillway.routing.rib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Against a {@link TreeSet}. */
class PrefixSetTest {
    private static final int ROUNDS = Boolean.getBoolean("spillway.long") ? 100_000 : 2_000;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void shouldDoAsATreeSetDoes() {
        for (int round = 0; round < ROUNDS; round++) {
            TreeSet<Prefix> model = some();
            TreeSet<Prefix> gone = some();
            TreeSet<Prefix> come = some();
            PrefixSet set = PrefixSet.of(new ArrayList<>(model));

            assertEquals(model, set, "seed " + seed);
            assertEquals(List.copyOf(model), List.copyOf(set), "seed " + seed);
            gone.forEach(p -> assertEquals(model.contains(p), set.contains(p), "seed " + seed));
            gone.forEach(p -> assertEquals(model.headSet(p).size(), set.firstFrom(p)));

            for (Prefix network : come) {
                long inside = model.stream().filter(network::contains).count();
                assertEquals(inside, set.endOf(network) - set.firstFrom(network), "seed " + seed);
            }

            TreeSet<Prefix> less = new TreeSet<>(model);
            less.removeAll(gone);
            assertEquals(PrefixSet.of(less), set.without(PrefixSet.of(gone)), "seed " + seed);
            less.addAll(come);
            PrefixSet changed = set.with(PrefixSet.of(gone), PrefixSet.of(come));
            assertEquals(PrefixSet.of(less), changed, "seed " + seed);
            assertEquals(List.copyOf(less), List.copyOf(changed), "seed " + seed);

            int count = random.nextInt(model.size() + 2);
            List<Prefix> first = model.stream().limit(count).toList();
            assertEquals(first, List.copyOf(set.first(count)), "seed " + seed);
        }
    }

    @Test
    void shouldTakeInABuilderOnlyWhatComesInOrder() {
        PrefixSet.Builder builder = new PrefixSet.Builder();

        assertTrue(builder.add(Prefix.parse("10.0.0.0/8")));
        assertFalse(builder.add(Prefix.parse("10.0.0.0/8")));
        assertFalse(builder.add(Prefix.parse("9.0.0.0/8")));
        assertTrue(builder.add(Prefix.parse("10.0.0.0/9")));
        assertTrue(builder.add(Prefix.parse("::/0")));
        assertFalse(builder.add(Prefix.parse("::/0")));
        assertFalse(builder.add(Prefix.parse("200.0.0.0/8")));
        assertTrue(builder.add(Prefix.parse("::1/128")));
        assertFalse(builder.add(Prefix.parse("::1/127".replace("1/127", "/127"))));

        assertEquals(4, builder.build().size());
    }

    @Test
    void shouldHaveOneEmptySetAndCopyNone() {
        PrefixSet set = PrefixSet.of(List.of(Prefix.parse("10.0.0.0/8")));

        assertSame(PrefixSet.EMPTY, PrefixSet.of(List.of()));
        assertSame(PrefixSet.EMPTY, set.without(set));
        assertSame(set, PrefixSet.of(set));
        assertSame(set, set.first(1));
    }

    private TreeSet<Prefix> some() {
        TreeSet<Prefix> some = new TreeSet<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            boolean isIpv4 = random.nextInt(3) > 0;
            long high = (long) random.nextInt(4) << 62 | (long) random.nextInt(4) << 40;
            long low = isIpv4 ? 0 : random.nextInt(3);
            IpAddress address = new IpAddress(isIpv4, high, low);
            some.add(Prefix.containing(address, random.nextInt(isIpv4 ? 33 : 129)));
        }
        return some;
    }
}
