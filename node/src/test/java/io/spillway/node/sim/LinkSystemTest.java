package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Sites with two WAN links. */
class LinkSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 3;
    private static final int TUNNELS_PER_PAIR = 4;

    @Test
    void shouldFormTunnelsBetweenAllLinksOfAPair() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT.links(1, 1));
                    awaitReady(world);
                    assertTrue(
                            world.runUntil(() -> hasAllTunnels(world), 5_000),
                            () -> describe(world));
                });
    }

    @Test
    void shouldFormTheTunnelsOfALinkThatComesLate() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.links(1, 1));
                    cutLink(world, 1, 1, true);
                    world.run(5_000);
                    cutLink(world, 1, 1, false);

                    assertTrue(
                            world.runUntil(() -> hasAllTunnels(world), 5_000),
                            () -> describe(world));
                });
    }

    @Test
    void shouldStayInCloudWhenOneOfTwoLinksGoesDown() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.links(1, 2));
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(500);
                    mark(streams);

                    cutLink(world, 1, 0, true);
                    world.site(1).execute(control -> control.onLink(0, false));
                    world.run(3_000);

                    assertOutages(List.of(streams.get(0)), 50);
                    assertOutages(streams, 1_100); // the PoP finds out by silence
                    assertEvents(world);

                    mark(streams);
                    cutLink(world, 1, 0, false);
                    world.site(1).execute(control -> control.onLink(0, true));
                    world.run(8_000);
                    assertNothingLost(streams);
                    assertEvents(world);
                });
    }

    @Test
    void shouldMoveToAnotherLinkDuringRecovery() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.links(1, 1));
                    awaitReady(world);
                    assertTrue(world.runUntil(() -> hasAllTunnels(world), 5_000));
                    List<SimStream> streams = world.streams(5);
                    world.run(500);
                    world.killPop();
                    world.run(2_000);
                    mark(streams);

                    cutLink(world, 1, 0, true);
                    world.run(3_000);
                    assertOutages(streams, 600);

                    mark(streams);
                    cutLink(world, 1, 0, false);
                    cutLink(world, 1, 1, true);
                    world.run(5_000);
                    assertTrue(streams.getFirst().receivedSinceMark() > 0);
                    assertEvents(world, ACTIVATED);
                });
    }

    private static boolean hasAllTunnels(SimWorld world) {
        int expected = TUNNELS_PER_PAIR * (world.sites().size() - 1);
        return world.sites().stream()
                .map(site -> view(world, site.number()).peerTunnels())
                .allMatch(
                        tunnels ->
                                tunnels.size() == expected
                                        && tunnels.stream().allMatch(t -> t.isAlive()));
    }

    private static void cutLink(SimWorld world, int site, int link, boolean isCut) {
        world.pathsOf(site, link).forEach(path -> path.isCut = isCut);
    }
}
