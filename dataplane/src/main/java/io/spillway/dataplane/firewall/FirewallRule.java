package io.spillway.dataplane.firewall;

/**
 * What becomes of flows within a {@link NetworkRule}. Immutable.
 *
 * @param name unique within its network rule
 */
public record FirewallRule(String name, RuleScope scope, Action action) {
    /** What becomes of a flow. */
    public enum Action {
        ALLOW,
        BLOCK
    }
}
