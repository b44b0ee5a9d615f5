package io.spillway.dataplane.observe;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What all agents count, added up by who reads it. Any thread. */
public final class DropTotals {
    private final List<Counters> byAgent;

    public DropTotals(List<Counters> byAgent) {
        this.byAgent = List.copyOf(byAgent);
    }

    public long dropped(DropReason reason) {
        return byAgent.stream().mapToLong(counters -> counters.dropped(reason)).sum();
    }

    public long postponedReads() {
        return byAgent.stream().mapToLong(Counters::postponedReads).sum();
    }

    public long evictedFlows() {
        return byAgent.stream().mapToLong(Counters::evictedFlows).sum();
    }

    /** The reasons that ever happened, in declaration order. */
    public Map<DropReason, Long> dropped() {
        Map<DropReason, Long> happened = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.VALUES) {
            long count = dropped(reason);
            if (count > 0) {
                happened.put(reason, count);
            }
        }
        return happened;
    }
}
