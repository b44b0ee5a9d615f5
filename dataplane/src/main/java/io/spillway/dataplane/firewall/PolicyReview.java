package io.spillway.dataplane.firewall;

import java.util.ArrayList;
import java.util.List;

/** The rules of a policy that decide nothing, as {@link RuleReview} finds them. */
public final class PolicyReview {
    private final List<NetworkRule> rules;
    private final List<RuleReview.Finding<Decision>> findings = new ArrayList<>();

    private PolicyReview(List<NetworkRule> rules) {
        this.rules = rules;
    }

    /**
     * In the order of the rules.
     *
     * @return of network rules and of firewall rules within them; of a network rule {@link
     *     Decision#rule()} is null
     */
    public static List<RuleReview.Finding<Decision>> of(List<NetworkRule> rules) {
        PolicyReview review = new PolicyReview(rules);
        review.look();
        return review.findings;
    }

    /** Of rules for other sites, in their order. */
    public static List<RuleReview.Finding<TransportRule>> ofWan(List<TransportRule> rules) {
        RuleReview<TransportRule> review =
                new RuleReview<>((own, other) -> own.choice().equals(other.choice()));
        List<RuleReview.Finding<TransportRule>> found = new ArrayList<>();
        for (TransportRule rule : rules) {
            List<RuleMatch> matches = rule.scope().matches();
            RuleReview.Finding<TransportRule> finding = review.find(rule, matches);
            if (finding != null) {
                found.add(finding);
            }
            review.add(rule, matches);
        }
        return found;
    }

    private void look() {
        RuleReview<Decision> networks = new RuleReview<>(PolicyReview::doTheSame);
        for (NetworkRule network : rules) {
            List<RuleMatch> matches = network.scope().matches();
            Decision whole = new Decision(network, null);
            boolean isDecisive = isDecisive(networks, whole, matches);
            if (isDecisive && network.transport() == NetworkRule.Transport.LAN) {
                lookWithin(network, matches, new RuleReview<>(networks));
            }
            networks.add(whole, matches);
        }
    }

    private void lookWithin(
            NetworkRule network, List<RuleMatch> around, RuleReview<Decision> review) {
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
            Decision decision = new Decision(network, rule);
            isDecisive(review, decision, matches);
            review.add(decision, matches);
        }
    }

    /** As far as is known; else it is noted. */
    private boolean isDecisive(
            RuleReview<Decision> review, Decision decision, List<RuleMatch> matches) {
        RuleReview.Finding<Decision> finding = review.find(decision, matches);
        if (finding != null) {
            findings.add(finding);
        }
        return finding == null;
    }

    /** A network rule as a whole does what its firewall rules say, which differ. */
    private static boolean doTheSame(Decision own, Decision other) {
        boolean isOfWholes = own.rule() == null || other.rule() == null;
        if (isOfWholes) {
            return !own.staysHere() && !other.staysHere();
        }
        return own.rule().action() == other.rule().action();
    }
}
