package io.spillway.routing.fib;

import java.util.Collection;
import org.agrona.UnsafeApi;

/**
 * The routes in force, as the data plane looks them up: longest prefix wins. A snapshot: nothing of
 * it changes from its publication by {@link FibWriter#publish} until the reader {@link #adopt}s a
 * later one. Lookups read plain memory, wait for nothing and allocate nothing. Any thread may look
 * up in it as long as no later one was adopted.
 *
 * <p>Each family has a trie in {@link NodeMemory}, shared with the snapshots before and after as
 * far as they are equal:
 *
 * <pre>
 *   root                 page, 8 more bits                nodes, 8 more bits each
 *   +----------------+   +----------------------------+   +--------------------------+
 *   | first 8 bits   |   | long: node &lt;&lt; 32           |   | {@link TrieNode}: runs of equal |
 *   | int: page      |--&gt;|     | length &lt;&lt; 22 | ID    |--&gt;| slots; a next-hop ID, or |--&gt; ...
 *   +----------------+   +----------------------------+   | a node, or nothing       |
 *    1 KiB                2 KiB each                      +--------------------------+
 *                         prefixes up to /16, longest      48 bytes, 4 a run and 4 a prefix,
 *                         pushed down                      rounded up to 64
 * </pre>
 *
 * <p>The default route is a field. Where a node has nothing, the longest prefix met on the way
 * holds, so that a change is made in one node whatever lies below, and in those above it, which
 * lead to it. Prefixes up to /16 change the entries that they cover, 65536 at most.
 */
public final class Fib {
    /** Next-hop ID of addresses without a route; {@link #nextHop} gives UNREACHABLE for it. */
    public static final int NO_ROUTE = 0;

    public static final Fib EMPTY = new FibWriter().publish(0);

    private final NodeMemory memory; // keeps it from being given back
    private final long base;
    private final long root4;
    private final long root6;
    private final int default4;
    private final int default6;
    private final NextHopSet[] nextHops;
    private final long generation;
    private final int routeCount;
    private final long snapshot;

    /**
     * @param snapshot its number in the memory
     */
    Fib(
            NodeMemory memory,
            Trie trie4,
            Trie trie6,
            NextHopSet[] nextHops,
            long generation,
            int routeCount,
            long snapshot) {
        this.memory = memory;
        base = memory.base();
        root4 = base + trie4.root() + Trie.DATA_OFFSET;
        root6 = base + trie6.root() + Trie.DATA_OFFSET;
        default4 = trie4.defaultId();
        default6 = trie6.defaultId();
        this.nextHops = nextHops;
        this.generation = generation;
        this.routeCount = routeCount;
        this.snapshot = snapshot;
    }

    /**
     * A table that stays as it is; the order of entries does not matter.
     *
     * @throws IllegalArgumentException when a prefix occurs twice
     */
    public static Fib of(long generation, Collection<FibEntry> entries) {
        FibWriter writer = new FibWriter();
        for (FibEntry entry : entries) {
            if (!writer.put(entry.prefix(), NextHopSet.of(entry.nextHop()))) {
                throw new IllegalArgumentException(entry.prefix() + " occurs twice");
            }
        }
        return writer.publish(generation);
    }

    /** The next-hop ID, or {@link #NO_ROUTE}. {@code address} is the host-order int. */
    public int lookup4(int address) {
        long entry = entry4(address);
        int best = or((int) entry & TrieNode.ID_MASK, default4);
        long node = base + (entry >>> Integer.SIZE);
        int value = TrieNode.value(node, address >>> 8 & TrieNode.SLOT_MASK);
        return value < 0 ? below(value, address, best) : or(value, best);
    }

    /**
     * The first ID unless it is 0, without a branch: which it is cannot be foreseen, and a wrong
     * guess would hold up the lookups behind it until memory has answered.
     */
    private static int or(int id, int other) {
        return id | other & id - 1 >> Integer.SIZE - 1;
    }

    private long entry4(int address) {
        return entry(root4, address >>> 24, address >>> 16 & TrieNode.SLOT_MASK);
    }

    private long entry(long root, int first, int second) {
        int page = UnsafeApi.getInt(root + ((long) first << 2));
        return UnsafeApi.getLong(base + page + Trie.DATA_OFFSET + ((long) second << 3));
    }

    /** The next-hop ID, or {@link #NO_ROUTE}. */
    public int lookup6(long high, long low) {
        int second = (int) (high >>> 48) & TrieNode.SLOT_MASK;
        long entry = entry(root6, (int) (high >>> 56), second);
        int best = or((int) entry & TrieNode.ID_MASK, default6);
        long node = base + (entry >>> Integer.SIZE);
        long rest = high << Trie.SHORT_LENGTH_MAX | low >>> Long.SIZE - Trie.SHORT_LENGTH_MAX;
        long last = low << Trie.SHORT_LENGTH_MAX;
        int value = TrieNode.value(node, (int) (rest >>> 56));
        while (value < 0) {
            node = base - value;
            best = or(TrieNode.cover(node), best);
            rest = rest << TrieNode.STRIDE | last >>> Long.SIZE - TrieNode.STRIDE;
            last <<= TrieNode.STRIDE;
            value = TrieNode.value(node, (int) (rest >>> 56));
        }
        return or(value, best);
    }

    /**
     * The first {@code count} addresses' next-hop IDs, as {@link #lookup4(int)} gives them. In three
     * passes, so that the processor waits for many nodes at once.
     */
    public void lookup4(int[] addresses, int[] ids, int count) {
        for (int i = 0; i < count; i++) {
            ids[i] = (int) (entry4(addresses[i]) >>> Integer.SIZE);
        }
        for (int i = 0; i < count; i++) {
            ids[i] = TrieNode.value(base + ids[i], addresses[i] >>> 8 & TrieNode.SLOT_MASK);
        }
        for (int i = 0; i < count; i++) {
            int best = or((int) entry4(addresses[i]) & TrieNode.ID_MASK, default4);
            ids[i] = ids[i] < 0 ? below(ids[i], addresses[i], best) : or(ids[i], best);
        }
    }

    /** For a value that leads to a node of the last 8 bits. */
    private int below(int value, int address, int best) {
        long node = base - value;
        int found = TrieNode.value(node, address & TrieNode.SLOT_MASK);
        return or(or(found, TrieNode.cover(node)), best);
    }

    /** The first {@code count} addresses' next-hop IDs, as {@link #lookup6(long, long)} gives them. */
    public void lookup6(long[] highs, long[] lows, int[] ids, int count) {
        for (int i = 0; i < count; i++) {
            ids[i] = lookup6(highs[i], lows[i]);
        }
    }

    /**
     * What an ID of this table's lookups means, the first of several; IDs of other snapshots mean
     * nothing here.
     */
    public NextHop nextHop(int id) {
        return nextHops[id].first();
    }

    /** Whether {@link #nextHop(int, int)} has several to choose from. */
    public boolean hasChoice(int id) {
        return nextHops[id].size() > 1;
    }

    /**
     * One of the equally good next hops, the same for all packets of a flow.
     *
     * @param flowHash every bit as good as the others
     */
    public NextHop nextHop(int id, int flowHash) {
        return nextHops[id].choose(flowHash);
    }

    /**
     * The only reader looks up in this snapshot from now on, and never again in an earlier one,
     * whose memory may be used anew. Called by the thread that looks up. A table of which no
     * snapshot is ever adopted keeps them all.
     */
    public void adopt() {
        memory.adopt(snapshot);
    }

    public long generation() {
        return generation;
    }

    public int routeCount() {
        return routeCount;
    }
}
