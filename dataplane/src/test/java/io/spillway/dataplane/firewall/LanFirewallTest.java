package io.spillway.dataplane.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.spillway.dataplane.sim.Sim;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** R052, D46: verdicts over real packets, beside those of a twin that walks through the rules. */
class LanFirewallTest {
    private static final int WORLDS = Sim.count(10, 250);
    private static final int POLICIES = 4;
    private static final int PACKETS = Sim.count(1_000, 10_000);

    /** Of 1,000 policies 10,000 packets each; otherwise 40 and 1,000. */
    @Test
    void shouldJudgeAsAWalkThroughRulesAndFlowsDoes() throws Exception {
        SplittableRandom seeds = new SplittableRandom(Sim.seed());
        for (int i = 0; i < WORLDS; i++) {
            long seed = seeds.nextLong();
            try (FirewallWorld world = new FirewallWorld(new SplittableRandom(seed))) {
                for (int policy = 0; policy < POLICIES; policy++) {
                    world.publish();
                    run(world, seed);
                    assertEquals("", world.differences(), () -> "counts, seed " + seed);
                }
            }
        }
    }

    private static void run(FirewallWorld world, long seed) {
        for (int i = 0; i < PACKETS; i++) {
            int number = i;
            world.pass();
            PlainPacket packet = world.packet();
            PlainFirewall.Verdict expected = world.expected(packet);
            assertEquals(
                    expected,
                    world.judge(packet),
                    () -> "seed %d, packet %d %s\n%s".formatted(seed, number, packet, world));
        }
        assertFalse(world.hasLeaked(), () -> "seed " + seed);
    }
}
