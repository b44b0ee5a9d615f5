package io.spillway.dataplane.firewall;

import java.util.ArrayList;
import java.util.List;

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
        List<Integer> found = new ArrayList<>();
        List<Decision> made = new ArrayList<>(List.of(Decision.UNMATCHED));
        for (NetworkRule network : rules) {
            List<RuleMatch> around = network.scope().matches();
            if (network.transport() == NetworkRule.Transport.LAN) {
                for (FirewallRule rule : network.rules()) {
                    add(matches, found, around, rule.scope().matches(), made.size());
                    made.add(new Decision(network, rule));
                }
            }
            add(matches, found, around, List.of(RuleMatch.ANY), made.size());
            made.add(new Decision(network, null));
        }
        classifier = new Classifier(matches);
        numbers = found.stream().mapToInt(Integer::intValue).toArray();
        decisions = made.toArray(Decision[]::new);
    }

    private static void add(
            List<RuleMatch> matches,
            List<Integer> found,
            List<RuleMatch> around,
            List<RuleMatch> within,
            int decision) {
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

    /**
     * Decisions there are, numbered from 0: rules in their order, those that match nothing among
     * them, and each network rule behind its own.
     */
    public int decisionCount() {
        return decisions.length;
    }
}
