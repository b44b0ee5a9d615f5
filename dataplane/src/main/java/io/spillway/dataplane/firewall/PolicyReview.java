package io.spillway.dataplane.firewall;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds rules of a policy that decide nothing, since rules above them take every packet that they
 * speak of. Exact: what it names never decides; where a rule meets so many others that an answer
 * would take too long, it is passed over.
 */
public final class PolicyReview {
    /** Parts of a rule that are looked at before it is passed over. */
    private static final int PARTS_MAX = 20_000;

    private final List<NetworkRule> rules;
    private final List<Finding> findings = new ArrayList<>();

    /** What became of a rule. */
    public enum Kind {
        /** Rules above it do with all of its packets what it would. */
        REDUNDANT,
        /** Rules above it do something else with some of its packets, and take all. */
        SHADOWED,
        /** It speaks of no packet at all. */
        EMPTY
    }

    /**
     * A rule that decides nothing.
     *
     * @param rule null: it is the network rule
     * @param by the rules above it that take its packets, in order; of a network rule each {@link
     *     Decision#rule()} is null
     */
    public record Finding(Kind kind, NetworkRule network, FirewallRule rule, List<Decision> by) {}

    private record Above(RuleMatch match, Decision decision) {}

    private PolicyReview(List<NetworkRule> rules) {
        this.rules = rules;
    }

    /** In the order of the rules. Takes time that grows with the square of their number. */
    public static List<Finding> of(List<NetworkRule> rules) {
        PolicyReview review = new PolicyReview(rules);
        review.look();
        return review.findings;
    }

    private void look() {
        List<Above> above = new ArrayList<>();
        for (NetworkRule network : rules) {
            List<RuleMatch> matches = network.scope().matches();
            boolean isDecisive = isDecisive(matches, above, network, null);
            if (isDecisive && network.transport() == NetworkRule.Transport.LAN) {
                lookWithin(network, matches, above);
            }
            Decision whole = new Decision(network, null);
            matches.forEach(match -> above.add(new Above(match, whole)));
        }
    }

    private void lookWithin(NetworkRule network, List<RuleMatch> around, List<Above> networks) {
        List<Above> above = new ArrayList<>(networks);
        for (FirewallRule rule : network.rules()) {
            List<RuleMatch> matches = new ArrayList<>();
            for (RuleMatch outer : around) {
                for (RuleMatch inner : rule.scope().matches()) {
                    RuleMatch both = outer.and(inner);
                    if (!both.isEmpty()) {
                        matches.add(both);
                    }
                }
            }
            isDecisive(matches, above, network, rule);
            Decision decision = new Decision(network, rule);
            matches.forEach(match -> above.add(new Above(match, decision)));
        }
    }

    /** Whether it decides anything, as far as is known; else it is noted. */
    private boolean isDecisive(
            List<RuleMatch> matches, List<Above> above, NetworkRule network, FirewallRule rule) {
        if (matches.isEmpty()) {
            findings.add(new Finding(Kind.EMPTY, network, rule, List.of()));
            return false;
        }
        Set<Decision> by = new LinkedHashSet<>();
        for (RuleMatch match : matches) {
            List<Above> met = above.stream().filter(each -> each.match.meets(match)).toList();
            if (!isCovered(match, met)) {
                return true;
            }
            met.forEach(each -> by.add(each.decision));
        }
        Decision own = new Decision(network, rule);
        boolean isRedundant = by.stream().allMatch(other -> doesTheSame(own, other));
        Kind kind = isRedundant ? Kind.REDUNDANT : Kind.SHADOWED;
        findings.add(new Finding(kind, network, rule, List.copyOf(by)));
        return false;
    }

    /** A network rule as a whole does what its firewall rules say, which differ. */
    private static boolean doesTheSame(Decision own, Decision other) {
        boolean isOfWholes = own.rule() == null || other.rule() == null;
        if (isOfWholes) {
            return !own.staysHere() && !other.staysHere();
        }
        return own.rule().action() == other.rule().action();
    }

    private static boolean isCovered(RuleMatch match, List<Above> above) {
        record Part(RuleMatch match, int next) {}
        Deque<Part> parts = new ArrayDeque<>();
        parts.push(new Part(match, 0));
        for (int looked = 0; !parts.isEmpty(); looked++) {
            Part part = parts.pop();
            int next = part.next;
            while (next < above.size() && !above.get(next).match.meets(part.match)) {
                next++;
            }
            if (next == above.size() || looked == PARTS_MAX) {
                return false;
            }
            for (RuleMatch rest : part.match.without(above.get(next).match)) {
                parts.push(new Part(rest, next + 1));
            }
        }
        return true;
    }
}
