package io.spillway.dataplane.firewall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A policy of two levels as one list that is searched once: within each network rule its firewall
 * rules, then the block that stands below them unsaid. Immutable; any thread.
 */
public final class CompiledPolicy {
    private static final int UNMATCHED = 0;

    private final Classifier classifier;
    private final int[] numbers; // of decisions, by the classifier's rule
    private final Decision[] decisions;

    /**
     * @param rules the first that matches counts
     * @throws PolicyTooLargeException when they overlap in too many ways
     */
    public CompiledPolicy(List<NetworkRule> rules) throws PolicyTooLargeException {
        List<RuleMatch> matches = new ArrayList<>();
        List<Decision> found = new ArrayList<>();
        for (NetworkRule network : rules) {
            List<RuleMatch> around = network.scope().matches();
            if (network.transport() == NetworkRule.Transport.LAN) {
                for (FirewallRule rule : network.rules()) {
                    Decision decision = new Decision(network, rule);
                    add(matches, found, around, rule.scope().matches(), decision);
                }
            }
            add(matches, found, around, List.of(RuleMatch.ANY), new Decision(network, null));
        }
        classifier = new Classifier(matches);
        Map<Decision, Integer> places = new LinkedHashMap<>();
        places.put(Decision.UNMATCHED, UNMATCHED);
        numbers = new int[found.size()];
        for (int i = 0; i < numbers.length; i++) {
            Integer before = places.putIfAbsent(found.get(i), places.size());
            numbers[i] = before == null ? places.size() - 1 : before;
        }
        decisions = places.keySet().toArray(Decision[]::new);
    }

    private static void add(
            List<RuleMatch> matches,
            List<Decision> found,
            List<RuleMatch> around,
            List<RuleMatch> within,
            Decision decision) {
        for (RuleMatch network : around) {
            for (RuleMatch rule : within) {
                RuleMatch both = network.and(rule);
                if (!both.isEmpty()) {
                    matches.add(both);
                    found.add(decision);
                }
            }
        }
    }

    /** Number of what is decided of the packet that begins a flow. */
    public int decide(PacketKey key) {
        int rule = classifier.classify(key);
        return rule == Classifier.NONE ? UNMATCHED : numbers[rule];
    }

    /** What a number stands for; 0 is {@link Decision#UNMATCHED}. */
    public Decision decision(int number) {
        return decisions[number];
    }

    /** Different decisions there are, numbered from 0. */
    public int decisionCount() {
        return decisions.length;
    }
}
