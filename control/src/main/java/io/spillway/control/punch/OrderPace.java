package io.spillway.control.punch;

import java.util.HashMap;
import java.util.Map;

/** How often a broker orders the same pair of links, whoever asks. Owned by control. */
public final class OrderPace {
    static final long ORDER_MIN_NS = 500_000_000L;

    /** Then pairs that have not asked for long are forgotten. */
    private static final int PAIRS_KEPT_MAX = 65_536;

    private record Pair(long first, int firstLink, long second, int secondLink) {}

    private final Map<Pair, Long> orderedNs = new HashMap<>();

    /** Whether they may be ordered now; if so, not again for a while. */
    public boolean take(PunchEnd first, PunchEnd second, long nowNs) {
        Pair pair = new Pair(first.siteId(), first.link(), second.siteId(), second.link());
        Long before = orderedNs.get(pair);
        if (before != null && nowNs - before < ORDER_MIN_NS) {
            return false;
        }
        if (orderedNs.size() >= PAIRS_KEPT_MAX) {
            orderedNs.values().removeIf(ns -> nowNs - ns >= ORDER_MIN_NS);
        }
        orderedNs.put(pair, nowNs);
        return true;
    }
}
