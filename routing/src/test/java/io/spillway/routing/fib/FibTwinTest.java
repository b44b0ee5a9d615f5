package io.spillway.routing.fib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.routing.Seeds;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The trie against a walk over the whole list. */
class FibTwinTest {
    private static final int TABLE_COUNT = Seeds.isLong() ? 2_000 : 60;
    private static final int SIZE_MAX = 400;

    @Test
    void shouldAgreeWithNaiveTwinOnUniformLengths() {
        compareTables(false);
    }

    @Test
    void shouldAgreeWithNaiveTwinOnRealisticLengths() {
        compareTables(true);
    }

    private static void compareTables(boolean isCommon) {
        long seed = Seeds.next();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < TABLE_COUNT; i++) {
            int size = random.nextInt(SIZE_MAX);
            List<FibEntry> entries = RandomRoutes.table(random, size, isCommon);
            Fib fib = Fib.of(i, entries);
            for (FibEntry entry : entries) {
                probeAround(fib, entries, entry.prefix(), random, seed);
            }
            for (int probe = 0; probe < 100; probe++) {
                Prefix anywhere = RandomRoutes.prefix(random);
                compare(fib, entries, RandomRoutes.inside(random, anywhere), seed);
            }
        }
    }

    /** Its first and a random address, and one address beside it for some bits. */
    private static void probeAround(
            Fib fib, List<FibEntry> entries, Prefix prefix, SplittableRandom random, long seed) {
        compare(fib, entries, prefix.address(), seed);
        compare(fib, entries, RandomRoutes.inside(random, prefix), seed);
        compare(fib, entries, RandomRoutes.flipped(prefix, prefix.length() - 1), seed);
        int bit = random.nextInt(prefix.isIpv4() ? 32 : 128);
        compare(fib, entries, RandomRoutes.flipped(prefix, bit), seed);
        compare(fib, entries, last(prefix), seed);
    }

    private static IpAddress last(Prefix prefix) {
        IpAddress ones = new IpAddress(prefix.isIpv4(), prefix.isIpv4() ? -1L << 32 : -1, 0);
        ones = prefix.isIpv4() ? ones : IpAddress.ofIpv6(-1, -1);
        Prefix network = Prefix.containing(ones, prefix.length());
        return new IpAddress(
                prefix.isIpv4(),
                prefix.high() | ones.high() ^ network.high(),
                prefix.low() | ones.low() ^ network.low());
    }

    private static void compare(Fib fib, List<FibEntry> entries, IpAddress address, long seed) {
        NextHop expected = NextHop.UNREACHABLE;
        int longest = -1;
        for (FibEntry entry : entries) {
            if (entry.prefix().length() > longest && entry.prefix().contains(address)) {
                longest = entry.prefix().length();
                expected = entry.nextHop();
            }
        }

        NextHop found = Lookups.hop(fib, address);

        assertEquals(expected, found, () -> "seed " + seed + " address " + address);
    }
}
