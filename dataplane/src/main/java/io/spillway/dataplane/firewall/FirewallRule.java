package io.spillway.dataplane.firewall;

/**
 * What becomes of flows within a {@link NetworkRule}. Immutable.
 *
 * @param name unique within its network rule
 * @param isTold what it decides becomes an event, too
 */
public record FirewallRule(String name, RuleScope scope, Action action, boolean isTold) {
    /** Of which nothing is told. */
    public FirewallRule(String name, RuleScope scope, Action action) {
        this(name, scope, action, false);
    }

    /** What becomes of a flow. */
    public enum Action {
        ALLOW,
        BLOCK
    }
}
