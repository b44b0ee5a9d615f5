package io.spillway.dataplane.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.dataplane.sim.Sim;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What {@code spillway explain} is told beside what then happens. */
class RehearsalTest {
    private static final int WORLDS = Sim.count(5, 25);
    private static final int POLICIES = 4;
    private static final int PACKETS = Sim.count(200, 1_500);

    /** The twin, which knows of no rehearsals, shows that they change nothing. */
    @Test
    void shouldSayWhatThenHappensAndChangeNothing() throws Exception {
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
            world.pass();
            PlainPacket packet = world.packet();
            PlainFirewall.Verdict expected = world.expected(packet);
            FirewallWorld.Way said = world.rehearse(packet);
            FirewallWorld.Way walked = world.walk(packet);
            assertEquals(walked, said, () -> "seed " + seed + ", " + packet);
            assertEquals(expected.isByPop(), walked.isByPop(), () -> "seed " + seed + packet);
        }
    }
}
