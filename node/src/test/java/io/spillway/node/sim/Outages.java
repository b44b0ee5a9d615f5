package io.spillway.node.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The outages that one test class has seen, for its report. */
final class Outages {
    private static final List<Long> SEEN = Collections.synchronizedList(new ArrayList<>());

    private Outages() {}

    static void note(long outageMs) {
        SEEN.add(outageMs);
    }

    /** Of what was noted since the last summary. */
    static String summary() {
        List<Long> sorted = SEEN.stream().sorted().toList();
        SEEN.clear();
        if (sorted.isEmpty()) {
            return "no outages";
        }
        return "%d outages, virtual ms: p50 %d, p90 %d, p99 %d, max %d"
                .formatted(
                        sorted.size(),
                        at(sorted, 0.5),
                        at(sorted, 0.9),
                        at(sorted, 0.99),
                        sorted.getLast());
    }

    private static long at(List<Long> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share));
    }
}
