package io.spillway.routing.fib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The routes in force, as the data plane looks them up: longest prefix wins. Immutable, so any
 * thread may read it; control publishes another one, with another generation, to change it.
 *
 * <p>Each family has a multibit trie in one {@code int[]}, built by {@link StrideTrie}:
 *
 * <pre>
 *   0           65536        65792        66048
 *   +-----------+------------+------------+----
 *   | root      | block      | block      | ...      root: 16 address bits, block: 8 more
 *   +-----------+------------+------------+----
 *   entry >= 0   next-hop ID of the longest prefix here; 0 = no route
 *   entry &lt;  0   ~entry is the offset of the block that the next 8 bits index
 * </pre>
 *
 * <p>Shorter prefixes are pushed down into the entries they cover, so a lookup never goes back: an
 * IPv4 lookup reads one entry for prefixes up to /16, two up to /24, three at most; an IPv6 lookup
 * one entry more per 8 bits of the longest prefix on its way. It allocates nothing.
 */
public final class Fib {
    /** Next-hop ID of addresses without a route; {@link #nextHop} gives UNREACHABLE for it. */
    public static final int NO_ROUTE = 0;

    public static final Fib EMPTY = of(0, List.of());

    private static final Comparator<FibEntry> SHORTEST_FIRST =
            Comparator.comparingInt((FibEntry entry) -> entry.prefix().length())
                    .thenComparing(FibEntry::prefix);

    private final long generation;
    private final int routeCount;
    private final int[] nodes4;
    private final int[] nodes6;
    private final NextHop[] nextHops;

    private Fib(long generation, int routeCount, int[] nodes4, int[] nodes6, NextHop[] nextHops) {
        this.generation = generation;
        this.routeCount = routeCount;
        this.nodes4 = nodes4;
        this.nodes6 = nodes6;
        this.nextHops = nextHops;
    }

    /**
     * Builds the table; the order of entries does not matter.
     *
     * @throws IllegalArgumentException when a prefix occurs twice
     */
    public static Fib of(long generation, Collection<FibEntry> entries) {
        FibEntry[] sorted = entries.toArray(FibEntry[]::new);
        Arrays.sort(sorted, SHORTEST_FIRST);
        StrideTrie trie4 = new StrideTrie();
        StrideTrie trie6 = new StrideTrie();
        List<NextHop> nextHops = new ArrayList<>(List.of(NextHop.UNREACHABLE));
        Map<NextHop, Integer> ids = new HashMap<>();
        for (int i = 0; i < sorted.length; i++) {
            Prefix prefix = sorted[i].prefix();
            if (i > 0 && prefix.equals(sorted[i - 1].prefix())) {
                throw new IllegalArgumentException(prefix + " occurs twice");
            }
            int id = ids.computeIfAbsent(sorted[i].nextHop(), hop -> append(nextHops, hop));
            (prefix.isIpv4() ? trie4 : trie6).add(prefix, id);
        }
        NextHop[] hops = nextHops.toArray(NextHop[]::new);
        return new Fib(generation, sorted.length, trie4.nodes(), trie6.nodes(), hops);
    }

    private static int append(List<NextHop> nextHops, NextHop nextHop) {
        nextHops.add(nextHop);
        return nextHops.size() - 1;
    }

    /** The next-hop ID, or {@link #NO_ROUTE}. {@code address} is the host-order int. */
    public int lookup4(int address) {
        int[] nodes = nodes4;
        int entry = nodes[address >>> 16];
        if (entry < 0) {
            entry = nodes[~entry + (address >>> 8 & 0xFF)];
            if (entry < 0) {
                entry = nodes[~entry + (address & 0xFF)];
            }
        }
        return entry;
    }

    /** The next-hop ID, or {@link #NO_ROUTE}. */
    public int lookup6(long high, long low) {
        int[] nodes = nodes6;
        int entry = nodes[(int) (high >>> 48)];
        for (int shift = 40; entry < 0 && shift >= 0; shift -= 8) {
            entry = nodes[~entry + ((int) (high >>> shift) & 0xFF)];
        }
        for (int shift = 56; entry < 0; shift -= 8) {
            entry = nodes[~entry + ((int) (low >>> shift) & 0xFF)];
        }
        return entry;
    }

    /** What an ID of this table's lookups means; IDs of other generations mean nothing here. */
    public NextHop nextHop(int id) {
        return nextHops[id];
    }

    public long generation() {
        return generation;
    }

    public int routeCount() {
        return routeCount;
    }
}
