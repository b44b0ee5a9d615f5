package io.spillway.dataplane.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.sim.PrivateNetwork;
import io.spillway.dataplane.sim.Sim;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernel's verdicts are ours, in all that both can say: addresses, ranges, networks, services,
 * answers, fragments, ICMP errors.
 */
class NftablesTest {
    private static final int POLICIES = Sim.count(8, 200);
    private static final int STEPS = 120;

    private final SplittableRandom seeds = new SplittableRandom(Sim.seed());
    private int passed;
    private int dropped;

    @TempDir Path directory;

    @Test
    void shouldJudgeAsTheKernelDoes() throws Throwable {
        PrivateNetwork.requireProgram("nft");
        for (int i = 0; i < POLICIES; i++) {
            long seed = seeds.nextLong();
            PrivateNetwork.run(() -> compare(seed));
        }
        int few = POLICIES * STEPS / 5;
        assertTrue(passed > few && dropped > few, passed + " and " + dropped);
    }

    private void compare(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<PlainRules.Network> rules = new RandomTraffic(random.split(), false).policy();
        String table = NftRules.of(rules);
        try (FirewallWorld world = new FirewallWorld(random.split());
                KernelForwarder kernel = new KernelForwarder(directory, table)) {
            world.publishAlone(rules);
            List<String> differences = new ArrayList<>();
            Conversations hosts = new Conversations(random.split());
            for (int step = 0; step < STEPS; step++) {
                List<PlainPacket> packets = hosts.next();
                PlainPacket packet = packets.getFirst();
                boolean isAllowed = true;
                for (PlainPacket each : packets) {
                    isAllowed &= world.judge(each).drop() == null;
                    kernel.send(each.network(), each.bytes());
                }
                if (isAllowed != kernel.hasPassed(packet)) {
                    differences.add((isAllowed ? "allowed " : "dropped ") + packet);
                }
                if (isAllowed) {
                    passed++;
                    hosts.passed(packet);
                } else {
                    dropped++;
                }
            }
            assertEquals("", String.join("\n", differences), () -> "seed " + seed + "\n" + table);
        }
    }
}
