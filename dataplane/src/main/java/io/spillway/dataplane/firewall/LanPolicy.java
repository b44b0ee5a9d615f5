package io.spillway.dataplane.firewall;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A policy in force, and how often each of its decisions was taken. The rules are immutable; the
 * lan agent counts, any thread reads.
 */
public final class LanPolicy {
    private final CompiledPolicy rules;
    private final boolean isOpenWithoutCloud;
    private final TransportPolicy wan;
    private final NamedSites sites;
    private final AtomicLongArray flows;
    private final AtomicLongArray blocked;

    /**
     * Without rules for other sites.
     *
     * @param isOpenWithoutCloud what is to go to the WAN stays here while there is no PoP; else it
     *     is blocked then
     */
    public LanPolicy(CompiledPolicy rules, boolean isOpenWithoutCloud) {
        this(rules, isOpenWithoutCloud, TransportPolicy.EMPTY, NamedSites.NONE);
    }

    /**
     * @param wan rules for what goes to other sites
     * @param sites that these name
     */
    public LanPolicy(
            CompiledPolicy rules,
            boolean isOpenWithoutCloud,
            TransportPolicy wan,
            NamedSites sites) {
        this.rules = rules;
        this.isOpenWithoutCloud = isOpenWithoutCloud;
        this.wan = wan;
        this.sites = sites;
        flows = new AtomicLongArray(rules.decisionCount());
        blocked = new AtomicLongArray(rules.decisionCount());
    }

    private LanPolicy(LanPolicy from, NamedSites sites) {
        rules = from.rules;
        isOpenWithoutCloud = from.isOpenWithoutCloud;
        wan = from.wan;
        this.sites = sites;
        flows = from.flows;
        blocked = from.blocked;
    }

    /** The same rules and counts, where their names stand for other sites. */
    public LanPolicy with(NamedSites otherSites) {
        return new LanPolicy(this, otherSites);
    }

    public CompiledPolicy rules() {
        return rules;
    }

    /** For what goes to other sites. */
    public TransportPolicy wan() {
        return wan;
    }

    NamedSites sites() {
        return sites;
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
