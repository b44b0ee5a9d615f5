package io.spillway.dataplane.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.dataplane.forward.TransportRules;
import io.spillway.dataplane.forward.WanTransport;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against a walk through the rules: R111. */
class TransportPolicyTest {
    private static final boolean IS_LONG = Boolean.getBoolean("spillway.long");
    private static final int POLICIES = IS_LONG ? 1_000 : 20;
    private static final int PACKETS = 2_000;
    private static final int SITES = 5;
    private static final int PORTS = 8;
    private static final int UDP = 17;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final PacketKey key = new PacketKey();

    @Test
    void shouldDecideAsAWalkThroughTheRulesDoes() throws Exception {
        for (int i = 0; i < POLICIES; i++) {
            List<TransportRule> rules = new ArrayList<>();
            for (int j = random.nextInt(1, 30); j > 0; j--) {
                rules.add(rule());
            }
            TransportPolicy policy = TransportPolicy.of(rules);
            for (int packet = 0; packet < PACKETS; packet++) {
                fill();
                assertEquals(walk(rules), policy.decide(key), () -> "seed " + seed);
            }
        }
    }

    private int walk(List<TransportRule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            RuleScope scope = rules.get(i).scope();
            Party to = scope.destination();
            boolean isThere =
                    to.addresses().contains(key.destinationHigh, key.destinationLow)
                            || to.sites().contains(0, key.targetSite);
            boolean isOf = scope.services().getFirst().numbers().contains(0, key.service);
            if (isThere && isOf) {
                return i + 1;
            }
        }
        return TransportPolicy.UNMATCHED;
    }

    private TransportRule rule() {
        int port = random.nextInt(PORTS);
        ValueSet numbers =
                ValueSet.range(
                        PacketKey.service(UDP, port),
                        PacketKey.service(UDP, random.nextInt(port, PORTS)));
        RuleScope scope =
                new RuleScope(
                        Party.ANYBODY,
                        Party.anyOf(List.of(party(), party())),
                        false,
                        List.of(new Service(numbers, ValueSet.ANY)));
        var choice = new TransportRules.Choice(WanTransport.CLOUD, WanTransport.AUTOMATIC);
        return new TransportRule("rule", scope, choice);
    }

    private Party party() {
        return random.nextBoolean()
                ? Party.ofSites(ValueSet.range(1, random.nextInt(1, SITES)))
                : Party.at(ValueSet.of(Prefix.parse("10." + random.nextInt(SITES) + ".0.0/16")));
    }

    private void fill() {
        key.targetSite = random.nextInt(SITES);
        key.destinationLow = ValueSet.mapped(10 << 24 | random.nextInt(SITES) << 16 | 9);
        key.service = PacketKey.service(UDP, random.nextInt(PORTS));
    }
}
