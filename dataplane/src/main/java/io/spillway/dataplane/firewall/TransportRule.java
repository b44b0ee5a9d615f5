package io.spillway.dataplane.firewall;

import io.spillway.dataplane.forward.TransportRules;

/**
 * By what the flows leave that this site begins with others (R111). Immutable.
 *
 * @param name unique among the policy's rules of this kind
 */
public record TransportRule(String name, RuleScope scope, TransportRules.Choice choice) {}
