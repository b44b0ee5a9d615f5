package io.spillway.routing.fib;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.agrona.collections.IntArrayList;

/**
 * The IDs that tries hold in place of next-hop sets, counted by the routes that use them. Owned by
 * the {@link FibWriter}. Each snapshot has a list of its own, so that an ID without routes may get
 * another meaning at once.
 */
final class NextHopTable {
    private final Map<NextHopSet, Integer> ids = new HashMap<>();
    private final IntArrayList unused = new IntArrayList();
    private NextHopSet[] sets = {NextHopSet.of(NextHop.UNREACHABLE)};
    private int[] routes = new int[1];
    private NextHopSet[] published;

    /** The set's ID, above 0, with one more route. */
    int retain(NextHopSet set) {
        Integer known = ids.get(set);
        int id = known == null ? add(set) : known;
        routes[id]++;
        return id;
    }

    private int add(NextHopSet set) {
        int id = unused.isEmpty() ? grown() : unused.popInt();
        sets[id] = set;
        ids.put(set, id);
        published = null;
        return id;
    }

    private int grown() {
        int id = sets.length;
        if (id > TrieNode.ID_MASK) {
            throw new IllegalStateException("more than " + TrieNode.ID_MASK + " next-hop sets");
        }
        int length = Math.min(TrieNode.ID_MASK + 1, Math.max(8, id * 3 / 2));
        sets = Arrays.copyOf(sets, length);
        routes = Arrays.copyOf(routes, length);
        for (int spare = length - 1; spare > id; spare--) {
            unused.addInt(spare);
        }
        return id;
    }

    /** One route less. */
    void release(int id) {
        if (--routes[id] == 0) {
            ids.remove(sets[id]);
            unused.addInt(id);
        }
    }

    /** By ID. What no route uses may be anything. */
    NextHopSet[] publish() {
        if (published == null) {
            published = sets.clone();
        }
        return published;
    }
}
