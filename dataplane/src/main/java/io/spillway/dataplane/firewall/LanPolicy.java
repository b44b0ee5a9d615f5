package io.spillway.dataplane.firewall;

/**
 * A policy in force, and how often each of its decisions was taken. The rules are immutable; the
 * lan agent counts, any thread reads.
 */
public final class LanPolicy {
    private final CompiledPolicy rules;
    private final boolean isOpenWithoutCloud;
    private final DecisionCounts counts;

    /**
     * @param isOpenWithoutCloud what is to go to the WAN stays here while there is no PoP; else it
     *     is blocked then
     */
    public LanPolicy(CompiledPolicy rules, boolean isOpenWithoutCloud) {
        this.rules = rules;
        this.isOpenWithoutCloud = isOpenWithoutCloud;
        counts = new DecisionCounts(rules);
    }

    public CompiledPolicy rules() {
        return rules;
    }

    boolean isOpenWithoutCloud() {
        return isOpenWithoutCloud;
    }

    /** The same, with counts of its own. */
    LanPolicy uncounted() {
        return new LanPolicy(rules, isOpenWithoutCloud);
    }

    DecisionCounts counts() {
        return counts;
    }

    /** Flows about which so was decided. */
    public long flows(int decision) {
        return counts.flows(decision);
    }

    /**
     * A packet of those counted since the last call, or null: when there was none, or nothing is
     * told of the decision. One thread, another than the lan agent's.
     */
    public SeenPacket takeSeen(int decision) {
        return counts.takeSeen(decision);
    }

    /** Packets that died by it. */
    public long blocked(int decision) {
        return counts.blocked(decision);
    }
}
