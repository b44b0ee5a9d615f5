package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.RecoveryEvents;
import io.spillway.control.recovery.RecoveryState;
import io.spillway.control.recovery.Transport;
import io.spillway.node.site.SiteView;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sites with a private WAN beside the Internet (R041-R043, R060, R113). */
class AltWanSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 3;
    private static final int ALT_WAN_LINK = 1;
    private static final String ALT_WAN_ACTIVATED = RecoveryEvents.ALT_WAN_ACTIVATED;
    private static final String ALT_WAN_STOPPED = RecoveryEvents.ALT_WAN_STOPPED;

    @Test
    void shouldJoinAltWanLinksOnlyToEachOther() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT.withAltWan());
                    awaitReady(world);
                    assertTrue(
                            world.runUntil(
                                    () -> hasAltWan(world, 2) && hasRecovery(world, 2), 5_000));

                    for (SimSite site : world.sites()) {
                        SiteView view = view(world, site.number());
                        assertEquals(2, view.peerTunnels(Transport.RECOVERY).size());
                        assertEquals(2, view.peerTunnels(Transport.ALT_WAN).size());
                        assertEquals(1, view.popTunnels().size());
                        assertEquals(0, world.toPop(site.number(), ALT_WAN_LINK).carried);
                    }
                });
    }

    @Test
    void shouldGoByAltWanWhenTheCloudIsLostAndReturnWithoutLoss() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    List<SimStream> streams = begin(world);

                    world.killPop();
                    world.run(3_000);

                    assertTransports(world, Transport.ALT_WAN);
                    assertOutages(streams, OUTAGE_MAX_MS);
                    assertEvents(world, ALT_WAN_ACTIVATED);
                    comeBack(world, streams);
                    assertEvents(world, ALT_WAN_ACTIVATED, ALT_WAN_STOPPED);
                });
    }

    @Test
    void shouldGoOnByRecoveryWhenAltWanIsLostTooAndBackToItWhenItReturns() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    List<SimStream> streams = begin(world);
                    world.killPop();
                    world.run(3_000);
                    mark(streams);

                    cutAltWan(world, true);
                    world.run(3_000);
                    assertTransports(world, Transport.RECOVERY);
                    assertOutages(streams, OUTAGE_MAX_MS);

                    mark(streams);
                    cutAltWan(world, false);
                    assertTrue(
                            world.runUntil(() -> hasAltWan(world, 2), 20_000),
                            () -> describe(world));
                    world.run(1_000);
                    assertTransports(world, Transport.ALT_WAN);
                    assertNothingLost(streams);
                    comeBack(world, streams);
                    assertEvents(world, ALT_WAN_ACTIVATED, ACTIVATED, STOPPED, ALT_WAN_STOPPED);
                });
    }

    @Test
    void shouldGoByAltWanOnlyToPeersThatHaveIt() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.addSite(1, SiteOptions.DEFAULT.withAltWan());
                    world.addSite(2, SiteOptions.DEFAULT.withAltWan());
                    world.addSite(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    assertTrue(
                            world.runUntil(
                                    () -> isOnAltWan(world, 1, 1) && isOnAltWan(world, 2, 1),
                                    5_000));
                    List<SimStream> streams = world.streams(5);
                    world.run(500);
                    mark(streams);

                    world.killPop();
                    world.run(3_000);

                    SiteView first = view(world, 1);
                    assertEquals(RecoveryState.ALT_WAN, first.state());
                    assertEquals(Transport.ALT_WAN, first.transportOf(SimSite.id(2)));
                    assertEquals(Transport.RECOVERY, first.transportOf(SimSite.id(3)));
                    assertEquals(RecoveryState.RECOVERY, view(world, 3).state());
                    assertOutages(streams, OUTAGE_MAX_MS);
                    assertTrue(world.site(1).events().contains(ACTIVATED));
                    assertTrue(world.site(1).events().contains(ALT_WAN_ACTIVATED));
                    assertEquals(List.of(ACTIVATED), world.site(3).events());
                    comeBack(world, streams);
                });
    }

    @Test
    void shouldStartAgainOnAltWanWithoutAPop() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    begin(world);
                    world.run(10_000); // until all is saved
                    world.killPop();
                    world.run(2_000);
                    world.killSite(1);
                    world.run(1_000);

                    world.startSite(1);

                    boolean isBack =
                            world.runUntil(
                                    () -> view(world, 1).machine().countOf(Transport.ALT_WAN) == 2,
                                    5_000);
                    assertTrue(isBack, () -> describe(world));
                });
    }

    /** Three sites with Alt WAN, all of its tunnels up, traffic by the cloud. */
    private static List<SimStream> begin(SimWorld world) {
        world.withSites(3, SiteOptions.DEFAULT.withAltWan());
        awaitReady(world);
        assertTrue(world.runUntil(() -> hasAltWan(world, 2), 5_000), () -> describe(world));
        List<SimStream> streams = world.streams(5);
        world.run(500);
        mark(streams);
        return streams;
    }

    private static void comeBack(SimWorld world, List<SimStream> streams) {
        mark(streams);
        world.startPop();
        awaitReturn(world, 40_000);
        world.run(3_000);
        assertNothingLost(streams);
    }

    private static void cutAltWan(SimWorld world, boolean isCut) {
        for (SimSite site : world.sites()) {
            world.pathsOf(site.number(), ALT_WAN_LINK).forEach(path -> path.isCut = isCut);
        }
    }

    private static boolean hasAltWan(SimWorld world, int peers) {
        return world.sites().stream().allMatch(site -> isOnAltWan(world, site.number(), peers));
    }

    private static boolean hasRecovery(SimWorld world, int peers) {
        return world.sites().stream()
                .allMatch(site -> alive(world, site.number(), Transport.RECOVERY) == peers);
    }

    private static boolean isOnAltWan(SimWorld world, int site, int peers) {
        return alive(world, site, Transport.ALT_WAN) == peers;
    }

    private static long alive(SimWorld world, int site, Transport transport) {
        return view(world, site).peerTunnels(transport).stream()
                .filter(tunnel -> tunnel.isAlive())
                .count();
    }

    private static void assertTransports(SimWorld world, Transport transport) {
        int peers = world.sites().size() - 1;
        for (SimSite site : world.sites()) {
            int count = view(world, site.number()).machine().countOf(transport);
            assertEquals(peers, count, () -> transport + " at" + describe(world));
        }
    }
}
