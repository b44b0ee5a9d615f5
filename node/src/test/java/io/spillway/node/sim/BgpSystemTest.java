package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.observe.DropReason;
import io.spillway.routing.fib.IpAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From a router on one site's LAN to a router on another's, and what recovery makes of it. */
class BgpSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 2;
    private static final String KEPT = "172.16.1.0/24";
    private static final String WITHDRAWN = "172.16.2.0/24";
    private static final String NEW = "172.16.3.0/24";

    /** X05: what routers told while the site itself was still beginning was dropped. */
    @Test
    void shouldTellTheCloudWhatItsRouterToldBeforeX05() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.killPop();
                    world.withSites(2, SiteOptions.DEFAULT.withRouter());
                    SimRouter near = world.site(1).router();
                    SimRouter far = world.site(2).router();
                    near.announce(KEPT);
                    world.run(3_000);

                    world.startPop();
                    awaitReady(world);

                    assertTrue(
                            world.runUntil(() -> far.learnt().contains(KEPT), 3_000),
                            () -> far.learnt() + describe(world));
                    SimStream stream = stream(world, 2, "172.16.1.10");
                    world.run(1_000);
                    assertNothingLost(List.of(stream));
                });
    }

    @Test
    void shouldTellAllThatARouterToldAtOnceInWhateverOrder() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.withRouter());
                    awaitReady(world);
                    SimRouter near = world.site(1).router();
                    SimRouter far = world.site(2).router();
                    List<String> told = List.of("172.16.9.0/24", NEW, "172.16.5.0/24", KEPT);

                    told.forEach(near::announce);

                    assertTrue(
                            world.runUntil(() -> far.learnt().containsAll(told), 3_000),
                            () -> far.learnt() + describe(world));
                    told.forEach(near::withdraw);
                    assertTrue(
                            world.runUntil(
                                    () -> told.stream().noneMatch(far.learnt()::contains), 3_000),
                            () -> far.learnt() + describe(world));
                });
    }

    private static SimStream stream(SimWorld world, int from, String to) {
        return world.streamTo(from, IpAddress.parse(to).toIpv4(), 10);
    }

    @Test
    void shouldReachByBgpWhatWasKnownBeforeTheCutAndTheRestAfterTheReturn() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.withRouter());
                    awaitReady(world);
                    SimRouter near = world.site(1).router();
                    SimRouter far = world.site(2).router();
                    near.announce(KEPT);
                    near.announce(WITHDRAWN);
                    assertTrue(
                            world.runUntil(
                                    () -> far.learnt().containsAll(Set.of(KEPT, WITHDRAWN)), 3_000),
                            () -> far.learnt() + describe(world));
                    assertFalse(near.learnt().contains(KEPT), "back to its teller");
                    assertTrue(far.learnt().contains("172.16.0.0/12"), "the summary");
                    assertFalse(near.learnt().contains("172.16.0.0/12"));
                    SimStream kept = stream(world, 2, "172.16.1.10");
                    SimStream withdrawn = stream(world, 2, "172.16.2.10");
                    SimStream fresh = stream(world, 2, "172.16.3.10");
                    world.run(500);
                    assertNothingLost(List.of(kept, withdrawn));

                    world.killPop();
                    world.run(1_000);
                    near.withdraw(WITHDRAWN);
                    near.announce(NEW);
                    world.run(500);
                    mark(List.of(kept, withdrawn, fresh));
                    world.run(2_000);

                    assertNothingLost(List.of(kept));
                    assertEquals(0, withdrawn.receivedSinceMark());
                    assertEquals(0, fresh.receivedSinceMark());
                    assertTrue(world.site(1).dropped(DropReason.ROUTE_UNREACHABLE) > 0);
                    assertTrue(world.host(2).unreachables(0) > 0, "said so");
                    assertTrue(far.learnt().containsAll(Set.of(KEPT, WITHDRAWN)));
                    assertFalse(far.learnt().contains(NEW));

                    world.startPop();
                    awaitReturn(world, 12_000);
                    assertTrue(
                            world.runUntil(
                                    () ->
                                            far.learnt().contains(NEW)
                                                    && !far.learnt().contains(WITHDRAWN),
                                    3_000),
                            () -> far.learnt() + describe(world));
                    world.run(200);
                    mark(List.of(kept, fresh));
                    world.run(1_000);
                    assertNothingLost(List.of(kept, fresh));
                    assertTrue(far.learnt().contains(KEPT));
                });
    }
}
