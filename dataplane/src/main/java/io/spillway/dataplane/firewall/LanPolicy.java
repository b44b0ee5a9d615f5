package io.spillway.dataplane.firewall;

/**
 * A policy in force, and how often each of its decisions was taken. The rules are immutable; the
 * lan agent counts, any thread reads.
 */
public final class LanPolicy {
    private final CompiledPolicy rules;
    private final boolean isOpenWithoutCloud;
    private final TransportPolicy wan;
    private final DecisionCounts counts;

    /**
     * Without rules for other sites.
     *
     * @param isOpenWithoutCloud what is to go to the WAN stays here while there is no PoP; else it
     *     is blocked then
     */
    public LanPolicy(CompiledPolicy rules, boolean isOpenWithoutCloud) {
        this(rules, isOpenWithoutCloud, TransportPolicy.EMPTY);
    }

    /**
     * @param wan rules for what goes to other sites
     */
    public LanPolicy(CompiledPolicy rules, boolean isOpenWithoutCloud, TransportPolicy wan) {
        this(rules, isOpenWithoutCloud, wan, new DecisionCounts(rules));
    }

    private LanPolicy(
            CompiledPolicy rules,
            boolean isOpenWithoutCloud,
            TransportPolicy wan,
            DecisionCounts counts) {
        this.rules = rules;
        this.isOpenWithoutCloud = isOpenWithoutCloud;
        this.wan = wan;
        this.counts = counts;
    }

    /** With the same counts, where the rules for other sites say which sites they mean anew. */
    public LanPolicy with(TransportPolicy otherWan) {
        return new LanPolicy(rules, isOpenWithoutCloud, otherWan, counts);
    }

    public CompiledPolicy rules() {
        return rules;
    }

    /** For what goes to other sites. */
    public TransportPolicy wan() {
        return wan;
    }

    boolean isOpenWithoutCloud() {
        return isOpenWithoutCloud;
    }

    /** The same, with counts of its own. */
    LanPolicy uncounted() {
        return new LanPolicy(rules, isOpenWithoutCloud, wan.uncounted());
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
