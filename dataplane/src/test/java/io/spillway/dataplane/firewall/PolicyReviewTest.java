package io.spillway.dataplane.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.forward.TransportRules;
import io.spillway.dataplane.forward.WanTransport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
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
            CompiledPolicy compiled = new CompiledPolicy(rules);
            Set<String> decisive = decisive(compiled);
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
            for (RuleReview.Finding<Decision> finding : PolicyReview.of(rules)) {
                found.add(name(finding.rule()));
                assertTakers(compiled, finding);
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

        List<RuleReview.Finding<Decision>> findings = PolicyReview.of(List.of(network));

        assertEquals(
                List.of(RuleReview.Kind.REDUNDANT, RuleReview.Kind.SHADOWED),
                findings.stream().map(RuleReview.Finding::kind).toList());
        var taker = findings.getLast().takers().getFirst();
        assertEquals("wide", taker.rule().rule().name());
        assertEquals("0.0.0.0 to 0.0.0.0, protocol 0", taker.packet().words());
    }

    private static String name(Decision decision) {
        String rule = decision.rule() == null ? "" : " " + decision.rule().name();
        return decision.network().name() + rule;
    }

    /** Who is said to take the example does. */
    private void assertTakers(CompiledPolicy policy, RuleReview.Finding<Decision> finding) {
        PacketKey key = new PacketKey();
        for (RuleReview.Taker<Decision> taker : finding.takers()) {
            Witness packet = taker.packet();
            key.sourceLow = ValueSet.mapped(packet.source().toIpv4());
            key.destinationLow = ValueSet.mapped(packet.destination().toIpv4());
            key.service = packet.service();
            Decision decision = policy.decision(policy.decide(key));
            String said = name(taker.rule());
            boolean isSo =
                    taker.rule().rule() == null
                            ? decision.network() == taker.rule().network()
                            : name(decision).equals(said);
            assertTrue(isSo, () -> "seed " + seed + ": " + said + " does not take " + packet);
        }
    }

    /** The twin tries every packet that there can be. */
    @Test
    void shouldNameTheRulesForOtherSitesThatNoPacketReaches() throws Exception {
        WanTransport[] transports = {WanTransport.CLOUD, WanTransport.OFF_CLOUD};
        for (int i = 0; i < POLICIES; i++) {
            List<TransportRule> rules = new ArrayList<>();
            for (int rule = 0; rule < 1 + random.nextInt(6); rule++) {
                var choice =
                        new TransportRules.Choice(
                                transports[random.nextInt(2)], WanTransport.AUTOMATIC);
                rules.add(new TransportRule("w" + rule, scope(), choice));
            }
            Set<String> expected = new HashSet<>();
            rules.forEach(rule -> expected.add(rule.name()));
            expected.removeAll(decisiveOfWan(rules));

            Set<String> found = new HashSet<>();
            PolicyReview.ofWan(rules).forEach(finding -> found.add(finding.rule().name()));
            assertEquals(expected, found, () -> "seed " + seed);
        }
    }

    private static Set<String> decisiveOfWan(List<TransportRule> rules)
            throws PolicyTooLargeException {
        TransportPolicy policy = TransportPolicy.of(rules);
        Set<String> decisive = new HashSet<>();
        forEachPacket(
                key -> {
                    int number = policy.decide(key);
                    if (number != TransportPolicy.UNMATCHED) {
                        decisive.add(rules.get(number - 1).name());
                    }
                });
        return decisive;
    }

    private static void forEachPacket(Consumer<PacketKey> look) {
        PacketKey key = new PacketKey();
        for (int source = 0; source < ADDRESSES; source++) {
            for (int destination = 0; destination < ADDRESSES; destination++) {
                for (int port = 0; port < PORTS; port++) {
                    key.sourceLow = ValueSet.mapped(source);
                    key.destinationLow = ValueSet.mapped(destination);
                    key.service = port;
                    look.accept(key);
                }
            }
        }
    }

    private static FirewallRule rule(String name, RuleScope scope, FirewallRule.Action action) {
        return new FirewallRule(name, scope, action);
    }

    /**
     * Names of network rules, and of firewall rules within them, that some packet is decided by.
     */
    private static Set<String> decisive(CompiledPolicy policy) {
        Set<String> decisive = new HashSet<>();
        forEachPacket(
                key -> {
                    Decision decision = policy.decision(policy.decide(key));
                    if (decision.network() != null) {
                        decisive.add(decision.network().name());
                    }
                    if (decision.rule() != null) {
                        decisive.add(name(decision));
                    }
                });
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
