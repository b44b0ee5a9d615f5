package io.spillway.bench.micro;

import io.spillway.routing.fib.Prefix;
import java.util.SplittableRandom;

/** Addresses to look up, more than caches hold; the same each time. */
final class AddressStream {
    static final int LENGTH = 1 << 20;

    private static final long SEED = 2;

    /** Half of the packets go to the first 2^-8 of the routes. */
    private static final int SKEW = 8;

    final int[] addresses4 = new int[LENGTH];
    final long[] highs = new long[LENGTH];
    final long[] lows = new long[LENGTH];

    /**
     * @param kind "random": any IPv4 address, and IPv6 addresses of any route; "realistic":
     *     addresses of routes, most of a few
     */
    AddressStream(FullTable table, String kind) {
        SplittableRandom random = new SplittableRandom(SEED);
        boolean isRandom = kind.equals("random");
        if (!isRandom && !kind.equals("realistic")) {
            throw new IllegalArgumentException("stream " + kind);
        }
        for (int i = 0; i < LENGTH; i++) {
            double where = Math.pow(random.nextDouble(), isRandom ? 1 : SKEW);
            Prefix route4 = table.routes4[(int) (where * FullTable.COUNT4)];
            Prefix route6 = table.routes6[(int) (where * FullTable.COUNT6)];
            int host4 = route4.length() == 32 ? 0 : random.nextInt() >>> route4.length();
            addresses4[i] = isRandom ? random.nextInt() : (int) (route4.high() >>> 32) | host4;
            highs[i] =
                    route6.high()
                            | (route6.length() >= 64 ? 0 : random.nextLong() >>> route6.length());
            lows[i] = route6.length() == 128 ? route6.low() : random.nextLong();
        }
    }
}
