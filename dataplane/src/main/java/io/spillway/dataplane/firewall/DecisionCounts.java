package io.spillway.dataplane.firewall;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often each decision of a policy was taken, by its number. The lan agent counts, any thread
 * reads.
 */
public final class DecisionCounts {
    private final AtomicLongArray flows;
    private final AtomicLongArray blocked;

    public DecisionCounts(int decisionCount) {
        flows = new AtomicLongArray(decisionCount);
        blocked = new AtomicLongArray(decisionCount);
    }

    void countFlow(int decision) {
        flows.setOpaque(decision, flows.getPlain(decision) + 1);
    }

    void countBlocked(int decision, int packets) {
        blocked.setOpaque(decision, blocked.getPlain(decision) + packets);
    }

    /** Flows about which so was decided. */
    public long flows(int decision) {
        return flows.getOpaque(decision);
    }

    /** Packets that died by it. */
    public long blocked(int decision) {
        return blocked.getOpaque(decision);
    }
}
