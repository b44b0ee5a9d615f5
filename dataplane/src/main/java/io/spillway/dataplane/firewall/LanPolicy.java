package io.spillway.dataplane.firewall;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A policy in force, and how often each of its decisions was taken. The rules are immutable; the
 * lan agent counts, any thread reads.
 */
public final class LanPolicy {
    private final CompiledPolicy rules;
    private final boolean isOpenWithoutCloud;
    private final AtomicLongArray flows;
    private final AtomicLongArray blocked;

    /**
     * @param isOpenWithoutCloud what is to go to the WAN stays here while there is no PoP; else it
     *     is blocked then
     */
    public LanPolicy(CompiledPolicy rules, boolean isOpenWithoutCloud) {
        this.rules = rules;
        this.isOpenWithoutCloud = isOpenWithoutCloud;
        flows = new AtomicLongArray(rules.decisionCount());
        blocked = new AtomicLongArray(rules.decisionCount());
    }

    public CompiledPolicy rules() {
        return rules;
    }

    boolean isOpenWithoutCloud() {
        return isOpenWithoutCloud;
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
