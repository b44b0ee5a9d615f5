package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.control.route.LiveRefusal;
import io.spillway.control.wire.LiveStatements;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.Route;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What routers announce and withdraw in recovery, told from site to site (L13). */
class LiveRouteSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 2;
    private static final int SEEDS_OF_RARE = IS_LONG ? 20 : 1;
    private static final SiteOptions LIVE = SiteOptions.DEFAULT.withRouter().withLiveRoutes();
    private static final SiteOptions FROZEN = SiteOptions.DEFAULT.withRouter();
    private static final String KEPT = "172.16.1.0/24";
    private static final String WITHDRAWN = "172.16.2.0/24";
    private static final String NEW = "172.16.3.0/24";
    private static final long REACHABLE_MAX_MS = 2_000;

    @Test
    void shouldReachWhatIsAnnouncedInRecoveryWhereItIsOnAndNowhereElse() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.addSite(1, LIVE);
                    world.addSite(2, LIVE);
                    world.addSite(3, FROZEN);
                    SimRouter near = withRoutes(world);
                    SimRouter far = world.site(2).router();
                    world.killPop();
                    world.run(1_000);
                    SimStream kept = stream(world, 2, "172.16.1.10");
                    SimStream withdrawn = stream(world, 2, "172.16.2.10");
                    SimStream fresh = stream(world, 2, "172.16.3.10");
                    SimStream elsewhere = stream(world, 3, "172.16.3.10");
                    world.run(300);

                    near.announce(NEW);
                    near.withdraw(WITHDRAWN);

                    assertTrue(
                            world.runUntil(() -> fresh.received() > 0, REACHABLE_MAX_MS),
                            () -> describe(world));
                    assertTrue(
                            world.runUntil(
                                    () ->
                                            far.learnt().contains(NEW)
                                                    && !far.learnt().contains(WITHDRAWN),
                                    REACHABLE_MAX_MS),
                            () -> far.learnt() + describe(world));
                    long told = world.host(2).unreachables(0);
                    mark(List.of(kept, withdrawn, fresh, elsewhere));
                    world.run(1_000);
                    assertNothingLost(List.of(kept, fresh));
                    assertEquals(0, withdrawn.receivedSinceMark());
                    assertTrue(world.host(2).unreachables(0) > told, "said so");
                    assertEquals(0, elsewhere.received());
                    assertTrue(route(world, 2, NEW).status().live());
                    assertNull(route(world, 2, WITHDRAWN));
                    assertEquals(Set.of(LiveRefusal.SWITCHED_OFF), refused(world, 3).keySet());
                    Set<LiveRefusal> soon = Set.of(LiveRefusal.NOT_FROZEN); // before it noticed
                    assertTrue(soon.containsAll(refused(world, 2).keySet()));

                    returnWithout(world, List.of(kept, fresh));
                    assertFalse(route(world, 2, NEW).status().live());
                    assertNull(route(world, 2, WITHDRAWN));
                    assertEquals(0, changed(world, 2), "the PoP tells the same");
                    assertEquals(2, changed(world, 3));
                    elsewhere.mark();
                    world.run(1_000);
                    assertNothingLost(List.of(elsewhere));
                });
    }

    /** One site alone lost the cloud: the other one's news reach it too, and a PoP has both. */
    @Test
    void shouldTellBothWaysWhereOneSiteAloneIsOffTheCloud() {
        seeds(
                SEEDS_OF_RARE,
                (seed, world) -> {
                    world.withSites(3, LIVE);
                    SimRouter near = withRoutes(world);
                    world.cutPop(1, true);
                    world.run(1_500);

                    near.announce(NEW);
                    world.site(2).router().announce("172.17.3.0/24");

                    SimStream there = stream(world, 2, "172.16.3.10");
                    SimStream back = stream(world, 1, "172.17.3.10");
                    SimStream third = stream(world, 3, "172.17.3.10");
                    assertTrue(
                            world.runUntil(
                                    () ->
                                            there.received() > 0
                                                    && back.received() > 0
                                                    && third.received() > 0,
                                    REACHABLE_MAX_MS),
                            () -> describe(world));
                    assertTrue(route(world, 1, "172.17.3.0/24").status().live());
                    assertFalse(route(world, 3, "172.17.3.0/24").status().live());

                    world.run(500);
                    mark(List.of(there, back, third));
                    world.cutPop(1, false);
                    awaitReturn(world, 12_000);
                    world.run(1_000);
                    assertNothingLost(List.of(there, back, third));
                });
    }

    /** In several pieces, each of which may be lost: whoever was started again hears it again. */
    @Test
    void shouldHearAgainAfterARestartAndOverLossyPaths() {
        seeds(
                SEEDS_OF_RARE,
                (seed, world) -> {
                    world.withSites(2, LIVE);
                    SimRouter near = withRoutes(world);
                    world.run(2_000); // until it is saved
                    world.killPop();
                    world.run(1_000);
                    world.path(1, 2).loss = 0.2;
                    IntStream.range(0, 500)
                            .mapToObj(i -> "172.18.%d.%d/32".formatted(i >> 8, i & 0xff))
                            .forEach(near::announce);
                    near.announce(NEW);
                    assertTrue(
                            world.runUntil(() -> route(world, 2, NEW) != null, REACHABLE_MAX_MS),
                            () -> describe(world));
                    world.path(1, 2).loss = 0;
                    world.run(2_000);

                    world.killSite(2);
                    world.run(1_000);
                    world.startSite(2);

                    assertNull(route(world, 2, NEW), "not saved");
                    assertTrue(
                            world.runUntil(() -> route(world, 2, NEW) != null, 5_000),
                            () -> describe(world));
                    near.withdraw(NEW);
                    assertTrue(
                            world.runUntil(() -> route(world, 2, NEW) == null, REACHABLE_MAX_MS),
                            () -> describe(world));
                });
    }

    /** A site that was started again says what there is once its router has told it. */
    @Test
    void shouldSayWhatThereIsAfterARestartOfWhoTells() {
        seeds(
                SEEDS_OF_RARE,
                (seed, world) -> {
                    world.withSites(2, LIVE);
                    SimRouter near = withRoutes(world);
                    world.run(2_000);
                    world.killPop();
                    world.run(1_000);
                    near.announce(NEW);
                    assertTrue(world.runUntil(() -> route(world, 2, NEW) != null, 2_000));

                    world.killSite(1);
                    world.run(1_000);
                    world.startSite(1); // and its router, which announces nothing any more
                    world.run(5_000);
                    assertTrue(route(world, 2, NEW).status().live(), "routers may need a while");
                    world.site(1).router().announce("172.16.4.0/24");

                    assertTrue(
                            world.runUntil(
                                    () ->
                                            route(world, 2, NEW) == null
                                                    && route(world, 2, "172.16.4.0/24") != null,
                                    12_000),
                            () -> refused(world, 2) + describe(world));
                    assertTrue(route(world, 2, KEPT).status().frozen());
                });
    }

    @Test
    void shouldTellAsMuchAsAStatementHolds() {
        seeds(
                SEEDS_OF_RARE,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.withLiveRoutes());
                    awaitReady(world);
                    world.killPop();
                    world.run(1_000);
                    SimStream known = world.stream(2, 1, 10);

                    world.site(1)
                            .advertise(
                                    IntStream.range(0, 1_500)
                                            .mapToObj(i -> Prefix.ofIpv4(172 << 24 | i << 8, 24))
                                            .toList());

                    assertTrue(
                            world.runUntil(
                                    () ->
                                            view(world, 2)
                                                            .rib()
                                                            .live(SimSite.id(1))
                                                            .announced()
                                                            .size()
                                                    == LiveStatements.PREFIXES_MAX - 1,
                                    REACHABLE_MAX_MS),
                            () -> refused(world, 2) + describe(world));
                    assertNull(route(world, 2, "10.1.0.0/24"), "withdrawn, which goes first");
                    known.mark();
                    world.run(500);
                    assertEquals(0, known.receivedSinceMark());
                });
    }

    /** L11: who relays hands it on, and has no key to say something else. */
    @Test
    void shouldTellByWayOfAThirdSiteWhereThereIsNoDirectWay() {
        seeds(
                SEEDS_OF_RARE,
                (seed, world) -> {
                    for (int number = 1; number <= 2; number++) {
                        SimNat nat =
                                new SimNat(
                                        "192.0.2." + number,
                                        SimNat.Mapping.CHANGING,
                                        SimNat.Filter.WHO_WAS_WRITTEN_TO,
                                        seed * 31 + number);
                        InetSocketAddress inner = SimSite.endpoint(number, 0);
                        world.network().putBehind(nat, inner.getAddress());
                        world.addSite(number, LIVE);
                    }
                    world.addSite(3, FROZEN);
                    SimRouter near = withRoutes(world);
                    world.killPop();
                    world.run(1_000);
                    assertFalse(view(world, 2).isDirect());

                    near.announce(NEW);

                    SimStream fresh = stream(world, 2, "172.16.3.10");
                    assertTrue(
                            world.runUntil(() -> fresh.received() > 0, REACHABLE_MAX_MS),
                            () -> describe(world));
                    assertNull(route(world, 3, NEW));
                });
    }

    /** F03: a hub hears what a spoke announces, another spoke does not. */
    @Test
    void shouldTellNoSpokeWhatAnotherOneAnnounces() {
        seeds(
                SEEDS_OF_RARE,
                (seed, world) -> {
                    world.setPolicy(
                            new AccountPolicy(
                                    AccountPolicy.Topology.HUB_AND_SPOKE,
                                    Set.of(SimSite.id(2)),
                                    true,
                                    AccountPolicy.China.DOMESTIC_MESH,
                                    Map.of()));
                    world.withSites(3, LIVE);
                    assertTrue(world.runUntil(() -> isAllInCloud(world), 6_000));
                    world.run(3_000);
                    world.killPop();
                    world.run(1_000);

                    world.site(1).router().announce(NEW);

                    assertTrue(
                            world.runUntil(() -> route(world, 2, NEW) != null, REACHABLE_MAX_MS),
                            () -> describe(world));
                    world.run(3_000);
                    assertNull(route(world, 3, NEW));
                });
    }

    private static SimRouter withRoutes(SimWorld world) {
        awaitReady(world);
        SimRouter near = world.site(1).router();
        SimRouter far = world.site(2).router();
        near.announce(KEPT);
        near.announce(WITHDRAWN);
        assertTrue(
                world.runUntil(() -> far.learnt().containsAll(Set.of(KEPT, WITHDRAWN)), 3_000),
                () -> far.learnt() + describe(world));
        return near;
    }

    private static void returnWithout(SimWorld world, List<SimStream> loss) {
        mark(loss);
        world.startPop();
        awaitReturn(world, 12_000);
        world.run(1_000);
        assertNothingLost(loss);
    }

    private static SimStream stream(SimWorld world, int from, String to) {
        return world.streamTo(from, IpAddress.parse(to).toIpv4(), 10);
    }

    private static Route route(SimWorld world, int site, String prefix) {
        return view(world, site).rib().inUse(Prefix.parse(prefix));
    }

    private static Map<LiveRefusal, Long> refused(SimWorld world, int site) {
        return view(world, site).refusedLiveRoutes();
    }

    private static int changed(SimWorld world, int site) {
        return view(world, site).routesDiff().path("lastThawChanges").size();
    }
}
