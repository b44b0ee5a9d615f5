package io.spillway.bench.micro;

import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibWriter;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.NextHopSet;
import io.spillway.routing.fib.Prefix;
import java.util.SplittableRandom;

/**
 * 1,000,000 IPv4 routes with the prefix lengths of the table that DPDK's tests use, and 200,000
 * IPv6 routes with those of the Internet's, anywhere in the unicast space; the same each time.
 */
final class FullTable {
    static final int COUNT4 = 1_000_000;
    static final int COUNT6 = 200_000;

    private static final long SEED = 1;
    private static final int HOP_COUNT = 250;

    /** By length from 10 on, in hundredths of a per cent. */
    private static final int[] LENGTHS4 = {
        1, 1, 4, 7, 20, 34, 644, 121, 220, 641, 579, 451, 672, 793, 5423, 25, 52, 60, 66, 120, 56,
        0, 9
    };

    private static final int LENGTH4_MIN = 10;

    /** Pairs: length, hundredths of a per cent. */
    private static final int[] LENGTHS6 = {
        20, 10, 24, 20, 28, 50, 29, 450, 30, 40, 32, 1250, 33, 100, 34, 80, 35, 60, 36, 500, 38,
        130, 40, 850, 42, 250, 44, 950, 45, 120, 46, 260, 47, 180, 48, 4500, 56, 100, 64, 80, 128,
        20
    };

    /** A quarter of the longer IPv6 routes lies in one of so many networks, /32 each. */
    private static final int NETWORK_COUNT = 12_000;

    final FibWriter writer = new FibWriter();
    final Prefix[] routes4 = new Prefix[COUNT4];
    final Prefix[] routes6 = new Prefix[COUNT6];
    private final NextHopSet[] hops = new NextHopSet[HOP_COUNT];
    private final SplittableRandom random = new SplittableRandom(SEED);

    FullTable() {
        for (int i = 0; i < HOP_COUNT; i++) {
            hops[i] = NextHopSet.of(NextHop.site(i));
        }
        long[] networks = new long[NETWORK_COUNT];
        for (int i = 0; i < NETWORK_COUNT; i++) {
            networks[i] = network6();
        }
        for (int i = 0; i < COUNT4; ) {
            Prefix prefix = prefix4();
            if (writer.put(prefix, hops[random.nextInt(HOP_COUNT)])) routes4[i++] = prefix;
        }
        for (int i = 0; i < COUNT6; ) {
            Prefix prefix = prefix6(networks[random.nextInt(NETWORK_COUNT)]);
            if (writer.put(prefix, hops[random.nextInt(HOP_COUNT)])) routes6[i++] = prefix;
        }
    }

    /**
     * Withdraws a route in even steps, puts it back by some next hop in the step after; four IPv4
     * routes, then one IPv6 route.
     */
    Fib change(int step) {
        int pair = step >>> 1;
        boolean isIpv6 = pair % 5 == 4;
        Prefix route = isIpv6 ? routes6[pair % COUNT6] : routes4[pair % COUNT4];
        if ((step & 1) == 0) {
            writer.remove(route);
        } else {
            writer.put(route, hops[pair % HOP_COUNT]);
        }
        return writer.publish(step);
    }

    /** Below 1.0.0.0 and above 223.255.255.255 is no unicast. */
    private Prefix prefix4() {
        int share = random.nextInt(total(LENGTHS4, 0, 1));
        int length = LENGTH4_MIN;
        while ((share -= LENGTHS4[length - LENGTH4_MIN]) >= 0) {
            length++;
        }
        int address = random.nextInt(1, 224) << 24 | random.nextInt(1 << 24);
        return Prefix.containing(IpAddress.ofIpv4(address), length);
    }

    /** In the blocks that registries hand out. */
    private long network6() {
        long[] blocks = {0x2001, 0x2400, 0x2600, 0x2800, 0x2a00, 0x2c00};
        long block = blocks[random.nextInt(blocks.length)] + random.nextInt(16);
        return block << 48 | random.nextLong(1L << 16) << 32;
    }

    private Prefix prefix6(long network) {
        int share = random.nextInt(total(LENGTHS6, 1, 2));
        int index = 0;
        while ((share -= LENGTHS6[index + 1]) >= 0) {
            index += 2;
        }
        int length = LENGTHS6[index];
        long high = length <= 32 ? network6() : network | random.nextLong(1L << 32);
        return Prefix.containing(IpAddress.ofIpv6(high, random.nextLong()), length);
    }

    private static int total(int[] shares, int first, int step) {
        int total = 0;
        for (int i = first; i < shares.length; i += step) {
            total += shares[i];
        }
        return total;
    }
}
