package io.spillway.routing.fib;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Random prefixes and tables; the same seed gives the same ones. */
final class RandomRoutes {
    /** Lengths in rough proportion to public tables, and what sites use. */
    private static final int[] COMMON4 = {8, 12, 16, 16, 19, 20, 22, 22, 23, 24, 24, 24, 24, 32};

    private static final int[] COMMON6 = {16, 29, 32, 32, 40, 44, 48, 48, 48, 56, 64, 64, 127, 128};

    private RandomRoutes() {}

    static Prefix prefix(SplittableRandom random) {
        return prefix(random, random.nextBoolean(), random.nextBoolean());
    }

    static Prefix prefix(SplittableRandom random, boolean isIpv4, boolean isCommon) {
        int[] common = isIpv4 ? COMMON4 : COMMON6;
        int any = random.nextInt((isIpv4 ? Prefix.IPV4_LENGTH_MAX : Prefix.IPV6_LENGTH_MAX) + 1);
        int length = isCommon ? common[random.nextInt(common.length)] : any;
        return Prefix.containing(address(random, isIpv4), length);
    }

    private static IpAddress address(SplittableRandom random, boolean isIpv4) {
        return isIpv4
                ? IpAddress.ofIpv4(random.nextInt())
                : IpAddress.ofIpv6(random.nextLong(), random.nextLong());
    }

    /** Distinct prefixes of both families; half of them nested in or next to earlier ones. */
    static List<FibEntry> table(SplittableRandom random, int size, boolean isCommon) {
        List<Prefix> prefixes = new ArrayList<>();
        Set<Prefix> seen = new LinkedHashSet<>();
        while (prefixes.size() < size) {
            boolean related = !prefixes.isEmpty() && random.nextBoolean();
            Prefix prefix =
                    related
                            ? related(random, prefixes.get(random.nextInt(prefixes.size())))
                            : prefix(random, random.nextBoolean(), isCommon);
            if (seen.add(prefix)) {
                prefixes.add(prefix);
            }
        }
        List<FibEntry> entries = new ArrayList<>();
        prefixes.forEach(p -> entries.add(new FibEntry(p, NextHop.site(random.nextInt(50)))));
        return entries;
    }

    /** Inside the prefix, around it, or its sibling. */
    private static Prefix related(SplittableRandom random, Prefix prefix) {
        int lengthMax = prefix.isIpv4() ? Prefix.IPV4_LENGTH_MAX : Prefix.IPV6_LENGTH_MAX;
        return switch (random.nextInt(3)) {
            case 0 -> Prefix.containing(prefix.address(), random.nextInt(prefix.length() + 1));
            case 1 -> {
                int length = prefix.length() + random.nextInt(lengthMax - prefix.length() + 1);
                yield Prefix.containing(inside(random, prefix), length);
            }
            default -> Prefix.containing(flipped(prefix, prefix.length() - 1), prefix.length());
        };
    }

    static IpAddress inside(SplittableRandom random, Prefix prefix) {
        IpAddress host = address(random, prefix.isIpv4());
        Prefix hostBits = Prefix.containing(host, prefix.length());
        return new IpAddress(
                prefix.isIpv4(),
                prefix.high() | host.high() ^ hostBits.high(),
                prefix.low() | host.low() ^ hostBits.low());
    }

    /** The prefix's address with one bit turned; bit -1 = none. */
    static IpAddress flipped(Prefix prefix, int bit) {
        long high = prefix.high() ^ (bit >= 0 && bit < 64 ? 1L << 63 - bit : 0);
        long low = prefix.low() ^ (bit >= 64 ? 1L << 127 - bit : 0);
        return new IpAddress(prefix.isIpv4(), high, low);
    }
}
