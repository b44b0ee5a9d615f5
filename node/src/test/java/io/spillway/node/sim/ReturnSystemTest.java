package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.recovery.RecoveryState;
import io.spillway.control.recovery.Transport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When, and how, sites come back to their cloud. */
class ReturnSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 2;

    /** From the PoP's first answer to the decision; reconnecting takes a moment. */
    private static final long IMMEDIATE_MS = 4_500;

    @Test
    void shouldWaitLongerEachTimeWhileThePopFlaps() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(10);
                    world.run(100);

                    long[] waits = {0, 8_000, 16_000, 32_000};
                    for (long wait : waits) {
                        mark(streams);
                        PopCut.DATA_ONLY.cut(world);
                        world.run(2_000);
                        assertOutages(streams, OUTAGE_MAX_MS);
                        assertTrue(isAllInRecovery(world), () -> describe(world));
                        mark(streams);
                        PopCut.DATA_ONLY.heal(world);
                        if (wait > 0) {
                            world.run(wait - 500);
                            assertTrue(isAllInRecovery(world), () -> wait + describe(world));
                        }
                        awaitReturn(world, IMMEDIATE_MS + 500);
                        world.run(500);
                        assertNothingLost(streams);
                    }
                });
    }

    @Test
    void shouldCountAPopThatComesAndGoesDuringTheWaitToTheSameEpisode() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(10);
                    flap(world);
                    awaitReturn(world, IMMEDIATE_MS);
                    world.run(2_000);
                    PopCut.DATA_ONLY.cut(world);
                    world.run(2_000);
                    mark(streams);
                    PopCut.DATA_ONLY.heal(world);
                    world.run(5_000);
                    assertEquals(RecoveryState.CLOUD, view(world, 1).state());
                    assertTrue(isAllInRecovery(world), () -> describe(world));

                    flap(world);

                    world.run(15_500); // twice the 8 s that were interrupted
                    assertTrue(isAllInRecovery(world), () -> describe(world));
                    awaitReturn(world, IMMEDIATE_MS + 500);
                    world.run(3_000);
                    assertNothingLost(streams);
                    assertEvents(world, ACTIVATED, STOPPED, ACTIVATED, STOPPED);
                });
    }

    @Test
    void shouldEndTheWaitByHand() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(10);
                    flap(world);
                    awaitReturn(world, IMMEDIATE_MS);
                    mark(streams);
                    flap(world);
                    world.run(4_000);
                    assertTrue(isAllInRecovery(world), () -> describe(world));
                    mark(streams);

                    world.sites().forEach(site -> site.execute(it -> it.returnNow()));
                    awaitReturn(world, 500);

                    world.run(1_000);
                    assertNothingLost(streams);
                });
    }

    @Test
    void shouldTrustAPopThatHeldLongEnough() {
        seeds(
                1,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    flap(world);
                    awaitReturn(world, IMMEDIATE_MS);
                    world.run(1_030_000);

                    flap(world);

                    awaitReturn(world, IMMEDIATE_MS);
                });
    }

    /** The one PoP that knows nobody must not take away what works. */
    @Test
    void shouldLoseNothingToAPopWithoutMemory() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(100);
                    world.killPop();
                    world.run(2_000);
                    mark(streams);
                    // site 3 stays away from the PoP, so that the PoP has never heard of it
                    world.cutPop(3, true);
                    world.site(3).channel().cut(true);

                    world.startEmptyPop();
                    world.run(8_000);

                    assertNothingLost(streams);
                    assertEquals(Transport.RECOVERY, view(world, 1).transportOf(SimSite.id(3)));

                    world.cutPop(3, false);
                    world.site(3).channel().cut(false);
                    awaitReturn(world, 20_000);
                    world.run(3_000);
                    assertNothingLost(streams);
                    assertEvents(world, ACTIVATED, STOPPED);
                });
    }

    /** Until every expected site is attached, or 30 s are over, nobody returns. */
    @Test
    void shouldAwaitTheSitesThatThePopExpects() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    world.run(2_000); // the PoP's memory is written
                    List<SimStream> streams = world.streams(10);
                    world.killPop();
                    world.run(2_000);
                    world.cutPop(3, true);
                    world.site(3).channel().cut(true);
                    mark(streams);

                    world.startPop();
                    world.run(20_000);
                    assertEquals(RecoveryState.CLOUD, view(world, 1).state());
                    assertEquals(Transport.RECOVERY, view(world, 1).transportOf(SimSite.id(2)));

                    world.run(12_000);
                    assertEquals(Transport.CLOUD, view(world, 1).transportOf(SimSite.id(2)));
                    assertEquals(Transport.RECOVERY, view(world, 1).transportOf(SimSite.id(3)));
                    assertNothingLost(streams);
                });
    }

    @Test
    void shouldComeBackAfterARestartDuringRecovery() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> others = List.of(world.stream(2, 3, 5), world.stream(3, 2, 5));
                    SimStream toRestarted = world.stream(2, 1, 5);
                    SimStream fromRestarted = world.stream(1, 2, 5);
                    world.run(100);
                    world.killPop();
                    world.run(2_000);
                    mark(others);

                    world.killSite(1);
                    world.run(500);
                    world.startSite(1);
                    world.run(5_000);
                    assertNothingLost(others);

                    world.startPop();
                    awaitReturn(world, 20_000);
                    toRestarted.mark();
                    fromRestarted.mark();
                    world.run(3_000);

                    assertNothingLost(others);
                    assertEquals(0, toRestarted.lost(TAIL_MS), () -> describe(world));
                    assertEquals(0, fromRestarted.lost(TAIL_MS), () -> describe(world));
                    assertEvents(world, ACTIVATED, STOPPED);
                });
    }

    private static void flap(SimWorld world) {
        PopCut.DATA_ONLY.cut(world);
        world.run(1_500);
        PopCut.DATA_ONLY.heal(world);
    }
}
