package io.spillway.node.policy;

import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.RuleScope;
import io.spillway.dataplane.firewall.Service;
import io.spillway.node.policy.PolicyConfig.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns the words of a policy between sites into rules. */
public final class WanPolicyReader {
    private static final String ROOT = "policy";

    private final WanPolicyConfig.Policy policy;
    private final PolicyReader.Mistakes mistakes;
    private final Glossary<Party> parties;
    private final Glossary<Service> services;

    public WanPolicyReader(
            WanPolicyConfig config, SiteNames sites, PolicyReader.Mistakes mistakes) {
        policy = config.policy();
        this.mistakes = mistakes;
        parties =
                new Glossary<>(
                        ROOT + ".objects",
                        policy.objects(),
                        new SiteWords(sites)::of,
                        all -> List.of(Party.anyOf(all)),
                        SiteWords.EXPECTED,
                        mistakes);
        services =
                new Glossary<>(
                        ROOT + ".services",
                        policy.services(),
                        ServiceWords::of,
                        all -> all.stream().distinct().toList(),
                        ServiceWords.EXPECTED,
                        mistakes);
    }

    /** Those that are enabled; worth nothing when there was a mistake. */
    public List<WanRule> read() {
        parties.check();
        services.check();
        List<WanRule> rules = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < policy.rules().size(); i++) {
            String key = ROOT + ".rules[" + i + "]";
            WanPolicyConfig.Rule rule = policy.rules().get(i);
            PolicyReader.unique(names, rule.name(), key, mistakes);
            WanRule read = rule(key, rule);
            if (rule.enabled()) {
                rules.add(read);
            }
        }
        return rules;
    }

    private WanRule rule(String key, WanPolicyConfig.Rule rule) {
        RuleScope scope =
                new RuleScope(
                        Party.anyOf(parties.all(key + ".from", rule.from())),
                        Party.anyOf(parties.all(key + ".to", rule.to())),
                        rule.direction() == Direction.BOTH,
                        services.all(key + ".services", rule.services()));
        FirewallRule.Action action = FirewallRule.Action.valueOf(rule.action().name());
        Hours during = rule.during() == null ? null : rule.during().hours();
        return new WanRule(new FirewallRule(rule.name(), scope, action), during);
    }
}
