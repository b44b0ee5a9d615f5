package io.spillway.routing.bgp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every path of one family, and the best of each prefix.
 *
 * <p>A prefix's paths are a list in parallel arrays, the best in front:
 *
 * <pre>
 *   first[slot] -> path -> next[path] -> ... -> NONE
 *   attributes[path]  number in the AttributeTable
 *   owners[path]      who told it, and whether it is stale
 * </pre>
 *
 * <p>The decision process is told at {@link RouteTable}.
 */
final class FamilyRoutes {
    static final int NONE = -1;
    private static final short STALE = 0x4000;
    private static final int CAPACITY_MIN = 1024;

    private final AttributeTable table;
    private final PathOwner[] owned;
    private final boolean isIpv4;
    private final PrefixTable prefixes;
    private final List<RouteReader> readers = new ArrayList<>();
    private int[] first = new int[CAPACITY_MIN];
    private int[] attributes = new int[CAPACITY_MIN];
    private int[] next = new int[CAPACITY_MIN];
    private short[] owners = new short[CAPACITY_MIN];
    private int pathEnd;
    private int firstFree = NONE;

    FamilyRoutes(AttributeTable table, PathOwner[] owned, boolean isIpv4) {
        this.table = table;
        this.owned = owned;
        this.isIpv4 = isIpv4;
        prefixes = new PrefixTable(isIpv4);
        Arrays.fill(first, NONE);
    }

    PrefixTable prefixes() {
        return prefixes;
    }

    boolean has(int owner, long high, long low, int length) {
        int slot = prefixes.find(high, low, length);
        return slot != NONE && find(slot, owner) != NONE;
    }

    /** Puts the owner's path in place of what it told before. */
    void announce(int owner, long high, long low, int length, PathAttributes told) {
        int slot = prefixes.add(high, low, length);
        if (prefixes.capacity() > first.length) {
            int before = first.length;
            first = Arrays.copyOf(first, prefixes.capacity());
            Arrays.fill(first, before, first.length, NONE);
        }
        int best = first[slot];
        int path = find(slot, owner);
        if (path == NONE) {
            push(slot, owner, told);
            choose(slot, best);
            return;
        }
        boolean isSame = attributes[path] == told.id;
        owners[path] = (short) owner;
        if (isSame) {
            return;
        }
        PathAttributes before = table.get(attributes[path]);
        table.retain(told);
        attributes[path] = told.id;
        table.release(before);
        if (path == best) {
            markAll(slot);
        }
        choose(slot, best);
    }

    private void push(int slot, int owner, PathAttributes told) {
        int path = take();
        table.retain(told);
        attributes[path] = told.id;
        owners[path] = (short) owner;
        next[path] = NONE;
        if (first[slot] == NONE) {
            first[slot] = path;
        } else {
            next[path] = next[first[slot]];
            next[first[slot]] = path;
        }
        owned[owner].add(isIpv4, 1);
    }

    private int take() {
        if (firstFree != NONE) {
            int path = firstFree;
            firstFree = next[path];
            return path;
        }
        if (pathEnd == attributes.length) {
            int capacity = pathEnd + (pathEnd >> 1);
            attributes = Arrays.copyOf(attributes, capacity);
            next = Arrays.copyOf(next, capacity);
            owners = Arrays.copyOf(owners, capacity);
        }
        return pathEnd++;
    }

    /** Whether the owner had one. */
    boolean withdraw(int owner, long high, long low, int length) {
        int slot = prefixes.find(high, low, length);
        int path = slot == NONE ? NONE : find(slot, owner);
        if (path == NONE) {
            return false;
        }
        remove(slot, path);
        return true;
    }

    private void remove(int slot, int path) {
        int best = first[slot];
        if (path == best) {
            first[slot] = next[path];
        } else {
            int before = best;
            while (next[before] != path) {
                before = next[before];
            }
            next[before] = next[path];
        }
        owned[owners[path] & ~STALE].add(isIpv4, -1);
        table.release(table.get(attributes[path]));
        next[path] = firstFree;
        firstFree = path;
        choose(slot, best);
        forgetUnused(slot);
    }

    /** All the owner's paths, or only the stale ones. */
    void withdrawAll(int owner, boolean onlyStale) {
        for (int slot = 0; slot < prefixes.slotEnd(); slot++) {
            int path = find(slot, owner);
            if (path != NONE && (!onlyStale || (owners[path] & STALE) != 0)) {
                remove(slot, path);
            }
        }
    }

    void markStale(int owner) {
        for (int slot = 0; slot < prefixes.slotEnd(); slot++) {
            int path = find(slot, owner);
            if (path != NONE) {
                owners[path] |= STALE;
            }
        }
    }

    private int find(int slot, int owner) {
        int path = first[slot];
        while (path != NONE && (owners[path] & ~STALE) != owner) {
            path = next[path];
        }
        return path;
    }

    /** Puts the best in front; readers hear of it when it is another than before. */
    private void choose(int slot, int before) {
        int best = best(slot);
        if (best != first[slot]) {
            int previous = first[slot];
            while (next[previous] != best) {
                previous = next[previous];
            }
            next[previous] = next[best];
            next[best] = first[slot];
            first[slot] = best;
        }
        if (best != before) {
            markAll(slot);
        }
    }

    private int best(int slot) {
        int best = first[slot];
        if (best == NONE || next[best] == NONE) {
            return best;
        }
        for (int path = next[best]; path != NONE; path = next[path]) {
            if (compareEarly(path, best) < 0) {
                best = path;
            }
        }
        int chosen = NONE;
        for (int path = first[slot]; path != NONE; path = next[path]) {
            boolean isEqual = compareEarly(path, best) == 0;
            if (isEqual && !hasLowerMetric(slot, path, best)) {
                chosen = chosen == NONE || compareLate(path, chosen) < 0 ? path : chosen;
            }
        }
        return chosen;
    }

    /** A rival from the same AS that is equal so far has a lower MULTI_EXIT_DISC. */
    private boolean hasLowerMetric(int slot, int path, int best) {
        PathAttributes own = table.get(attributes[path]);
        for (int rival = first[slot]; rival != NONE; rival = next[rival]) {
            PathAttributes other = table.get(attributes[rival]);
            boolean isLower =
                    other.neighbourAs == own.neighbourAs
                            && Math.max(other.med, 0) < Math.max(own.med, 0);
            if (isLower && compareEarly(rival, best) == 0) {
                return true;
            }
        }
        return false;
    }

    private int compareEarly(int path, int other) {
        int order = Integer.compare(owner(path).rank(), owner(other).rank());
        if (order != 0 || attributes[path] == attributes[other]) {
            return order;
        }
        PathAttributes one = table.get(attributes[path]);
        PathAttributes two = table.get(attributes[other]);
        order = Long.compare(two.preference(), one.preference());
        if (order == 0) {
            order = Integer.compare(one.hops, two.hops);
        }
        return order != 0 ? order : Integer.compare(one.origin, two.origin);
    }

    private int compareLate(int path, int other) {
        PathOwner one = owner(path);
        PathOwner two = owner(other);
        int order = Boolean.compare(two.isExternal(), one.isExternal());
        if (order == 0) {
            order = Integer.compareUnsigned(one.identifier(), two.identifier());
        }
        return order != 0 ? order : Integer.compare(one.index(), two.index());
    }

    private PathOwner owner(int path) {
        return owned[owners[path] & ~STALE];
    }

    // ---- readers

    /** From now on; all that is known is due. */
    void open(RouteReader reader) {
        readers.add(reader);
        markAll(reader);
    }

    /** Everything anew. */
    void markAll(RouteReader reader) {
        for (int slot = 0; slot < prefixes.slotEnd(); slot++) {
            if (first[slot] != NONE) {
                reader.mark(slot);
            }
        }
    }

    void close(RouteReader reader) {
        readers.remove(reader);
        for (int slot = 0; slot < prefixes.slotEnd(); slot++) {
            if (reader.needs(slot)) {
                forgetUnused(slot);
            }
        }
    }

    private void markAll(int slot) {
        for (int i = 0; i < readers.size(); i++) {
            if (first[slot] == NONE) {
                readers.get(i).gone(slot);
            } else {
                readers.get(i).mark(slot);
            }
        }
    }

    /** A prefix without paths stays until every reader knows. */
    void forgetUnused(int slot) {
        if (first[slot] != NONE) {
            return;
        }
        for (int i = 0; i < readers.size(); i++) {
            if (readers.get(i).needs(slot)) {
                return;
            }
        }
        prefixes.remove(slot);
    }

    /** Attributes of the best path; null: there is none. */
    PathAttributes bestAttributes(int slot) {
        return first[slot] == NONE ? null : table.get(attributes[first[slot]]);
    }

    /** Who told the best path, which there must be. */
    PathOwner bestOwner(int slot) {
        return owner(first[slot]);
    }
}
