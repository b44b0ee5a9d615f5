package io.spillway.routing.bgp;

import io.spillway.routing.rib.PrefixTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every path of one family, and the best of each prefix.
 *
 * <p>A prefix's paths are a list in parallel arrays, what we originate in front, then the best of
 * the neighbours':
 *
 * <pre>
 *   first[slot] -> path -> next[path] -> ... -> NONE
 *   attributes[path]  number in the AttributeTable
 *   owners[path]      who told it, and whether it is stale
 * </pre>
 *
 * <p>A reader hears either of the front of the list, or of every neighbour's path.
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
            markLearnt(slot, owner);
            return;
        }
        boolean wasStale = owners[path] != owner;
        owners[path] = (short) owner;
        if (attributes[path] == told.id) {
            if (wasStale) {
                markLearnt(slot, owner);
            }
            return;
        }
        PathAttributes before = table.get(attributes[path]);
        table.retain(told);
        attributes[path] = told.id;
        table.release(before);
        if (path == best) {
            markBest(slot);
        }
        choose(slot, best);
        markLearnt(slot, owner);
    }

    private void push(int slot, int owner, PathAttributes told) {
        int path = take();
        table.retain(told);
        attributes[path] = told.id;
        owners[path] = (short) owner;
        if (first[slot] == NONE || owner == PathOwner.ORIGINATED) {
            next[path] = first[slot];
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
        int owner = owners[path] & ~STALE;
        owned[owner].add(isIpv4, -1);
        table.release(table.get(attributes[path]));
        next[path] = firstFree;
        firstFree = path;
        choose(slot, best);
        markLearnt(slot, owner);
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
                markLearnt(slot, owner);
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

    /** Puts the best in its place; readers hear of it when another is in front than before. */
    private void choose(int slot, int before) {
        int head = learntHead(slot);
        int best = best(head);
        if (best != head) {
            int previous = head;
            while (next[previous] != best) {
                previous = next[previous];
            }
            next[previous] = next[best];
            next[best] = head;
            if (first[slot] == head) {
                first[slot] = best;
            } else {
                next[first[slot]] = best;
            }
        }
        if (first[slot] != before) {
            markBest(slot);
        }
    }

    /** The best of the neighbours' paths; the others follow it. */
    private int learntHead(int slot) {
        int path = first[slot];
        boolean isOurs = path != NONE && owners[path] == PathOwner.ORIGINATED;
        return isOurs ? next[path] : path;
    }

    private int best(int head) {
        int best = head;
        if (best == NONE || next[best] == NONE) {
            return best;
        }
        for (int path = next[best]; path != NONE; path = next[path]) {
            if (compareEarly(path, best) < 0) {
                best = path;
            }
        }
        int chosen = NONE;
        for (int path = head; path != NONE; path = next[path]) {
            if (compareEarly(path, best) == 0 && !hasBetterMetric(head, path)) {
                boolean isBetter =
                        chosen == NONE
                                || DecisionProcess.compareLate(owner(path), owner(chosen)) < 0;
                chosen = isBetter ? path : chosen;
            }
        }
        return chosen;
    }

    private int compareEarly(int path, int other) {
        return DecisionProcess.compareEarly(
                table.get(attributes[path]), table.get(attributes[other]));
    }

    /** A rival from the same AS that is equal so far has a lower MULTI_EXIT_DISC. */
    private boolean hasBetterMetric(int head, int path) {
        PathAttributes own = table.get(attributes[path]);
        for (int rival = head; rival != NONE; rival = next[rival]) {
            PathAttributes other = table.get(attributes[rival]);
            if (DecisionProcess.hasLowerMetric(other, own) && compareEarly(rival, path) == 0) {
                return true;
            }
        }
        return false;
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

    private void markBest(int slot) {
        mark(slot, first[slot] != NONE, false);
    }

    private void markLearnt(int slot, int owner) {
        if (owner != PathOwner.ORIGINATED) {
            mark(slot, learntHead(slot) != NONE, true);
        }
    }

    private void mark(int slot, boolean isThere, boolean isLearnt) {
        for (int i = 0; i < readers.size(); i++) {
            RouteReader reader = readers.get(i);
            if (reader.isOfLearnt() != isLearnt) {
                continue;
            }
            if (isThere) {
                reader.mark(slot);
            } else {
                reader.gone(slot);
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

    /** Attributes of the path in front; null: there is none that can be used. */
    PathAttributes bestAttributes(int slot) {
        PathAttributes best = first[slot] == NONE ? null : table.get(attributes[first[slot]]);
        return best != null && best.isUsable() ? best : null;
    }

    /** Who told the best path, which there must be. */
    PathOwner bestOwner(int slot) {
        return owner(first[slot]);
    }

    /** Every neighbour's path, the best first, then those that are as good. */
    List<LearntPath> learnt(int slot) {
        int best = learntHead(slot);
        if (best == NONE) {
            return List.of();
        }
        if (next[best] == NONE) {
            return List.of(learnt(best, best, table.get(attributes[best]).isUsable()));
        }
        List<LearntPath> used = new ArrayList<>();
        List<LearntPath> lost = new ArrayList<>();
        for (int path = best; path != NONE; path = next[path]) {
            boolean isUsed = isAsGood(path, best);
            (isUsed ? used : lost).add(learnt(path, best, isUsed));
        }
        used.addAll(lost);
        return used;
    }

    private boolean isAsGood(int path, int best) {
        return table.get(attributes[path]).isUsable()
                && compareEarly(path, best) == 0
                && !hasBetterMetric(best, path)
                && owner(path).isExternal() == owner(best).isExternal();
    }

    private LearntPath learnt(int path, int best, boolean isUsed) {
        PathAttributes told = table.get(attributes[path]);
        PathAttributes winner = table.get(attributes[best]);
        String reason = path == best ? "" : DecisionProcess.EQUALLY_GOOD;
        if (!isUsed) {
            reason = DecisionProcess.lostBy(told, owner(path), winner, owner(best));
        }
        boolean isStale = (owners[path] & STALE) != 0;
        int neighbour = owner(path).index() - PathOwner.FIRST_NEIGHBOUR;
        return new LearntPath(neighbour, told, isUsed, isStale, reason);
    }
}
