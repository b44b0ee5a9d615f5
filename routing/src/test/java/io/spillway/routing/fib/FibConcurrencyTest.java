package io.spillway.routing.fib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;

/**
 * A reader looks up while routes change: in every snapshot each address leads where that snapshot's
 * number says, although memory is used again and again.
 */
class FibConcurrencyTest {
    private static final int PUBLICATION_COUNT = Seeds.isLong() ? 1_000_000 : 5_000;
    private static final int CHANGES_MAX = 20;
    private static final int PREFIX_COUNT = 2_000;
    private static final int LOOKUPS_PER_SNAPSHOT = 50;

    private final long seed = Seeds.next();
    private final List<Prefix> prefixes = new ArrayList<>();
    private final AtomicReference<Fib> current = new AtomicReference<>();
    private final AtomicReference<String> wrong = new AtomicReference<>();

    /** Every prefix always leads to the site {@code generation % 2^k} of its last change. */
    @Test
    void shouldShowEachSnapshotAsItWasPublished() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < PREFIX_COUNT; i++) {
            // Disjoint, so that an address has one route at most: its own.
            prefixes.add(Prefix.ofIpv4(10 << 24 | i << 12 | random.nextInt(16) << 8, 24));
            prefixes.add(Prefix.ofIpv6(0xfd00L << 48 | (long) i << 20, 0, 48 + random.nextInt(80)));
        }
        FibWriter writer = new FibWriter();
        int[] sites = new int[prefixes.size()]; // 0 = no route
        current.set(writer.publish(0));
        History history = new History(sites);
        Thread reader = new Thread(() -> read(history, new SplittableRandom(seed + 1)));
        reader.start();
        for (int number = 1; number <= PUBLICATION_COUNT && wrong.get() == null; number++) {
            for (int change = random.nextInt(CHANGES_MAX); change >= 0; change--) {
                int index = random.nextInt(prefixes.size());
                int site = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(1_000);
                if (site == 0) {
                    writer.remove(prefixes.get(index));
                } else {
                    writer.put(prefixes.get(index), NextHopSet.of(NextHop.site(site)));
                }
                sites[index] = site;
            }
            Fib fib = writer.publish(number);
            history.add(number, sites);
            current.set(fib);
        }
        history.isOver = true;
        reader.join();

        assertEquals(null, wrong.get(), () -> "seed " + seed);
        assertTrue(writer.touchedLength() < 64 << 20, () -> "memory leaks, seed " + seed);
    }

    private void read(History history, SplittableRandom random) {
        while (!history.isOver && wrong.get() == null) {
            Fib fib = current.get();
            fib.adopt();
            int[] sites = history.at((int) fib.generation());
            for (int i = 0; sites != null && i < LOOKUPS_PER_SNAPSHOT; i++) {
                int index = random.nextInt(sites.length);
                NextHop found = Lookups.hop(fib, prefixes.get(index).address());
                NextHop expected =
                        sites[index] == 0 ? NextHop.UNREACHABLE : NextHop.site(sites[index]);
                if (!found.equals(expected)) {
                    wrong.set(prefixes.get(index) + ": " + found + ", not " + expected);
                }
            }
        }
    }

    /** What the latest snapshots must say. */
    private static final class History {
        private static final int KEPT = 64;

        private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(KEPT);
        volatile boolean isOver;

        private record Entry(int number, int[] sites) {}

        History(int[] sites) {
            add(0, sites);
        }

        void add(int number, int[] sites) {
            entries.set(number % KEPT, new Entry(number, sites.clone()));
        }

        /** Null = too long ago. */
        int[] at(int number) {
            Entry entry = entries.get(number % KEPT);
            return entry.number() == number ? entry.sites() : null;
        }
    }
}
