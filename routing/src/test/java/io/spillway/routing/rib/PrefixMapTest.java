package io.spillway.routing.rib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.routing.Seeds;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PrefixMapTest {
    private static final int STEPS = Seeds.isLong() ? 5_000_000 : 200_000;
    private static final int ADDRESSES = 3_000; // few, so that prefixes come again
    private static final int CHECK_EVERY = 20_000;

    private final long seed = Seeds.next();
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void shouldDoAsAPlainMapDoes() {
        PrefixMap<Integer> map = new PrefixMap<>();
        Map<Prefix, Integer> twin = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            Prefix prefix = prefix();
            boolean isRemoval = random.nextInt(100) < (step / CHECK_EVERY % 2 == 0 ? 30 : 70);
            Integer expected = isRemoval ? twin.remove(prefix) : twin.put(prefix, step);
            Integer before = isRemoval ? map.remove(prefix) : map.put(prefix, step);
            assertEquals(expected, before, () -> prefix + ", seed " + seed);
            if (step % CHECK_EVERY == 0) {
                check(twin, map);
            }
        }
        check(twin, map);
    }

    private void check(Map<Prefix, Integer> twin, PrefixMap<Integer> map) {
        Map<Prefix, Integer> seen = new HashMap<>();
        map.forEach(seen::put);
        assertEquals(twin, seen, () -> "seed " + seed);
        assertEquals(twin.size(), map.size());
    }

    private Prefix prefix() {
        boolean isIpv4 = random.nextInt(3) != 0;
        long address = random.nextInt(ADDRESSES) * 0x9E37_79B9_7F4A_7C15L;
        int length = random.nextInt((isIpv4 ? 32 : 128) + 1);
        IpAddress ip =
                isIpv4
                        ? IpAddress.ofIpv4((int) (address >>> 32))
                        : IpAddress.ofIpv6(address, ~address);
        return Prefix.containing(ip, length);
    }
}
