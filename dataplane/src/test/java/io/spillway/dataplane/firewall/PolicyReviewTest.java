package io.spillway.dataplane.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PolicyReviewTest {
    private static final boolean IS_LONG = Boolean.getBoolean("spillway.long");
    private static final int POLICIES = IS_LONG ? 20_000 : 1_000;
    private static final int ADDRESSES = 4;
    private static final int PORTS = 3;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    /** The twin tries every packet that there can be. */
    @Test
    void shouldNameTheRulesThatNoPacketReaches() throws Exception {
        for (int i = 0; i < POLICIES; i++) {
            List<NetworkRule> rules = policy();
            Set<String> decisive = decisive(rules);
            Set<String> expected = new HashSet<>();
            for (NetworkRule network : rules) {
                boolean isReached = decisive.contains(network.name());
                if (!isReached) {
                    expected.add(network.name());
                    continue;
                }
                for (FirewallRule rule : network.rules()) {
                    if (!decisive.contains(network.name() + " " + rule.name())) {
                        expected.add(network.name() + " " + rule.name());
                    }
                }
            }

            Set<String> found = new HashSet<>();
            for (PolicyReview.Finding finding : PolicyReview.of(rules)) {
                String rule = finding.rule() == null ? "" : " " + finding.rule().name();
                found.add(finding.network().name() + rule);
            }
            assertEquals(expected, found, () -> "seed " + seed);
        }
    }

    @Test
    void shouldTellWhatIsSaidTwiceFromWhatIsContradicted() {
        RuleScope some = scope(0, 1, 0, 3, 0, 2);
        RuleScope all = scope(0, 3, 0, 3, 0, 2);
        NetworkRule network =
                new NetworkRule(
                        "n",
                        all,
                        NetworkRule.Transport.LAN,
                        List.of(
                                rule("wide", all, FirewallRule.Action.BLOCK),
                                rule("same", some, FirewallRule.Action.BLOCK),
                                rule("other", some, FirewallRule.Action.ALLOW)));

        List<PolicyReview.Finding> findings = PolicyReview.of(List.of(network));

        assertEquals(
                List.of(PolicyReview.Kind.REDUNDANT, PolicyReview.Kind.SHADOWED),
                findings.stream().map(PolicyReview.Finding::kind).toList());
        assertEquals("wide", findings.getLast().by().getFirst().rule().name());
    }

    private static FirewallRule rule(String name, RuleScope scope, FirewallRule.Action action) {
        return new FirewallRule(name, scope, action);
    }

    /**
     * Names of network rules, and of firewall rules within them, that some packet is decided by.
     */
    private Set<String> decisive(List<NetworkRule> rules) throws PolicyTooLargeException {
        CompiledPolicy policy = new CompiledPolicy(rules);
        PacketKey key = new PacketKey();
        Set<String> decisive = new HashSet<>();
        for (int source = 0; source < ADDRESSES; source++) {
            for (int destination = 0; destination < ADDRESSES; destination++) {
                for (int port = 0; port < PORTS; port++) {
                    key.sourceLow = ValueSet.mapped(source);
                    key.destinationLow = ValueSet.mapped(destination);
                    key.service = port;
                    Decision decision = policy.decision(policy.decide(key));
                    if (decision.network() != null) {
                        decisive.add(decision.network().name());
                    }
                    if (decision.rule() != null) {
                        decisive.add(decision.network().name() + " " + decision.rule().name());
                    }
                }
            }
        }
        return decisive;
    }

    private List<NetworkRule> policy() {
        List<NetworkRule> rules = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            List<FirewallRule> within = new ArrayList<>();
            for (int j = random.nextInt(5); j > 0; j--) {
                FirewallRule.Action action =
                        random.nextBoolean()
                                ? FirewallRule.Action.ALLOW
                                : FirewallRule.Action.BLOCK;
                within.add(rule("f" + j, scope(), action));
            }
            rules.add(new NetworkRule("n" + i, scope(), NetworkRule.Transport.LAN, within));
        }
        return rules;
    }

    private RuleScope scope() {
        int source = random.nextInt(ADDRESSES);
        int destination = random.nextInt(ADDRESSES);
        int port = random.nextInt(PORTS);
        return scope(
                source,
                random.nextInt(source, ADDRESSES),
                destination,
                random.nextInt(destination, ADDRESSES),
                port,
                random.nextInt(port, PORTS));
    }

    private static RuleScope scope(
            int source, int sourceMax, int destination, int destinationMax, int port, int portMax) {
        return new RuleScope(
                party(source, sourceMax),
                party(destination, destinationMax),
                false,
                List.of(new Service(ValueSet.range(port, portMax), ValueSet.ANY)));
    }

    private static Party party(int first, int last) {
        return Party.at(ValueSet.range(ValueSet.mapped(first), ValueSet.mapped(last)));
    }
}
