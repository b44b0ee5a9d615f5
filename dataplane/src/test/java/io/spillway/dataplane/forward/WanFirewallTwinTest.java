package io.spillway.dataplane.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.DecisionCounts;
import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.NetworkRule;
import io.spillway.dataplane.firewall.PacketKey;
import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.RuleScope;
import io.spillway.dataplane.firewall.Service;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.dataplane.firewall.WanFirewallPolicy;
import io.spillway.dataplane.header.Packets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random packets between two sites under policies that change, against a walk through the rules.
 */
class WanFirewallTwinTest {
    private static final boolean IS_LONG = Boolean.getBoolean("spillway.long");
    private static final int POLICIES = IS_LONG ? 20_000 : 100;
    private static final int PACKETS = 200;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SYN = 2;
    private static final int ACK = 0x10;
    private static final int PORTS = 3;

    /** Site 2's are the even ones. */
    private static final String[] HOSTS = {"10.2.0.7", "10.3.0.7", "10.2.0.8", "10.3.0.8"};

    private record Rule(int from, int to, int protocol, int port, boolean isAllowed) {
        boolean matches(Packet packet) {
            return (from == 0 || from == packet.site(packet.source))
                    && (to == 0 || to == packet.site(packet.target))
                    && (protocol == 0 || protocol == packet.protocol)
                    && (protocol == 0 || port == packet.targetPort);
        }

        FirewallRule asRule(String name) {
            int number = PacketKey.service(protocol, port);
            Service service =
                    protocol == 0
                            ? Service.ANY
                            : new Service(ValueSet.range(number, number), ValueSet.ANY);
            return new FirewallRule(
                    name,
                    new RuleScope(party(from), party(to), false, List.of(service)),
                    isAllowed ? FirewallRule.Action.ALLOW : FirewallRule.Action.BLOCK);
        }

        private static Party party(int site) {
            return site == 0 ? Party.ANYBODY : Party.ofSites(ValueSet.range(site, site));
        }
    }

    private record Packet(
            int source, int target, int protocol, int sourcePort, int targetPort, int flags) {
        int site(int host) {
            return host % 2 == 0 ? 2 : 3;
        }

        Packet reversed() {
            return new Packet(target, source, protocol, targetPort, sourcePort, flags);
        }

        /** Without what is no part of its flow. */
        Packet key() {
            return new Packet(source, target, protocol, sourcePort, targetPort, 0);
        }

        boolean mayBegin() {
            return protocol != TCP || flags == SYN;
        }

        byte[] bytes() {
            byte[] segment = new byte[protocol == TCP ? 20 : 8];
            Packets.put16(segment, 0, sourcePort);
            Packets.put16(segment, 2, targetPort);
            if (protocol == TCP) {
                segment[12] = 0x50;
                segment[13] = (byte) flags;
            } else {
                Packets.put16(segment, 4, segment.length);
            }
            return Packets.ipv4(protocol, 0, HOSTS[source], HOSTS[target], segment);
        }
    }

    private static final class Flow {
        private Packet beginner;
        private boolean wasEverAllowed;
        private boolean isAllowed;
        private int policy;
    }

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final ForwardFixture fixture = new ForwardFixture();
    private final PacketBatch batch = new PacketBatch(1);
    private final Tunnel to3 = fixture.tunnel(3, 3);
    private final Map<Packet, Flow> flows = new HashMap<>();
    private List<Rule> rules = List.of();
    private int policy;

    @Test
    void shouldDecideAsAWalkThroughTheRulesDoes() throws Exception {
        publishRoutes();
        for (int i = 0; i < POLICIES; i++) {
            publishRules();
            for (int j = 0; j < PACKETS; j++) {
                Packet packet = packet();
                assertEquals(expected(packet), passes(packet), () -> "seed " + seed + " " + packet);
            }
        }
    }

    private void publishRoutes() {
        Forwarding atSite = fixture.view.current();
        List<Tunnel> none = List.of();
        SiteExit second = SiteExit.atPop(2, List.of(fixture.first), none, none, false);
        SiteExit third = SiteExit.atPop(3, List.of(to3), none, none, false);
        fixture.view.publish(
                new Forwarding(
                        2,
                        0,
                        0,
                        atSite.fib(),
                        List.of(second, third, SiteExit.NOWHERE),
                        TunnelTable.of(List.of(fixture.first, to3)),
                        LocalAddresses.NONE));
    }

    private void publishRules() throws Exception {
        rules = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            rules.add(
                    new Rule(
                            random.nextInt(3) == 0 ? 0 : random.nextInt(2, 4),
                            random.nextInt(3) == 0 ? 0 : random.nextInt(2, 4),
                            random.nextBoolean() ? 0 : random.nextBoolean() ? TCP : UDP,
                            random.nextInt(PORTS),
                            random.nextInt(3) > 0));
        }
        List<FirewallRule> asRules = new ArrayList<>();
        rules.forEach(rule -> asRules.add(rule.asRule("rule " + asRules.size())));
        CompiledPolicy compiled =
                new CompiledPolicy(
                        List.of(
                                new NetworkRule(
                                        "all", RuleScope.ANY, NetworkRule.Transport.LAN, asRules)));
        DecisionCounts counts = new DecisionCounts(compiled);
        fixture.firewall.publishWanFirewall(new WanFirewallPolicy(compiled, counts));
        policy++;
    }

    private Packet packet() {
        int source = random.nextInt(HOSTS.length);
        int target = (source + random.nextInt(1, HOSTS.length)) % HOSTS.length;
        return new Packet(
                source,
                target,
                random.nextBoolean() ? TCP : UDP,
                random.nextInt(PORTS),
                random.nextInt(PORTS),
                random.nextInt(4) == 0 ? SYN : ACK);
    }

    private boolean passes(Packet packet) {
        Tunnel from = packet.site(packet.source) == 2 ? fixture.first : to3;
        PacketBuffer buffer = fixture.fromTunnel(packet.bytes(), from);
        batch.clear();
        batch.add(buffer);
        fixture.firewall.process(batch);
        if (batch.isEmpty()) {
            return false;
        }
        fixture.pool.release(buffer);
        return true;
    }

    // ---- the twin

    private boolean expected(Packet packet) {
        boolean isNew = !flows.containsKey(packet.key());
        Flow flow = flows.computeIfAbsent(packet.key(), _ -> new Flow());
        if (isNew) {
            flows.put(packet.reversed().key(), flow);
            flow.beginner = packet;
        }
        if (flow.policy != policy) {
            flow.policy = policy;
            flow.isAllowed = isAllowed(flow.beginner);
            if (isNew && !packet.mayBegin() && !flow.isAllowed) {
                begin(flow, packet.reversed());
            }
        }
        boolean isAnswer = packet.reversed().key().equals(flow.beginner.key());
        if (!flow.isAllowed && !flow.wasEverAllowed && isAnswer && packet.mayBegin()) {
            begin(flow, packet);
        }
        flow.wasEverAllowed |= flow.isAllowed;
        return flow.isAllowed;
    }

    private void begin(Flow flow, Packet beginner) {
        if (isAllowed(beginner)) {
            flow.beginner = beginner;
            flow.isAllowed = true;
        }
    }

    private boolean isAllowed(Packet packet) {
        for (Rule rule : rules) {
            if (rule.matches(packet)) {
                return rule.isAllowed;
            }
        }
        return false;
    }
}
