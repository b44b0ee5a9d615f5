package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.readiness.ReasonCode;
import io.spillway.node.site.SiteView;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sites that no PoP can bring together, and a third one that can (L3, R021, R048). */
class PeerBrokerSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 16 : 3;
    private static final long SAVED_MS = 2_000;

    /** Of the 15 s a rejoin may take, what it takes when everybody is awake. */
    private static final long REJOINED_MAX_MS = 8_000;

    @Test
    void shouldRejoinWithANewMappingThroughAPeerAsBroker() {
        for (int restarted : new int[] {1, 2}) {
            seeds(
                    SEEDS,
                    (seed, world) -> {
                        SimNat nat = withNats(world, restarted, seed);
                        world.addSite(3, SiteOptions.DEFAULT);
                        restartWithoutPop(world, restarted, nat);

                        assertTrue(
                                world.runUntil(() -> isDirect(world), REJOINED_MAX_MS),
                                () -> describe(world));
                        List<SimStream> streams = world.streams(10);
                        world.run(7_000); // what was relayed at first is left
                        mark(streams);
                        world.run(2_000);
                        assertNothingLost(streams);
                    });
        }
    }

    /** Both are behind boxes that shut out whoever was not written to. */
    @Test
    void shouldSayWhyItDoesNotRejoin() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    SimNat nat = withNats(world, 1, seed);
                    restartWithoutPop(world, 1, nat);

                    world.run(15_000);

                    assertFalse(isDirect(world));
                    assertEquals(
                            List.of(ReasonCode.NOT_CONNECTED_TO_POP),
                            new SiteView(world.site(1).control()).punchFaults());
                });
    }

    /** Sites 1 and 2 behind one each; that of {@code moving} gives out other ports each time. */
    private static SimNat withNats(SimWorld world, int moving, long seed) {
        SimNat moved = null;
        for (int number = 1; number <= 2; number++) {
            boolean isMoving = number == moving;
            SimNat nat =
                    new SimNat(
                            "192.0.2." + number,
                            isMoving ? SimNat.Mapping.STABLE : SimNat.Mapping.PRESERVING,
                            SimNat.Filter.WHO_WAS_WRITTEN_TO,
                            seed * 31 + number);
            world.network().putBehind(nat, SimSite.endpoint(number, 0).getAddress());
            world.addSite(number, SiteOptions.DEFAULT);
            moved = isMoving ? nat : moved;
        }
        return moved;
    }

    private static void restartWithoutPop(SimWorld world, int number, SimNat nat) {
        awaitReady(world);
        world.run(SAVED_MS);
        world.killPop();
        world.run(1_000);
        assertTrue(isAllInRecovery(world), () -> describe(world));
        world.killSite(number);
        nat.reboot();
        world.run(3_000);
        world.startSite(number);
    }

    private static boolean isDirect(SimWorld world) {
        return world.sites().stream()
                .map(site -> new SiteView(site.control()))
                .allMatch(view -> view.directPeers() == world.sites().size() - 1);
    }
}
