package io.spillway.routing.fib;

/**
 * Changes routes and publishes them as snapshots. Owned by control, which is the only one to write;
 * what it has not published, no reader sees.
 *
 * <p>A change costs a few hundred nanoseconds, plus a copy of root and page (3 KiB) for the first
 * below a page after a publication. Memory of earlier snapshots is used again once {@link
 * Fib#adopt} was called for a later one.
 */
public final class FibWriter {
    /** Of the tables of both families, in bytes; millions of real routes. */
    public static final int LENGTH_DEFAULT = 256 << 20;

    /**
     * No change writes more than so many bytes: all nodes below one and those above it, or all that
     * a /8 covers, 49 units each.
     */
    public static final int CHANGE_LENGTH_MAX = 1 << 20;

    private final NodeMemory memory;
    private final Trie trie4;
    private final Trie trie6;
    private final NextHopTable nextHops = new NextHopTable();
    private int routeCount;

    public FibWriter() {
        this(LENGTH_DEFAULT);
    }

    /**
     * @param lengthMax bytes of the tables
     */
    public FibWriter(int lengthMax) {
        memory = new NodeMemory(lengthMax);
        NodeEditor editor = new NodeEditor(memory);
        trie4 = new Trie(memory, editor);
        trie6 = new Trie(memory, editor);
    }

    /**
     * Adds a route or gives it other next hops.
     *
     * @return whether there was none with this prefix before
     * @throws IllegalStateException when the tables are full, and of no use any more; never while
     *     {@link #untouchedLength} is {@link #CHANGE_LENGTH_MAX}
     */
    public boolean put(Prefix prefix, NextHopSet hops) {
        int before = set(prefix, nextHops.retain(hops));
        routeCount += before == 0 ? 1 : 0;
        return before == 0;
    }

    public boolean contains(Prefix prefix) {
        return (prefix.isIpv4() ? trie4 : trie6).get(prefix) != 0;
    }

    /**
     * Returns whether there was such a route.
     *
     * @throws IllegalStateException as {@link #put}
     */
    public boolean remove(Prefix prefix) {
        int before = set(prefix, 0);
        routeCount -= before == 0 ? 0 : 1;
        return before != 0;
    }

    private int set(Prefix prefix, int id) {
        int before = (prefix.isIpv4() ? trie4 : trie6).set(prefix, id);
        if (before != 0) {
            nextHops.release(before);
        }
        return before;
    }

    /** All changes so far, as one snapshot. */
    public Fib publish(long generation) {
        NextHopSet[] hops = nextHops.publish();
        long snapshot = memory.seal();
        memory.reclaim();
        return new Fib(memory, trie4, trie6, hops, generation, routeCount, snapshot);
    }

    public int routeCount() {
        return routeCount;
    }

    /** Memory of the tables, in bytes: of snapshots that readers may still look up in as well. */
    public long usedLength() {
        return memory.usedLength();
    }

    /** What another writer with the same routes would need at most, in bytes. */
    public long liveLength() {
        return memory.liveLength();
    }

    /** Memory that no change has used so far, in bytes. */
    public long untouchedLength() {
        return memory.untouchedLength();
    }

    /** Memory that the system has given so far, in bytes. */
    public long touchedLength() {
        return memory.touchedLength();
    }
}
