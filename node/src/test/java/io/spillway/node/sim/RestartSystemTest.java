package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.recovery.RecoveryState;
import io.spillway.control.recovery.Transport;
import io.spillway.node.site.SiteMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A site that starts again from its saved state (L3, D12, R030, R048). */
class RestartSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 2;

    /** Of the 5 s a restart may take, what is left when the program has started. */
    private static final long FORWARDING_MAX_MS = 2_500;

    /** Until what was learnt last is on the disk. */
    private static final long SAVED_MS = 2_000;

    @Test
    void shouldForwardSoonAfterARestartWithoutAnyPop() {
        for (int restarted : new int[] {1, 3}) {
            seeds(
                    SEEDS,
                    (seed, world) -> {
                        inRecovery(world);
                        List<SimStream> streams = world.streams(10);
                        world.run(500);
                        world.killSite(restarted);
                        world.run(5_000);

                        world.startSite(restarted);
                        mark(streams);

                        world.run(FORWARDING_MAX_MS + 2_000);
                        assertOutages(streams, FORWARDING_MAX_MS);
                        assertEquals(RecoveryState.RECOVERY, view(world, restarted).state());
                        world.startPop();
                        awaitReturn(world, 30_000);
                        mark(streams);
                        world.run(2_000);
                        assertNothingLost(streams);
                    });
        }
    }

    @Test
    void shouldForwardAfterAPowerCutOfAllSitesWithoutAnyPop() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    inRecovery(world);
                    List<SimStream> streams = world.streams(10);
                    world.run(500);
                    List.of(1, 2, 3).forEach(world::killSite);
                    world.run(1_000);

                    List.of(1, 2, 3).forEach(world::startSite);
                    mark(streams);

                    world.run(FORWARDING_MAX_MS + 2_000);
                    assertOutages(streams, FORWARDING_MAX_MS);
                });
    }

    /** Routes that were learnt, not configured; those that came later wait for the cloud (R051). */
    @Test
    void shouldKeepLearntRoutesOverARestart() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.addSite(1, SiteOptions.DEFAULT);
                    world.addSite(2, SiteOptions.DEFAULT.advertising("10.2.1.0/24"));
                    awaitReady(world);
                    world.run(SAVED_MS);
                    world.killPop();
                    world.run(1_000);
                    world.killSite(1);
                    world.startSite(1);
                    SimStream learnt = world.streamTo(1, SimWorld.address(2, 1), 10);
                    world.run(4_000);

                    learnt.mark();
                    world.run(1_000);

                    assertNothingLost(List.of(learnt));
                    assertTrue(view(world, 1).rib().isFrozen(SimSite.id(2)));
                });
    }

    /** What the peer still takes for alive must not keep us out until it finds out (45 s). */
    @Test
    void shouldHaveItsTunnelsBackSoonAfterARestartInTheCloud() {
        for (int restarted : new int[] {1, 2}) {
            seeds(
                    SEEDS,
                    (seed, world) -> {
                        world.withSites(2, SiteOptions.DEFAULT);
                        awaitReady(world);
                        world.run(SAVED_MS);
                        world.killSite(restarted);
                        world.run(500);

                        world.startSite(restarted);

                        assertTrue(
                                world.runUntil(() -> isReady(world), 4_000), () -> describe(world));
                        world.sites()
                                .forEach(
                                        site ->
                                                assertEquals(
                                                        1,
                                                        view(world, site.number())
                                                                .peerTunnels()
                                                                .size()));
                        assertEvents(world);
                    });
        }
    }

    @Test
    void shouldForgetWhatThePopHasForgottenMeanwhile() {
        seeds(
                1,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    world.run(SAVED_MS);
                    world.killSite(1);
                    world.killSite(3);
                    world.killPop();
                    world.startEmptyPop();

                    world.startSite(1);
                    world.run(40_000);

                    assertEquals(
                            Transport.CLOUD, view(world, 1).machine().transportOf(SimSite.id(2)));
                    assertFalse(
                            view(world, 1).machine().peers().stream()
                                    .anyMatch(peer -> peer.siteId() == SimSite.id(3)));
                });
    }

    @Test
    void shouldStartWithoutASavedStateThatIsOfNoUse() throws IOException {
        SimWorld world = world(1);
        try (world) {
            world.withSites(2, SiteOptions.DEFAULT);
            awaitReady(world);
            world.run(SAVED_MS);
            world.killSite(1);
            Path file = directory.resolve("seed-1").resolve("site1").resolve(SiteMemory.FILE_NAME);
            byte[] saved = Files.readAllBytes(file);
            saved[saved.length / 2] ^= 1;
            Files.write(file, saved);

            world.startSite(1);

            assertTrue(world.runUntil(() -> isReady(world), 60_000), () -> describe(world));
            assertTrue(Files.exists(file.resolveSibling(SiteMemory.FILE_NAME + ".refused")));
        }
    }

    private static void inRecovery(SimWorld world) {
        world.withSites(3, SiteOptions.DEFAULT);
        awaitReady(world);
        world.run(SAVED_MS);
        world.killPop();
        world.run(1_000);
        assertTrue(isAllInRecovery(world), () -> describe(world));
    }
}
