package io.spillway.dataplane.firewall;

import java.util.List;

/**
 * Which way traffic between networks of a site goes, and what of it is allowed. Immutable.
 *
 * @param name unique in the policy
 * @param rules of traffic that stays here, the first that matches counts; what none matches is
 *     blocked
 * @param isTold what none of them matches becomes an event, too
 */
public record NetworkRule(
        String name,
        RuleScope scope,
        Transport transport,
        List<FirewallRule> rules,
        boolean isTold) {
    public NetworkRule {
        rules = List.copyOf(rules);
    }

    /** Of which nothing is told. */
    public NetworkRule(
            String name, RuleScope scope, Transport transport, List<FirewallRule> rules) {
        this(name, scope, transport, rules, false);
    }

    /** Which way it goes. */
    public enum Transport {
        /** Through the data plane, from one network to the other. */
        LAN,
        /** To the PoP and back. */
        WAN
    }
}
