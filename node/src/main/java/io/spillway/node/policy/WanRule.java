package io.spillway.node.policy;

import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.RuleScope;
import java.time.Instant;

/**
 * A rule between sites. Immutable.
 *
 * @param during null: always
 */
public record WanRule(FirewallRule rule, Hours during) {
    public boolean isOn(Instant now) {
        return during == null || during.isOn(now);
    }

    /** As it is to be in force: outside its hours it speaks of nothing. */
    public FirewallRule at(Instant now) {
        return isOn(now) ? rule : new FirewallRule(rule.name(), RuleScope.NOTHING, rule.action());
    }
}
