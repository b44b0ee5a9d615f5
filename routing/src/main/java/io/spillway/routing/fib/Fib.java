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
 *   root                  page            node                        nodes
 *   +-----------------+   +-----------+   +-----------------------+   +---------------------+
 *   | first 8 bits    |   | 8 more    |   | 8 more bits           |   | 8 more bits each    |
 *   | int: page       |--&gt;| int: node |--&gt;| int: next-hop ID of   |--&gt;| int: ID or node, or |--&gt; ...
 *   | int: ID, /0../7 |   +-----------+   | /8../24, or a node    |   | 0: holds from above |
 *   +-----------------+    1 KiB each     +-----------------------+   +---------------------+
 *    2 KiB                                 1 KiB and more, {@link TrieNode}  64 bytes and more
 * </pre>
 *
 * <p>So most lookups read two small tables, which stay in the processor's second-level cache, and
 * one slot of a node in memory. Nodes of the third step have prefixes from /8 on pushed down into
 * their slots, 256 nodes for a /8; where one has none of its own, it is shared with all that say
 * the same. Below them a node that has nothing for an address leaves it to the longest prefix met
 * on the way, so that a change is made in one node whatever lies below, and in those above it,
 * which lead to it.
 */
public final class Fib {
    /** Next-hop ID of addresses without a route; {@link #nextHop} gives UNREACHABLE for it. */
    public static final int NO_ROUTE = 0;

    public static final Fib EMPTY = new FibWriter().publish(0);

    private final NodeMemory memory; // keeps it from being given back
    private final long base;
    private final long root4;
    private final long root6;
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
        int value = TrieNode.wideValue(base + node4(address), address >>> 8 & TrieNode.SLOT_MASK);
        return result4(value, address);
    }

    private int node4(int address) {
        return node(root4, address >>> 24, address >>> 16 & TrieNode.SLOT_MASK);
    }

    /** For bits 16 to 23. */
    private int node(long root, int first, int second) {
        int page = UnsafeApi.getInt(root + ((long) first << 3));
        return UnsafeApi.getInt(base + page + Trie.DATA_OFFSET + ((long) second << 2));
    }

    /** Of the longest prefix up to /7; 0: none. */
    private static int shortest(long root, int first) {
        return UnsafeApi.getInt(root + ((long) first << 3) + Integer.BYTES);
    }

    /** What holds where the node for bits 16 to 23 says this; a branch only to another node. */
    private int result4(int value, int address) {
        return value < 0 ? further(value, address) : or(value, shortest(root4, address >>> 24));
    }

    /** Another node knows. */
    private int further(int value, int address) {
        long node = base - value;
        int best =
                or(TrieNode.cover(base + node4(address)), shortest(root4, address >>> 24));
        int nearer = or(TrieNode.cover(node), best);
        return or(TrieNode.value(node, address & TrieNode.SLOT_MASK), nearer);
    }

    /** The first ID unless it is 0, without a branch. */
    private static int or(int id, int other) {
        return id | other & id - 1 >> Integer.SIZE - 1;
    }

    /** The next-hop ID, or {@link #NO_ROUTE}. */
    public int lookup6(long high, long low) {
        int value = TrieNode.wideValue(base + node6(high), slot(high, 40));
        for (int shift = 32; value < 0 && shift >= 0; shift -= TrieNode.STRIDE) {
            value = TrieNode.value(base - value, slot(high, shift));
        }
        for (int shift = 56; value < 0; shift -= TrieNode.STRIDE) {
            value = TrieNode.value(base - value, slot(low, shift));
        }
        return value > 0 ? value : cover6(high, low);
    }

    private int node6(long high) {
        return node(root6, slot(high, 56), slot(high, 48));
    }

    private static int slot(long half, int shift) {
        return (int) (half >>> shift) & TrieNode.SLOT_MASK;
    }

    /** The same way again, for an address that the last node says nothing of. */
    private int cover6(long high, long low) {
        long first = base + node6(high);
        int best = or(TrieNode.cover(first), shortest(root6, slot(high, 56)));
        int value = TrieNode.wideValue(first, slot(high, 40));
        for (int depth = 24; value < 0; depth += TrieNode.STRIDE) {
            long half = depth < Long.SIZE ? high : low;
            long node = base - value;
            best = or(TrieNode.cover(node), best);
            value = TrieNode.value(node, slot(half, Long.SIZE - TrieNode.STRIDE - depth)); // mod 64
        }
        return best;
    }

    /**
     * The first {@code count} addresses' next-hop IDs, as {@link #lookup4(int)} gives them. In
     * three passes, so that the processor waits for many nodes at once, and without branches that
     * cannot be foreseen, each of which would hold up those behind it until memory has answered.
     */
    public void lookup4(int[] addresses, int[] ids, int count) {
        for (int i = 0; i < count; i++) {
            ids[i] = node4(addresses[i]);
        }
        for (int i = 0; i < count; i++) {
            ids[i] = TrieNode.wideValue(base + ids[i], addresses[i] >>> 8 & TrieNode.SLOT_MASK);
        }
        for (int i = 0; i < count; i++) {
            ids[i] = result4(ids[i], addresses[i]);
        }
    }

    /** The first {@code count} addresses' next-hop IDs, as {@link #lookup6(long, long)} does. */
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

    /** All that {@link #nextHop(int, int)} chooses from. */
    public NextHopSet nextHops(int id) {
        return nextHops[id];
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
