package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.recovery.RecoveryState;
import io.spillway.control.recovery.Transport;
import io.spillway.node.pop.PopView;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One site loses its PoP, the others keep theirs (D38). */
class PresenceSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 50 : 5;

    @AfterAll
    static void report() {
        System.out.println("PresenceSystemTest: " + Outages.summary());
    }

    /** Directions of the data's path that are cut, and whether the channel is. */
    @ParameterizedTest
    @CsvSource({
        "true, true, true",
        "true, true, false",
        "true, false, true",
        "true, false, false",
        "false, true, true",
        "false, true, false"
    })
    void shouldReachTheOneThatLostItsPopBothWays(boolean isUpCut, boolean isDownCut, boolean all) {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> touched =
                            List.of(
                                    world.stream(1, 2, 5),
                                    world.stream(2, 1, 5),
                                    world.stream(3, 1, 5)); // one way only
                    List<SimStream> others = List.of(world.stream(2, 3, 5), world.stream(3, 2, 5));
                    world.run(200 + seed * 53 % 200);

                    mark(touched);
                    mark(others);
                    world.cutPop(1, isUpCut, isDownCut);
                    world.site(1).channel().cut(all);
                    world.run(4_000);

                    assertOutages(touched, OUTAGE_MAX_MS);
                    assertNothingLost(others);
                    assertEquals(RecoveryState.RECOVERY, view(world, 1).state());
                    assertEquals(RecoveryState.CLOUD, view(world, 2).state());
                    assertEquals(Transport.RECOVERY, view(world, 2).transportOf(SimSite.id(1)));
                    assertEquals(Transport.CLOUD, view(world, 2).transportOf(SimSite.id(3)));
                    assertEvents(world, ACTIVATED);

                    mark(touched);
                    world.cutPop(1, false);
                    world.site(1).channel().cut(false);
                    awaitReturn(world, 12_000);
                    world.run(3_000);

                    assertNothingLost(touched);
                    assertNothingLost(others);
                    assertEvents(world, ACTIVATED, STOPPED);
                });
    }

    @Test
    void shouldTakeInASiteThatComesToOthersWithTraffic() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> earlier = List.of(world.stream(1, 2, 5), world.stream(2, 1, 5));
                    var tunnel = view(world, 1).peerTunnels().getFirst();
                    world.run(500);
                    mark(earlier);

                    world.addSite(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    world.run(1_000);

                    assertNothingLost(earlier);
                    assertTrue(view(world, 1).peerTunnels().contains(tunnel));
                    List<SimStream> all = world.streams(5);
                    world.run(200 + seed * 53 % 200);
                    mark(all);
                    world.killPop();
                    world.run(2_000);
                    assertOutages(all, OUTAGE_MAX_MS);
                    assertTrue(isAllInRecovery(world), () -> describe(world));
                    mark(all);
                    world.startPop();
                    awaitReturn(world, 12_000);
                    world.run(3_000);
                    assertNothingLost(all);
                    assertEvents(world, ACTIVATED, STOPPED);
                });
    }

    /** Nobody expects it any more; its place is another's, and it may come again. */
    @Test
    void shouldForgetASiteThatIsGoneForGood() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    PopView pop = new PopView(world.pop(0).control());
                    assertTrue(pop.forget(SimSite.id(3)).contains("attached"));
                    List<SimStream> others = List.of(world.stream(1, 2, 5), world.stream(2, 1, 5));
                    world.run(500);
                    mark(others);

                    world.killSite(3);
                    world.run(20_000);
                    assertEquals(2, view(world, 1).readiness().site().expected());
                    assertNull(pop.forget(SimSite.id(3)));
                    world.run(5_000);

                    assertEquals(2, pop.siteCount());
                    assertEquals(1, view(world, 1).readiness().site().expected());
                    world.addSite(4, SiteOptions.DEFAULT);
                    world.startSite(3);
                    awaitReady(world);
                    assertNothingLost(others);
                    List<SimStream> all = world.streams(5);
                    world.run(2_000);
                    assertNothingLost(all);
                    assertEquals(3, view(world, 2).readiness().site().expected());
                });
    }

    /** The site's process dies, so that its tunnels do too. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldTellTheOthersThatASiteLeft(boolean isFrozen) {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> others = List.of(world.stream(2, 3, 5), world.stream(3, 2, 5));
                    world.run(200);

                    mark(others);
                    if (isFrozen) {
                        world.site(1).freeze();
                    } else {
                        world.killSite(1);
                    }
                    world.run(3_000);
                    assertTrue(
                            view(world, 2).transportOf(SimSite.id(1)) != Transport.CLOUD,
                            () -> describe(world));

                    if (isFrozen) {
                        world.site(1).unfreeze();
                    } else {
                        world.startSite(1);
                    }
                    awaitReturn(world, 12_000);
                    SimStream again = world.stream(2, 1, 5);
                    world.run(2_000);

                    assertNothingLost(others);
                    assertNothingLost(List.of(again));
                });
    }
}
