package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.site.SiteSetup.LocalRoute;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.RouteSource;
import org.junit.jupiter.api.Test;

/**
 * An address that others serve by the PoP and this site itself without it: its kernel sends back
 * what it gets, so that nothing of that is lost either.
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
                    assertEquals(0, service.lost(TAIL_MS), () -> describe(world));
                    assertEquals(0, here(world));

                    service.mark();
                    peer.mark();
                    world.killPop();
                    world.run(3_000);

                    long outageMs = peer.outageMs(TAIL_MS);
                    long notHere = service.lost(0);
                    assertTrue(
                            notHere * INTERVAL_MS <= outageMs + 2 * INTERVAL_MS,
                            () ->
                                    "%d ms without the service, %d ms without the peer"
                                            .formatted(notHere * INTERVAL_MS, outageMs));
                    assertEquals(500 / INTERVAL_MS, hereWithin(world, 500));

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

                    long here = hereWithin(world, 2_000);

                    assertTrue(
                            view(world, 1).machine().backoffRemainingNs(world.clock().nanoTime())
                                    > 0);
                    assertEquals(2_000 / INTERVAL_MS, here, () -> describe(world));
                    awaitReturn(world, 20_000);
                    world.run(100);
                    service.mark();
                    world.run(1_000);
                    assertEquals(0, service.lost(TAIL_MS), () -> describe(world));
                });
    }

    /** R151, with a resolver on the PoP's machine, to which no site has a route. */
    @Test
    void shouldReachTheResolverOfThePopAndItselfWithoutIt() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    int address = 10 << 24 | 254 << 16 | 254 << 8 | 1;
                    LocalRoute route =
                            new LocalRoute(
                                    RouteSource.CONNECTED,
                                    Prefix.ofIpv4(address, 32),
                                    NextHop.HOST);
                    var options = SiteOptions.DEFAULT.withInternet(seed % 2 == 0);
                    world.withSites(2, options.withOffCloudRoutes(route));
                    awaitReady(world);
                    SimStream service = world.streamTo(1, address, INTERVAL_MS);
                    world.run(500);
                    assertEquals(0, service.lost(TAIL_MS), () -> describe(world));
                    assertTrue(world.pop().internet().answered() > 0);
                    assertEquals(0, here(world));

                    world.killPop();
                    world.run(1_000);
                    assertEquals(500 / INTERVAL_MS, hereWithin(world, 500));

                    world.startPop();
                    awaitReturn(world, 12_000);
                    world.run(100);
                    service.mark();
                    world.run(1_000);
                    assertEquals(0, service.lost(TAIL_MS), () -> describe(world));
                    assertTrue(world.pop().internet().answered() > 0);
                });
    }

    private static long hereWithin(SimWorld world, long ms) {
        long before = here(world);
        world.run(ms);
        return here(world) - before;
    }

    /** Packets that came to the first site's own kernel. */
    private static long here(SimWorld world) {
        return world.site(1).internet().answered();
    }
}
