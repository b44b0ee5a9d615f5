package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.recovery.RecoveryState;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The PoP goes, in every way it can, and comes back. */
class RecoverySystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 200 : 10;
    private static final long RETURN_MAX_MS = 12_000;

    @AfterAll
    static void report() {
        System.out.println("RecoverySystemTest: " + Outages.summary());
    }

    @ParameterizedTest
    @EnumSource
    void shouldMoveToPeerTunnelsAndBackWithoutLossAtTheReturn(PopCut way) {
        seeds(
                1 + 1_000L * way.ordinal(),
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    randomDelays(world, new Random(seed));
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(300 + seed * 37 % 300);

                    mark(streams);
                    way.cut(world);
                    world.run(1_500 + new Random(seed).nextInt(3_000));

                    assertOutages(streams, OUTAGE_MAX_MS);
                    assertTrue(isAllInRecovery(world), () -> describe(world));
                    assertEvents(world, ACTIVATED);

                    mark(streams);
                    way.heal(world);
                    awaitReturn(world, RETURN_MAX_MS);
                    world.run(2_500);

                    assertNothingLost(streams);
                    assertEvents(world, ACTIVATED, STOPPED);
                });
    }

    @Test
    void shouldTellNothingWhenNoTrafficFlows() {
        seeds(
                2,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    world.stream(1, 2, 10).stop();
                    SimStream hello = world.stream(2, 1, 10);
                    SimStream back = world.stream(1, 2, 10);
                    awaitReady(world);
                    hello.stop();
                    back.stop();
                    world.run(500);

                    world.killPop();
                    world.run(3_000);

                    assertTrue(isAllInRecovery(world));
                    assertEvents(world);

                    world.startPop();
                    awaitReturn(world, RETURN_MAX_MS);
                    world.run(2_000);
                    assertEvents(world);
                });
    }

    @Test
    void shouldStayInCloudWhenOnlyTheChannelDies() {
        seeds(
                2,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(10);
                    world.run(100);

                    mark(streams);
                    world.sites().forEach(site -> site.channel().cut(true));
                    world.run(20_000);

                    assertNothingLost(streams);
                    assertEquals(RecoveryState.CLOUD, view(world, 1).state());
                    assertTrue(world.sites().stream().noneMatch(s -> s.channel().isOpen()));
                    assertTrue(
                            view(world, 1).rib().routes().stream()
                                    .anyMatch(route -> route.status().stale()));

                    world.sites().forEach(site -> site.channel().cut(false));
                    world.run(5_000);

                    assertNothingLost(streams);
                    assertEvents(world);
                    assertTrue(
                            view(world, 1).rib().routes().stream()
                                    .noneMatch(route -> route.status().stale()));
                });
    }

    @Test
    void shouldNotReturnBeforeTheChannelIsBack() {
        seeds(
                2,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(10);
                    PopCut.CUT_BOTH_WAYS.cut(world);
                    world.run(20_000); // the channel's time-out too

                    mark(streams);
                    world.sites().forEach(site -> world.cutPop(site.number(), false));
                    world.run(5_000);

                    assertEquals(RecoveryState.CLOUD, view(world, 1).state());
                    assertTrue(isAllInRecovery(world), () -> describe(world));

                    world.sites().forEach(site -> site.channel().cut(false));
                    awaitReturn(world, RETURN_MAX_MS);
                    world.run(2_000);
                    assertNothingLost(streams);
                    assertEvents(world, ACTIVATED, STOPPED);
                });
    }

    private static void randomDelays(SimWorld world, Random random) {
        world.allPaths().forEach(path -> path.delayMs(1 + random.nextInt(40)));
    }
}
