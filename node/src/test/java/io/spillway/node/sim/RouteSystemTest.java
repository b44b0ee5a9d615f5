package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.observe.DropReason;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is reachable while the cloud is gone: what was before, and nobody who does not want it. */
class RouteSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 2;
    private static final int ADMINISTRATIVELY_PROHIBITED = 13; // RFC 1812 §5.2.7.1

    @Test
    void shouldReachWhatWasKnownBeforeTheCutAndNothingNewUntilTheReturn() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.addSite(1, SiteOptions.DEFAULT);
                    world.addSite(2, SiteOptions.DEFAULT.advertising("10.2.8.0/24"));
                    awaitReady(world);
                    SimStream old = world.streamTo(1, SimWorld.address(2, 8), 10);
                    SimStream fresh = world.streamTo(1, SimWorld.address(2, 9), 10);
                    world.run(500);
                    assertEquals(0, old.lost(TAIL_MS));
                    world.cutPop(1, true);
                    world.run(1_000);

                    old.mark();
                    fresh.mark();
                    world.site(2).advertise("10.2.0.0/24", "10.2.9.0/24");
                    world.run(3_000);

                    assertEquals(0, old.lost(TAIL_MS), () -> describe(world));
                    assertEquals(0, fresh.receivedSinceMark());
                    assertTrue(world.site(1).dropped(DropReason.ROUTE_MISSING) > 0);
                    JsonNode waiting = view(world, 1).routesDiff();
                    assertEquals(2, waiting.path("waiting").asInt(), waiting::toString);
                    assertEquals(
                            List.of("added 10.2.9.0/24", "removed 10.2.8.0/24"),
                            changes(waiting.path("thawNow")));

                    world.cutPop(1, false);
                    awaitReturn(world, 12_000);
                    world.run(100);
                    old.mark();
                    fresh.mark();
                    world.run(2_000);

                    assertEquals(0, fresh.lost(TAIL_MS), () -> describe(world));
                    assertEquals(0, old.receivedSinceMark());
                    JsonNode thawed = view(world, 1).routesDiff();
                    assertEquals(0, thawed.path("waiting").asInt(), thawed::toString);
                    assertEquals(
                            List.of("added 10.2.9.0/24", "removed 10.2.8.0/24"),
                            changes(thawed.path("lastThawChanges")));
                    String event = "Routes of site2 at its return: 1 added, 1 removed, 0 changed";
                    assertTrue(world.site(1).events().contains(event), () -> describe(world));
                });
    }

    private static List<String> changes(JsonNode rows) {
        return rows.valueStream()
                .map(row -> row.path("change").asString() + " " + row.path("prefix").asString())
                .toList();
    }

    /** All lost the PoP: who changed its routes tells it once it is back itself, perhaps later. */
    @Test
    void shouldTellOfARouteThatItsSiteAnnouncesSoonAfterTheReturn() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.addSite(1, SiteOptions.DEFAULT);
                    world.addSite(2, SiteOptions.DEFAULT.advertising("10.2.8.0/24"));
                    awaitReady(world);
                    world.run(500);
                    world.killPop();
                    world.run(3_000);

                    world.startPop();
                    awaitReturn(world, 12_000);
                    world.site(2).advertise("10.2.0.0/24", "10.2.9.0/24");
                    world.run(1_000);

                    JsonNode thawed = view(world, 1).routesDiff();
                    assertEquals(
                            List.of("added 10.2.9.0/24", "removed 10.2.8.0/24"),
                            changes(thawed.path("lastThawChanges")));
                    String event = "Routes of site2 at its return: 1 added, 1 removed, 0 changed";
                    assertTrue(world.site(1).events().contains(event), () -> describe(world));

                    world.run(12_000);
                    world.site(2).advertise("10.2.0.0/24", "10.2.10.0/24");
                    world.run(1_000);
                    assertEquals(thawed, view(world, 1).routesDiff(), "later news are no return");
                });
    }

    @Test
    void shouldStopTrafficWhenFreezeIsOff() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.recovery(true, false));
                    awaitReady(world);
                    List<SimStream> streams = world.streams(10);
                    world.run(500);

                    world.killPop();
                    world.run(1_000);
                    mark(streams);
                    world.run(2_000);

                    streams.forEach(stream -> assertEquals(0, stream.receivedSinceMark()));
                    assertTrue(world.site(1).dropped(DropReason.ROUTE_MISSING) > 0);
                    assertEvents(world);

                    world.startPop();
                    awaitReturn(world, 12_000);
                    world.run(200);
                    mark(streams);
                    world.run(1_000);
                    assertNothingLost(streams);
                });
    }

    /** A site that has just started is not yet reached, which is no prohibition. */
    @Test
    void shouldProhibitNothingAtTheStart() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    world.streams(5);

                    awaitReady(world);

                    for (SimSite site : world.sites()) {
                        assertEquals(0, site.dropped(DropReason.ROUTE_PROHIBITED));
                    }
                });
    }

    @Test
    void shouldExcludeASiteWhereRecoveryIsOffBothWays() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.addSite(1, SiteOptions.DEFAULT);
                    world.addSite(2, SiteOptions.DEFAULT);
                    world.addSite(3, SiteOptions.DEFAULT.recovery(false, true));
                    assertTrue(world.runUntil(() -> isAllInCloud(world), 5_000));
                    List<SimStream> ours = List.of(world.stream(1, 2, 10), world.stream(2, 1, 10));
                    List<SimStream> foreign =
                            List.of(
                                    world.stream(1, 3, 10),
                                    world.stream(3, 1, 10),
                                    world.stream(2, 3, 10),
                                    world.stream(3, 2, 10));
                    world.run(2_000);
                    assertTrue(view(world, 3).peerTunnels().isEmpty());
                    mark(ours);

                    world.killPop();
                    world.run(1_000);
                    long before = world.site(1).dropped(DropReason.ROUTE_PROHIBITED);
                    mark(foreign);
                    world.run(2_000);

                    assertOutages(ours, OUTAGE_MAX_MS);
                    foreign.forEach(stream -> assertEquals(0, stream.receivedSinceMark()));
                    assertTrue(world.site(1).dropped(DropReason.ROUTE_PROHIBITED) > before + 190);
                    assertTrue(world.site(3).dropped(DropReason.ROUTE_PROHIBITED) > 190);
                    assertTrue(world.host(1).unreachables(ADMINISTRATIVELY_PROHIBITED) > 0);
                    assertTrue(world.host(3).unreachables(ADMINISTRATIVELY_PROHIBITED) > 0);
                    assertEquals(List.of(ACTIVATED), world.site(1).events());
                    assertEquals(List.of(), world.site(3).events());

                    world.startPop();
                    awaitReturn(world, 12_000);
                    world.run(500);
                    mark(foreign);
                    world.run(1_500);
                    assertNothingLost(foreign);
                    assertEquals(List.of(ACTIVATED, STOPPED), world.site(1).events());
                });
    }
}
