package io.spillway.bench.micro;

import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibEntry;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One route looked up, each time for another address below a random prefix of the table. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FibBenchmark {
    private static final int ADDRESS_COUNT = 4096;
    private static final int SITE_COUNT = 100;
    private static final long SEED = 1;

    @Param({"100", "10000"})
    public int routes;

    private final int[] addresses4 = new int[ADDRESS_COUNT];
    private final long[] addresses6 = new long[ADDRESS_COUNT];
    private Fib fib;
    private int index;

    /** Half of the routes are IPv4 of 16 to 24 bits below 10/8, half IPv6 of 48 to 64. */
    @Setup
    public void start() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Prefix> prefixes4 = prefixes(true, random);
        List<Prefix> prefixes6 = prefixes(false, random);
        List<FibEntry> entries = new ArrayList<>();
        prefixes4.forEach(prefix -> entries.add(entry(prefix, random)));
        prefixes6.forEach(prefix -> entries.add(entry(prefix, random)));
        fib = Fib.of(1, entries);
        for (int i = 0; i < ADDRESS_COUNT; i++) {
            Prefix prefix4 = prefixes4.get(random.nextInt(prefixes4.size()));
            addresses4[i] = (int) (prefix4.high() >>> Integer.SIZE) | random.nextInt(256);
            addresses6[i] = prefixes6.get(random.nextInt(prefixes6.size())).high();
        }
    }

    @Benchmark
    public int lookup4() {
        return fib.lookup4(addresses4[nextIndex()]);
    }

    @Benchmark
    public int lookup6() {
        return fib.lookup6(addresses6[nextIndex()], index);
    }

    private int nextIndex() {
        index = index + 1 & ADDRESS_COUNT - 1;
        return index;
    }

    private List<Prefix> prefixes(boolean isIpv4, SplittableRandom random) {
        Set<Prefix> prefixes = new LinkedHashSet<>();
        while (prefixes.size() < routes / 2) {
            prefixes.add(isIpv4 ? prefix4(random) : prefix6(random));
        }
        return new ArrayList<>(prefixes);
    }

    private static Prefix prefix4(SplittableRandom random) {
        long high = 10L << 56 | random.nextLong(1L << 24) << Integer.SIZE;
        return Prefix.containing(new IpAddress(true, high, 0), random.nextInt(16, 25));
    }

    private static Prefix prefix6(SplittableRandom random) {
        long high = 0xfd00L << 48 | random.nextLong(1L << 48);
        return Prefix.containing(new IpAddress(false, high, 0), random.nextInt(48, 65));
    }

    private static FibEntry entry(Prefix prefix, SplittableRandom random) {
        return new FibEntry(prefix, NextHop.site(random.nextInt(SITE_COUNT)));
    }
}
