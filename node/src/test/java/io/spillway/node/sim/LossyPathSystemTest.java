package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Paths that are bad but alive never make a site leave its cloud. */
class LossyPathSystemTest extends SystemTest {
    private static final long START_MAX_MS = 30_000;
    private static final int SEEDS = IS_LONG ? 30 : 2;
    private static final long RUN_MS = IS_LONG ? 60_000 : 15_000;

    @Test
    void shouldStayInCloudOnSlowPaths() {
        seeds(SEEDS, (seed, world) -> runOver(world, path -> path.delayMs(300)));
    }

    @Test
    void shouldStayInCloudOnJitteryPaths() {
        seeds(SEEDS, (seed, world) -> runOver(world, path -> path.delayMs(20).jitterMs(120)));
    }

    @Test
    void shouldStayInCloudOnLossyReorderingDuplicatingPaths() {
        seeds(
                SEEDS,
                (seed, world) ->
                        runOver(world, path -> path.loss(0.05).reorder(0.2, 40).duplicate(0.05)));
    }

    @Test
    void shouldDeliverEachPacketOnceOverDuplicatingPaths() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.allPaths().forEach(path -> path.duplicate(0.3).reorder(0.3, 30));

                    world.run(2_000);
                    PopCut.KILLED.cut(world);
                    world.run(2_000);

                    streams.forEach(
                            stream -> assertEquals(0, stream.duplicates(), stream.toString()));
                });
    }

    private interface Worsening {
        void apply(SimPath path);
    }

    private static void runOver(SimWorld world, Worsening worsening) {
        world.withSites(2, SiteOptions.DEFAULT);
        world.allPaths().forEach(worsening::apply);
        List<SimStream> streams = world.streams(20);
        boolean isReady = world.runUntil(() -> isReady(world), START_MAX_MS);
        assertTrue(isReady, () -> "not ready: " + describe(world));
        mark(streams);
        world.run(RUN_MS);
        assertEvents(world);
        streams.forEach(stream -> assertTrue(stream.receivedSinceMark() > 0, stream.toString()));
    }
}
