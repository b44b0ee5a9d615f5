package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
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
                    assertOutages(streams, 100); // the PoP hears of it over the other link
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
    void shouldGoOnOverTheOtherActiveLinkWhenOneDiesSilentlyInCloud() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.links(1, 1));
                    awaitReady(world);
                    List<SimStream> streams = manyStreams(world);
                    world.run(1_000);
                    assertTrue(sent(world, 0) > 0 && sent(world, 1) > 0, "flows on both links");

                    for (int link = 0; link < 2; link++) {
                        mark(streams);
                        cutLink(world, 1, link, true);
                        world.run(3_000);
                        assertOutages(streams, OUTAGE_MAX_MS);

                        mark(streams);
                        cutLink(world, 1, link, false);
                        world.run(5_000);
                        assertNothingLost(streams);
                    }
                    assertEvents(world);
                });
    }

    @Test
    void shouldLeaveFlowsWhereTheyAreWhenAnotherLinkComesBack() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.links(1, 1));
                    awaitReady(world);
                    cutLink(world, 1, 0, true);
                    world.run(3_000);
                    List<SimStream> streams = manyStreams(world);
                    world.run(1_000);
                    assertEquals(List.of(1), view(world, 1).linksToPop());
                    mark(streams);

                    cutLink(world, 1, 0, false);
                    assertTrue(
                            world.runUntil(() -> view(world, 1).linksToPop().size() == 2, 60_000));
                    long before = sent(world, 0);
                    world.run(3_000);

                    assertEquals(before, sent(world, 0), "packets of old flows");
                    assertNothingLost(streams);
                });
    }

    @Test
    void shouldUseThePassiveLinkWhileTheActiveOneIsBelowTheFloor() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.links(1, 2));
                    awaitReady(world);
                    world.run(15_000);
                    assertEquals(List.of(0), view(world, 1).linksToPop());

                    world.toPop(1, 0).loss(0.1);
                    boolean hasMoved = awaitLink(world, 1, 60_000);
                    assertTrue(hasMoved, "to the passive link");
                    List<SimStream> streams = world.streams(5);
                    world.run(1_000);
                    mark(streams);
                    world.toPop(1, 0).loss(0);
                    long backMs = world.clock().nanoTime() / 1_000_000;
                    assertTrue(awaitLink(world, 0, 120_000), "back on the active link");
                    backMs = world.clock().nanoTime() / 1_000_000 - backMs;

                    assertTrue(backMs > 20_000, "not before it has held: " + backMs);
                    world.run(1_000);
                    assertNothingLost(streams);
                    assertEvents(world);
                });
    }

    /** X12. */
    @Test
    void shouldFormTheTunnelsOfBothWansThoughARouterDuplicatesEveryDatagram() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.links(1, 1));
                    world.allPaths().forEach(path -> path.duplicate(1));

                    assertTrue(
                            world.runUntil(() -> isReady(world) && hasAllTunnels(world), 10_000),
                            () -> describe(world));
                    List<SimStream> streams = manyStreams(world);
                    world.run(2_000);
                    world.killPop();
                    world.run(3_000);
                    assertOutages(streams, OUTAGE_MAX_MS);
                    streams.forEach(it -> assertEquals(0, it.duplicates(), it::toString));
                    assertTrue(hasAllTunnels(world), () -> describe(world));
                });
    }

    /** X11. */
    @Test
    void shouldProbeIdleTunnelsEveryFifteenSecondsOnlyInActiveActive() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.links(1, 1));
                    awaitReady(world);
                    assertTrue(world.runUntil(() -> hasAllTunnels(world), 5_000));
                    world.run(5_000);
                    List<SimPath> paths = new ArrayList<>();
                    for (int link = 0; link < 4; link++) {
                        paths.add(world.path(1, link / 2, 2, link % 2));
                        paths.add(world.path(2, link / 2, 1, link % 2));
                    }
                    paths.forEach(path -> path.carried = 0);

                    world.run(60_000);

                    // Four or five probes and proofs, and as many answers to the other side's.
                    paths.forEach(
                            path ->
                                    assertTrue(
                                            path.carried >= 14 && path.carried <= 20,
                                            "datagrams in a minute: " + path.carried));
                });
    }

    private static boolean awaitLink(SimWorld world, int link, long maxMs) {
        return world.runUntil(() -> view(world, 1).linksToPop().equals(List.of(link)), maxMs);
    }

    /** Enough flows for both of two links. */
    private static List<SimStream> manyStreams(SimWorld world) {
        List<SimStream> streams = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            streams.addAll(world.streams(10));
        }
        return streams;
    }

    private static long sent(SimWorld world, int link) {
        return view(world, 1).popTunnels().get(link).tunnel().packetsSent().packets();
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
