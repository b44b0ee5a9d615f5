package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.pop.PopView;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Keys change under traffic, in the cloud and off it, and no packet is lost. */
class RekeySystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 30 : 3;
    private static final long NEVER_MS = 100_000_000;

    @Test
    void shouldLoseNothingWhenKeysChangeByTime() {
        seeds(SEEDS, (seed, world) -> rekey(world, seed, 1_500, Long.MAX_VALUE / 4));
    }

    @Test
    void shouldLoseNothingWhenKeysChangeByVolume() {
        seeds(SEEDS, (seed, world) -> rekey(world, seed, NEVER_MS, 60_000));
    }

    /** A flight that is lost comes again; the old keys go on meanwhile. */
    @Test
    void shouldLoseNothingWhenHandshakesLoseFlights() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.rekeying(2_000, Long.MAX_VALUE / 4));
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(100);
                    Random random = new Random(seed);
                    world.network().dropIf(bytes -> isFlight(bytes) && random.nextDouble() < 0.3);
                    mark(streams);

                    world.run(20_000);

                    assertNothingLost(streams);
                    assertEvents(world);
                });
    }

    /** By the end that opens a tunnel and by the one that does not. */
    @Test
    void shouldLoseNothingWhenSomebodyWantsOtherKeys() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(2);
                    world.run(200);
                    mark(streams);
                    for (int number = 1; number <= 3; number++) {
                        List<Integer> before = view(world, number).connectionIds();
                        view(world, number).changeKeys();
                        world.run(3_000);
                        List<Integer> after = view(world, number).connectionIds();
                        assertTrue(after.stream().noneMatch(before::contains), "keys stayed");
                    }
                    assertNothingLost(streams);
                    assertEvents(world);
                });
    }

    private static void rekey(SimWorld world, long seed, long afterMs, long bytes) {
        world.withSites(2, SiteOptions.DEFAULT.rekeying(afterMs, bytes));
        Random random = new Random(seed);
        world.allPaths().forEach(path -> path.delayMs(1 + random.nextInt(60)).reorder(0.1, 20));
        awaitReady(world);
        List<SimStream> streams = world.streams(2);
        world.run(200);
        mark(streams);
        List<Integer> before = connectionIds(world);
        world.run(6_000);
        assertTrue(connectionIds(world).stream().noneMatch(before::contains), "keys stayed");
        assertNothingLost(streams);

        world.killPop();
        world.run(1_500);
        mark(streams);
        world.run(6_000);
        assertNothingLost(streams);
        assertEvents(world, ACTIVATED);
    }

    private static List<Integer> connectionIds(SimWorld world) {
        return new PopView(world.pop().control()).connectionIds();
    }

    private static boolean isFlight(byte[] bytes) {
        boolean isEpoch0 = bytes[3] == 0 && bytes[4] == 0;
        return isEpoch0 || bytes[0] == 25 && bytes[5] == 0 && bytes[8] == 0;
    }
}
