package io.spillway.node.policy;

import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.NetworkRule;
import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.RuleScope;
import io.spillway.dataplane.firewall.Service;
import io.spillway.dataplane.firewall.TransportRule;
import io.spillway.dataplane.forward.TransportRules;
import io.spillway.dataplane.forward.WanTransport;
import io.spillway.node.policy.PolicyConfig.Direction;
import io.spillway.node.policy.PolicyConfig.Track;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns the words of a policy into rules for one site. */
public final class PolicyReader {
    /** Takes what is wrong. */
    public interface Mistakes {
        /**
         * @param key such as {@code policy.rules[3].from[1]}
         * @param problem the word and what was expected
         */
        void add(String key, String problem);
    }

    private static final String ROOT = "policy";

    private final PolicyConfig.Policy policy;
    private final Mistakes mistakes;
    private final Glossary<Party> parties;
    private final Glossary<Service> services;

    /**
     * @param sides the site's networks
     * @param sites that rules for what goes to other sites may name
     */
    public PolicyReader(
            PolicyConfig config, List<PolicySide> sides, SiteNames sites, Mistakes mistakes) {
        policy = config.policy();
        this.mistakes = mistakes;
        parties =
                new Glossary<>(
                        ROOT + ".objects",
                        policy.objects(),
                        new PartyWords(sides, sites)::of,
                        all -> List.of(Party.anyOf(all)),
                        PartyWords.EXPECTED,
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
    public SitePolicy read() {
        parties.check();
        services.check();
        return new SitePolicy(networkRules(), wanRules());
    }

    private List<NetworkRule> networkRules() {
        List<NetworkRule> rules = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < policy.rules().size(); i++) {
            String key = ROOT + ".rules[" + i + "]";
            PolicyConfig.Network network = policy.rules().get(i);
            unique(names, network.name(), key);
            NetworkRule rule = networkRule(key, network);
            if (network.enabled()) {
                rules.add(rule);
            }
        }
        return rules;
    }

    private List<TransportRule> wanRules() {
        List<TransportRule> rules = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < policy.wanRules().size(); i++) {
            String key = ROOT + ".wanRules[" + i + "]";
            PolicyConfig.Wan wan = policy.wanRules().get(i);
            unique(names, wan.name(), key);
            TransportRule rule = wanRule(key, wan);
            if (wan.enabled()) {
                rules.add(rule);
            }
        }
        return rules;
    }

    private TransportRule wanRule(String key, PolicyConfig.Wan wan) {
        WanTransport first = transport(wan.transport());
        WanTransport secondary = transport(wan.secondary());
        boolean isPointless = first == WanTransport.AUTOMATIC || secondary == first;
        if (isPointless && secondary != WanTransport.AUTOMATIC) {
            mistakes.add(
                    key + ".secondary",
                    wan.secondary()
                            + ": expected automatic, since transport is "
                            + wan.transport());
        }
        RuleScope scope = scope(key, wan.from(), wan.to(), Direction.TO, wan.services());
        return new TransportRule(wan.name(), scope, new TransportRules.Choice(first, secondary));
    }

    private static WanTransport transport(String word) {
        return WanTransport.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private NetworkRule networkRule(String key, PolicyConfig.Network network) {
        List<FirewallRule> rules = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < network.rules().size(); i++) {
            String within = key + ".rules[" + i + "]";
            PolicyConfig.Rule rule = network.rules().get(i);
            unique(names, rule.name(), within);
            FirewallRule read =
                    new FirewallRule(
                            rule.name(),
                            lanScope(
                                    within,
                                    rule.from(),
                                    rule.to(),
                                    rule.direction(),
                                    rule.services()),
                            FirewallRule.Action.valueOf(rule.action().name()),
                            rule.track() == Track.EVENT);
            if (rule.enabled()) {
                rules.add(read);
            }
        }
        if (network.transport() == PolicyConfig.Transport.WAN && !network.rules().isEmpty()) {
            mistakes.add(
                    key + ".rules", "expected none, since transport is wan: nothing stays here");
        }
        return new NetworkRule(
                network.name(),
                lanScope(
                        key, network.from(), network.to(), network.direction(), network.services()),
                NetworkRule.Transport.valueOf(network.transport().name()),
                rules,
                network.track() == Track.EVENT);
    }

    private RuleScope lanScope(
            String key,
            List<String> from,
            List<String> to,
            Direction direction,
            List<String> serviceWords) {
        RuleScope scope = scope(key, from, to, direction, serviceWords);
        if (!scope.destination().sites().isEmpty()) {
            mistakes.add(key + ".to", "site: expected in wanRules only: this one is of networks");
        }
        return scope;
    }

    private RuleScope scope(
            String key,
            List<String> from,
            List<String> to,
            Direction direction,
            List<String> serviceWords) {
        Party source = Party.anyOf(parties.all(key + ".from", from));
        Party destination = Party.anyOf(parties.all(key + ".to", to));
        boolean isBothWays = direction == Direction.BOTH;
        if (!source.sites().isEmpty()) {
            mistakes.add(
                    key + ".from",
                    "site: expected in to only: what it begins is for its own rules");
        }
        if (!destination.macs().isEmpty()) {
            mistakes.add(
                    key + ".to", "mac: expected in from only: where a packet goes to has none yet");
        }
        if (isBothWays && !source.macs().isEmpty()) {
            mistakes.add(key + ".direction", "both: expected to, since from names a mac");
        }
        return new RuleScope(
                source, destination, isBothWays, services.all(key + ".services", serviceWords));
    }

    private void unique(Map<String, String> names, String name, String key) {
        unique(names, name, key, mistakes);
    }

    /** Notes a rule's name, which none had before. */
    static void unique(Map<String, String> names, String name, String key, Mistakes mistakes) {
        String first = names.putIfAbsent(name, key);
        if (first != null) {
            mistakes.add(key + ".name", name + ": expected another name than " + first + " has");
        }
    }
}
