package io.spillway.dataplane.flow;

import io.spillway.dataplane.buffer.FiveTuple;

/**
 * How many flows each address has begun lately, so that none takes up the whole table. Each flow
 * costs its beginner a part of {@link #WINDOW_NS}, which time pays off; who owes all of it begins
 * no other.
 *
 * <p>A cache of fixed size: an address that is new takes the place of the one in its set that owes
 * least, so that only who owes little is forgotten.
 *
 * <p>Owned by the lan agent.
 */
final class HostFlows {
    /** As long as {@link FlowTable} keeps an answered flow from making room for another. */
    static final long WINDOW_NS = 30_000_000_000L;

    private static final int SETS = 1024; // a power of two
    private static final int WAYS = 4;
    private static final int NONE = -1;
    private static final long NAMED = Long.MIN_VALUE; // so that 0 is an empty place

    private final int flowsMax;
    private final long costNs;
    private final long windowNs;
    private final long seed;
    private final long[] names = new long[SETS * WAYS];
    private final long[] paidNs = new long[SETS * WAYS]; // when nothing is owed any more

    /**
     * @param flowsMax that an address may begin within {@link #WINDOW_NS}; 0: any number
     * @param seed random, unknown to others
     */
    HostFlows(int flowsMax, int seed) {
        this.flowsMax = flowsMax;
        this.seed = FiveTuple.mix(seed);
        costNs = flowsMax == 0 ? 0 : WINDOW_NS / flowsMax;
        windowNs = costNs * flowsMax;
    }

    int flowsMax() {
        return flowsMax;
    }

    /** Whether who sends this may begin a flow with it, which is then counted. */
    boolean mayBegin(FiveTuple tuple, long nowNs) {
        if (flowsMax == 0) {
            return true;
        }
        int place = place(name(tuple), nowNs);
        long owedNs = owedNs(place, nowNs) + costNs;
        if (owedNs > windowNs) {
            return false;
        }
        paidNs[place] = nowNs + owedNs;
        return true;
    }

    private long owedNs(int place, long nowNs) {
        return Math.max(0, paidNs[place] - nowNs);
    }

    /** Its own, or that of who owes least. */
    private int place(long name, long nowNs) {
        int known = find(name);
        if (known != NONE) {
            return known;
        }
        int least = first(name);
        for (int i = least + 1; i < first(name) + WAYS; i++) {
            boolean owesLess = names[i] == 0 || paidNs[i] - paidNs[least] < 0;
            if (names[least] != 0 && owesLess) {
                least = i;
            }
        }
        names[least] = name;
        paidNs[least] = nowNs;
        return least;
    }

    private int find(long name) {
        for (int i = first(name); i < first(name) + WAYS; i++) {
            if (names[i] == name) {
                return i;
            }
        }
        return NONE;
    }

    private static int first(long name) {
        return ((int) name & SETS - 1) * WAYS;
    }

    private long name(FiveTuple tuple) {
        long hash = FiveTuple.mix(seed ^ tuple.sourceHigh);
        return FiveTuple.mix(hash + tuple.sourceLow) | NAMED;
    }

    /** Takes over what another, of the same limit, knows of who sends this. */
    void copy(FiveTuple tuple, HostFlows other, long nowNs) {
        int there = other.find(other.name(tuple));
        if (there != NONE) {
            paidNs[place(name(tuple), nowNs)] = other.paidNs[there];
        }
    }
}
