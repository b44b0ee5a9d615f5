package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which prefixes a reader of the {@link Rib} has to look at again: their route in use may be
 * another one, or gone. Each is told once however often it changed meanwhile, in the order of the
 * first change. Owned by control.
 */
public final class RouteChanges {
    private final Set<Prefix> waiting = new LinkedHashSet<>();

    RouteChanges() {}

    void add(Prefix prefix) {
        waiting.add(prefix);
    }

    void clear() {
        waiting.clear();
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    public int size() {
        return waiting.size();
    }

    /**
     * Takes the first {@code max}; ask {@link Rib#inUse} what has become of each. The reader must
     * not change routes meanwhile.
     *
     * @return how many were taken
     */
    public int drain(Consumer<Prefix> reader, int max) {
        int taken = 0;
        for (Iterator<Prefix> next = waiting.iterator(); taken < max && next.hasNext(); taken++) {
            Prefix prefix = next.next();
            next.remove();
            reader.accept(prefix);
        }
        return taken;
    }
}
