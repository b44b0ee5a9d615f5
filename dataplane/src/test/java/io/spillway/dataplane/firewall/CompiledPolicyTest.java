package io.spillway.dataplane.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** R052, LF1 to LF3. */
class CompiledPolicyTest {
    private static final boolean IS_LONG = Boolean.getBoolean("spillway.long");
    private static final int POLICIES = IS_LONG ? 1_000 : 50;
    private static final int PACKETS = 10_000;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SIDES = 4;
    private static final int PORTS = 16;
    private static final int MACS = 64;
    private static final int SITES = 4;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final PacketKey key = new PacketKey();

    @Test
    void shouldDecideAsAWalkThroughBothLevelsDoes() throws Exception {
        for (int i = 0; i < POLICIES; i++) {
            List<NetworkRule> rules = policy();
            CompiledPolicy policy = new CompiledPolicy(rules);
            for (int packet = 0; packet < PACKETS; packet++) {
                fill();
                assertEquals(
                        walk(rules), policy.decision(policy.decide(key)), () -> "seed " + seed);
            }
        }
    }

    @Test
    void shouldBlockWhatNoRuleOfItsNetworkRuleAllows() throws Exception {
        Party printers = Party.at(ValueSet.of(Prefix.parse("10.1.9.0/24")));
        ValueSet printing =
                ValueSet.range(PacketKey.service(TCP, 9100), PacketKey.service(TCP, 9100));
        RuleScope toPrinters = new RuleScope(Party.ANYBODY, printers, false, List.of(Service.ANY));
        RuleScope print =
                new RuleScope(
                        Party.ANYBODY,
                        Party.ANYBODY,
                        false,
                        List.of(new Service(printing, ValueSet.ANY)));
        NetworkRule network =
                new NetworkRule(
                        "printers",
                        toPrinters,
                        NetworkRule.Transport.LAN,
                        List.of(new FirewallRule("print", print, FirewallRule.Action.ALLOW)));
        CompiledPolicy policy = new CompiledPolicy(List.of(network));

        key.sourceLow = ValueSet.mapped(IpAddress.parse("10.1.0.5").toIpv4());
        key.destinationLow = ValueSet.mapped(IpAddress.parse("10.1.9.7").toIpv4());
        key.service = PacketKey.service(TCP, 9100);
        assertTrue(policy.decision(policy.decide(key)).isAllowed());

        key.service = PacketKey.service(TCP, 22);
        Decision unsaid = policy.decision(policy.decide(key));
        assertTrue(unsaid.staysHere());
        assertFalse(unsaid.isAllowed());
        assertEquals("printers", unsaid.network().name());

        key.destinationLow = ValueSet.mapped(IpAddress.parse("10.1.8.7").toIpv4());
        assertEquals(Decision.UNMATCHED, policy.decision(policy.decide(key)));
    }

    /** The key remembers classes of the policy before. */
    @Test
    void shouldDecideWithoutAskingForAnything() throws Exception {
        List<NetworkRule> asking = policy();
        while (asking.size() < 2) {
            asking = policy();
        }
        CompiledPolicy before = new CompiledPolicy(asking);
        NetworkRule all =
                new NetworkRule("all", RuleScope.ANY, NetworkRule.Transport.LAN, List.of());
        CompiledPolicy policy = new CompiledPolicy(List.of(all));
        for (int packet = 0; packet < PACKETS; packet++) {
            fill();
            before.decide(key);
            assertEquals(new Decision(all, null), policy.decision(policy.decide(key)));
        }
    }

    // ---- the twin

    private Decision walk(List<NetworkRule> rules) {
        for (NetworkRule network : rules) {
            if (isIn(network.scope())) {
                if (network.transport() == NetworkRule.Transport.LAN) {
                    for (FirewallRule rule : network.rules()) {
                        if (isIn(rule.scope())) {
                            return new Decision(network, rule);
                        }
                    }
                }
                return new Decision(network, null);
            }
        }
        return Decision.UNMATCHED;
    }

    private boolean isIn(RuleScope scope) {
        boolean isBetween =
                isFrom(scope.source()) && isTo(scope.destination())
                        || scope.isBothWays()
                                && isFrom(scope.destination())
                                && isTo(scope.source());
        return isBetween && scope.services().stream().anyMatch(this::isOf);
    }

    private boolean isFrom(Party party) {
        return party.addresses().contains(key.sourceHigh, key.sourceLow)
                || party.sides().contains(0, key.side)
                || party.macs().contains(0, key.mac)
                || party.sites().contains(0, key.sourceSite);
    }

    private boolean isTo(Party party) {
        return party.addresses().contains(key.destinationHigh, key.destinationLow)
                || party.sideAddresses().contains(key.destinationHigh, key.destinationLow)
                || party.sites().contains(0, key.targetSite);
    }

    private boolean isOf(Service service) {
        return service.numbers().contains(0, key.service)
                && service.sourcePorts().contains(0, key.sourcePort);
    }

    // ---- random policies and packets

    private List<NetworkRule> policy() {
        List<NetworkRule> rules = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            List<FirewallRule> within = new ArrayList<>();
            for (int j = random.nextInt(20); j > 0; j--) {
                boolean isAllowed = random.nextBoolean();
                within.add(
                        new FirewallRule(
                                "rule " + j,
                                scope(),
                                isAllowed ? FirewallRule.Action.ALLOW : FirewallRule.Action.BLOCK));
            }
            boolean isHere = random.nextInt(4) > 0;
            rules.add(
                    new NetworkRule(
                            "network " + i,
                            scope(),
                            isHere ? NetworkRule.Transport.LAN : NetworkRule.Transport.WAN,
                            within));
        }
        return rules;
    }

    private RuleScope scope() {
        List<Service> services = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            services.add(service());
        }
        return new RuleScope(party(), party(), random.nextBoolean(), services);
    }

    private Party party() {
        if (random.nextInt(3) == 0) {
            return Party.ANYBODY;
        }
        List<Party> parties = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            parties.add(
                    switch (random.nextInt(6)) {
                        case 0 -> {
                            int side = random.nextInt(SIDES);
                            yield new Party(
                                    ValueSet.NONE,
                                    ValueSet.range(side, side),
                                    ValueSet.of(network(side)),
                                    ValueSet.NONE);
                        }
                        case 1 -> {
                            int mac = random.nextInt(MACS);
                            yield new Party(
                                    ValueSet.NONE,
                                    ValueSet.NONE,
                                    ValueSet.NONE,
                                    ValueSet.range(mac, mac));
                        }
                        case 2 -> {
                            long site = random.nextInt(1, SITES);
                            yield Party.ofSites(ValueSet.range(site, site));
                        }
                        default ->
                                Party.at(
                                        ValueSet.of(
                                                Prefix.containing(
                                                        address(), random.nextInt(8, 33))));
                    });
        }
        return Party.anyOf(parties);
    }

    private static Prefix network(int side) {
        return Prefix.ofIpv4(10 << 24 | side << 16, 16);
    }

    private IpAddress address() {
        int network = 10 << 24 | random.nextInt(SIDES + 1) << 16;
        return IpAddress.ofIpv4(network | random.nextInt(4) << 8 | random.nextInt(4));
    }

    private Service service() {
        int first = random.nextInt(PORTS);
        int last = random.nextInt(first, PORTS);
        int protocol = random.nextBoolean() ? TCP : UDP;
        ValueSet numbers =
                random.nextInt(3) == 0
                        ? ValueSet.ANY
                        : ValueSet.range(
                                PacketKey.service(protocol, first),
                                PacketKey.service(protocol, last));
        ValueSet ports = random.nextInt(4) == 0 ? ValueSet.range(first, last) : ValueSet.ANY;
        return new Service(numbers, ports);
    }

    private void fill() {
        key.side = random.nextInt(SIDES);
        key.sourceLow = ValueSet.mapped(address().toIpv4());
        key.destinationLow = ValueSet.mapped(address().toIpv4());
        key.service = PacketKey.service(random.nextBoolean() ? TCP : UDP, random.nextInt(PORTS));
        key.sourcePort = random.nextInt(PORTS);
        key.mac = random.nextInt(MACS);
        key.sourceSite = random.nextInt(SITES);
        key.targetSite = random.nextInt(SITES);
    }
}
