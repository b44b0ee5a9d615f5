package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.DecisionCounts;
import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.PacketKey;
import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.PolicyTooLargeException;
import io.spillway.dataplane.firewall.RuleScope;
import io.spillway.dataplane.firewall.Service;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.dataplane.firewall.WanFirewallPolicy;
import io.spillway.node.WanPolicyFile;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * R053, R114: site 1 may send to site 2 and nobody else to anybody, by the PoP; off the cloud they
 * all may, and nothing of what is allowed is lost when it comes back.
 */
class WanFirewallSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 100 : 2;
    private static final int UDP = 17;
    private static final int INTERVAL_MS = 5;
    private static final Predicate<SimStream> ALLOWED =
            stream ->
                    stream.from.address() == SimWorld.address(1, 0)
                            && stream.destination == SimWorld.address(2, 0);

    @Test
    void shouldBlockByThePopAndByNothingElse() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(INTERVAL_MS);
                    world.run(200);

                    publish(world.pop());
                    world.run(100);
                    mark(streams);
                    world.run(1_000);
                    assertOnlyAllowedArrives(streams);

                    world.killPop();
                    world.run(1_500);
                    mark(streams);
                    world.run(1_000);
                    assertNothingLost(streams);

                    List<SimStream> allowed = streams.stream().filter(ALLOWED).toList();
                    mark(allowed);
                    world.startPop();
                    publish(world.pop());
                    awaitReturn(world, 40_000);
                    world.run(2_000);
                    assertNothingLost(allowed);
                    mark(streams);
                    world.run(1_000);
                    assertOnlyAllowedArrives(streams);
                });
    }

    private static void assertOnlyAllowedArrives(List<SimStream> streams) {
        assertNothingLost(streams.stream().filter(ALLOWED).toList());
        for (SimStream stream : streams) {
            boolean isArriving = stream.receivedSinceMark() > 0;
            assertEquals(ALLOWED.test(stream), isArriving, stream::toString);
        }
    }

    private static void publish(SimPop pop) {
        RuleScope scope = new RuleScope(site(1), site(2), false, List.of(udp()));
        FirewallRule rule = new FirewallRule("allow", scope, FirewallRule.Action.ALLOW);
        try {
            CompiledPolicy rules = new CompiledPolicy(WanPolicyFile.network(List.of(rule)));
            DecisionCounts counts = new DecisionCounts(rules);
            pop.dataPlane.commands().publishWanFirewall(new WanFirewallPolicy(rules, counts));
        } catch (PolicyTooLargeException e) {
            throw new AssertionError(e);
        }
    }

    private static Party site(int number) {
        long id = SimSite.id(number);
        return Party.ofSites(ValueSet.range(id, id));
    }

    private static Service udp() {
        return new Service(
                ValueSet.range(PacketKey.service(UDP, 0), PacketKey.service(UDP, 0xFFFF)),
                ValueSet.ANY);
    }
}
