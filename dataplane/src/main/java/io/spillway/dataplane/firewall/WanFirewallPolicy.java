package io.spillway.dataplane.firewall;

/**
 * What may go from site to site by a PoP, as it is in force. The rules are immutable; the lan agent
 * counts, any thread reads.
 *
 * @param rules firewall rules in one network rule for everything
 * @param counts by the numbers of their decisions; those of the policy before, where this one is
 *     the same with other rules at rest
 */
public record WanFirewallPolicy(CompiledPolicy rules, DecisionCounts counts) {
    /** The same, with counts of its own. */
    WanFirewallPolicy uncounted() {
        return new WanFirewallPolicy(rules, new DecisionCounts(rules));
    }
}
