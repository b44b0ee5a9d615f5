package io.spillway.dataplane.firewall;

/**
 * What a policy says of a flow. Immutable; one for all flows that the same rule decides.
 *
 * @param network that matched; null: none, so that the flow goes to the WAN
 * @param rule within it that decided; null: none, so that a flow that stays here is blocked
 */
public record Decision(NetworkRule network, FirewallRule rule) {
    /** No network rule matches. */
    public static final Decision UNMATCHED = new Decision(null, null);

    public boolean staysHere() {
        return network != null && network.transport() == NetworkRule.Transport.LAN;
    }

    /** What is so decided becomes an event. */
    public boolean isTold() {
        return rule == null ? network != null && network.isTold() : rule.isTold();
    }

    /** Meaningful where it {@link #staysHere}. */
    public boolean isAllowed() {
        return rule != null && rule.action() == FirewallRule.Action.ALLOW;
    }
}
