package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.observe.DropReason;
import io.spillway.node.site.SiteSetup.LocalRoute;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.RouteSource;
import org.junit.jupiter.api.Test;

/**
 * An address that others serve by the PoP and this site itself without it. These sites have no host
 * port: what is meant for it dies as unreachable, and is counted so.
 */
class OffCloudRouteSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 2;
    private static final int SERVICE = SimWorld.address(2, 9);
    private static final LocalRoute ROUTE =
            new LocalRoute(RouteSource.CONNECTED, Prefix.ofIpv4(SERVICE, 32), NextHop.HOST);
    private static final long INTERVAL_MS = 5;

    @Test
    void shouldServeAnAddressItselfWhileTheCloudIsLost() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.addSite(1, SiteOptions.DEFAULT.withOffCloudRoutes(ROUTE));
                    world.addSite(2, SiteOptions.DEFAULT.advertising("10.2.9.0/24"));
                    awaitReady(world);
                    SimStream service = world.streamTo(1, SERVICE, INTERVAL_MS);
                    SimStream peer = world.stream(1, 2, INTERVAL_MS);
                    world.run(500 + seed * 37 % 300);
                    assertEquals(0, service.lost(TAIL_MS));
                    assertEquals(0, here(world));

                    service.mark();
                    peer.mark();
                    world.killPop();
                    world.run(3_000);

                    long outageMs = peer.outageMs(TAIL_MS);
                    long notHere = service.lost(0) - here(world);
                    assertTrue(
                            notHere * INTERVAL_MS <= outageMs + 2 * INTERVAL_MS,
                            () ->
                                    "%d ms without the service, %d ms without the peer"
                                            .formatted(notHere * INTERVAL_MS, outageMs));
                    service.mark();
                    world.run(500);
                    assertEquals(0, service.receivedSinceMark());

                    world.startPop();
                    awaitReturn(world, 12_000);
                    world.run(100);
                    long before = here(world);
                    service.mark();
                    world.run(2_000);
                    assertEquals(0, service.lost(TAIL_MS), () -> describe(world));
                    assertEquals(before, here(world));
                });
    }

    @Test
    void shouldNotFlapWithThePop() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.addSite(1, SiteOptions.DEFAULT.withOffCloudRoutes(ROUTE));
                    world.addSite(2, SiteOptions.DEFAULT.advertising("10.2.9.0/24"));
                    awaitReady(world);
                    SimStream service = world.streamTo(1, SERVICE, INTERVAL_MS);
                    world.killPop();
                    world.run(1_000);
                    world.startPop();
                    awaitReturn(world, 12_000);
                    world.killPop();
                    world.run(1_000);
                    world.startPop();
                    world.run(2_000);

                    service.mark();
                    world.run(2_000);

                    assertTrue(
                            view(world, 1).machine().backoffRemainingNs(world.clock().nanoTime())
                                    > 0);
                    assertEquals(0, service.receivedSinceMark(), () -> describe(world));
                    awaitReturn(world, 20_000);
                    world.run(100);
                    service.mark();
                    world.run(1_000);
                    assertEquals(0, service.lost(TAIL_MS), () -> describe(world));
                });
    }

    private static long here(SimWorld world) {
        return world.site(1).dropped(DropReason.ROUTE_UNREACHABLE);
    }
}
