package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.NatMapping;
import io.spillway.control.readiness.ReasonCode;
import io.spillway.node.site.SiteView;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelView;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two sites behind all kinds of NAT find each other, or say why they cannot. */
class PunchSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 32 : 4;

    /** Tunnels to the PoP and the channel are up by then. */
    private static final long START_MS = 1_500;

    private static final long FOUND_MAX_MS = 3_000;

    /** What is before a site. */
    private enum Box {
        NONE,
        PRESERVING,
        STABLE,
        INDEPENDENT,
        CHANGING,
        CHANGING_OPEN,
        FORWARDED,
        /** Takes what nobody asked for as its own, and the port with it. */
        TAKING
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, NONE",
        "NONE, PRESERVING",
        "NONE, STABLE",
        "NONE, CHANGING",
        "NONE, FORWARDED",
        "PRESERVING, PRESERVING",
        "PRESERVING, STABLE",
        "PRESERVING, INDEPENDENT",
        "PRESERVING, FORWARDED",
        "STABLE, STABLE",
        "STABLE, INDEPENDENT",
        "INDEPENDENT, INDEPENDENT",
        "CHANGING, INDEPENDENT",
        "CHANGING, FORWARDED",
        "CHANGING_OPEN, FORWARDED",
        "FORWARDED, FORWARDED",
        "TAKING, TAKING",
        "TAKING, PRESERVING",
        "TAKING, FORWARDED",
        "TAKING, NONE",
    })
    void shouldFindAWay(Box one, Box other) {
        everyWayRound(
                one,
                other,
                (seed, world) -> {
                    assertTrue(isPairedSoon(world), () -> describe(world));
                    world.run(3_000);
                    assertTrue(isPaired(world), () -> describe(world));
                    assertSurvivesThePop(world);
                });
    }

    @ParameterizedTest
    @CsvSource({"CHANGING, CHANGING", "CHANGING, PRESERVING", "CHANGING, STABLE"})
    void shouldSayWhyThereIsNoWay(Box one, Box other) {
        everyWayRound(
                one,
                other,
                (seed, world) -> {
                    assertFalse(isPairedSoon(world), () -> describe(world));
                    for (SimSite site : world.sites()) {
                        assertEquals(
                                List.of(ReasonCode.MAPPING_CHANGES_PER_DESTINATION),
                                new SiteView(site.control()).punchFaults());
                    }
                });
    }

    /** L11: two sites that cannot reach each other, and a third that both can. */
    @Test
    void shouldGoByWayOfAThirdSiteAndLeaveItForADirectTunnel() {
        seeds(
                2 * SEEDS,
                (seed, world) -> {
                    SimNat nat = nat(Box.CHANGING, 1, seed);
                    world.network().putBehind(nat, SimSite.endpoint(1, 0).getAddress());
                    world.addSite(1, SiteOptions.DEFAULT);
                    add(world, 2, seed % 4 < 2 ? Box.CHANGING : Box.FORWARDED, seed);
                    add(world, 3, seed % 4 < 2 ? Box.FORWARDED : Box.CHANGING, seed);
                    assertTrue(
                            world.runUntil(() -> isMeshed(world), START_MS + FOUND_MAX_MS),
                            () -> describe(world));

                    List<SimStream> streams = world.streams(10);
                    world.run(500);
                    mark(streams);
                    world.killPop();
                    world.run(2_000);
                    assertOutages(streams, OUTAGE_MAX_MS);
                    mark(streams);
                    world.run(2_000);
                    assertNothingLost(streams);

                    world.startPop();
                    awaitReturn(world, 20_000);
                    nat.letAnybodyIn();
                    mark(streams);
                    world.run(90_000);

                    assertTrue(isPaired(world), () -> describe(world));
                    for (SimSite site : world.sites()) {
                        SiteView view = new SiteView(site.control());
                        assertEquals(2, view.peerTunnels().size(), () -> describe(world));
                        assertTrue(view.isDirect());
                    }
                    assertNothingLost(streams);
                });
    }

    /** In the midst of traffic that others relay, a direct way appears. */
    @Test
    void shouldLoseNothingWhenItLeavesTheThirdSite() {
        seeds(
                2 * SEEDS,
                (seed, world) -> {
                    SimNat nat = nat(Box.CHANGING, 1, seed);
                    world.network().putBehind(nat, SimSite.endpoint(1, 0).getAddress());
                    world.addSite(1, SiteOptions.DEFAULT);
                    add(world, 2, Box.CHANGING, seed);
                    add(world, 3, Box.FORWARDED, seed);
                    assertTrue(world.runUntil(() -> isMeshed(world), START_MS + FOUND_MAX_MS));
                    List<SimStream> streams = world.streams(5);
                    world.run(300);
                    for (SimSite site : world.sites()) { // the channels live and order searches
                        world.cutPop(site.number(), true);
                    }
                    world.run(2_000);
                    assertFalse(view(world, 1).isDirect());
                    mark(streams);

                    nat.letAnybodyIn();
                    boolean isDirect =
                            world.runUntil(
                                    () -> view(world, 1).isDirect() && view(world, 2).isDirect(),
                                    150_000);

                    assertTrue(isDirect, () -> describe(world));
                    world.run(500);
                    assertNothingLost(streams);
                });
    }

    /** R046 and scope: nobody relays for a site that does not take part. */
    @Test
    void shouldNotRelayForASiteWithoutRecovery() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    add(world, 1, Box.CHANGING, seed);
                    world.addSite(2, SiteOptions.DEFAULT.recovery(false, true));
                    add(world, 3, Box.FORWARDED, seed);
                    world.run(START_MS + FOUND_MAX_MS);

                    assertFalse(view(world, 1).isReachable(SimSite.id(2)));
                    assertFalse(view(world, 2).isReachable(SimSite.id(1)));
                    assertTrue(view(world, 1).isReachable(SimSite.id(3)));
                });
    }

    @Test
    void shouldTellWhatNatIsBeforeALink() {
        seeds(
                1,
                (seed, world) -> {
                    Box[] boxes = {Box.NONE, Box.PRESERVING, Box.STABLE, Box.CHANGING};
                    for (int i = 0; i < boxes.length; i++) {
                        add(world, i + 1, boxes[i], seed);
                    }
                    world.run(START_MS);

                    assertEquals(NatMapping.OPEN, view(world, 1).mapping(0));
                    assertEquals(NatMapping.STABLE, view(world, 2).mapping(0));
                    assertEquals(NatMapping.STABLE, view(world, 3).mapping(0));
                    assertEquals(NatMapping.CHANGING, view(world, 4).mapping(0));
                });
    }

    /** F05: the incumbent's sites behind one router cannot pair. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldPairSitesBehindOneNat(boolean isHairpinning) {
        seeds(
                SEEDS,
                (seed, world) -> {
                    SimNat nat = nat(Box.PRESERVING, 9, seed);
                    for (int number = 1; number <= 2; number++) {
                        InetSocketAddress inner = SimSite.endpoint(number, 0);
                        world.network().putBehind(nat, inner.getAddress());
                    }
                    if (!isHairpinning) {
                        nat.withoutHairpin();
                    }
                    world.withSites(2, SiteOptions.DEFAULT);

                    assertTrue(isPairedSoon(world), () -> describe(world));
                    ManagedTunnel tunnel = view(world, 2).peerTunnels().getFirst();
                    assertEquals(SimSite.endpoint(1, 0), tunnel.tunnel().remote());
                });
    }

    /** R031: the NAT's memory is gone, and what everybody knew of it is stale. */
    @ParameterizedTest
    @CsvSource({"PRESERVING", "STABLE", "INDEPENDENT"})
    void shouldOutliveARestartOfTheNat(Box box) {
        seeds(
                SEEDS,
                (seed, world) -> {
                    SimNat nat = nat(box, 1, seed);
                    world.network().putBehind(nat, SimSite.endpoint(1, 0).getAddress());
                    world.addSite(1, SiteOptions.DEFAULT);
                    add(world, 2, Box.PRESERVING, seed);
                    assertTrue(isPairedSoon(world), () -> describe(world));

                    List<SimStream> streams = world.streams(10);
                    world.run(300);
                    List<Integer> before = popConnectionIds(world);
                    mark(streams);
                    nat.reboot();
                    world.run(5_000);

                    assertOutages(streams, 200);
                    assertEvents(world);
                    assertEquals(before, popConnectionIds(world), "the same sessions");
                    world.killPop();
                    mark(streams);
                    world.run(2_000);
                    assertOutages(streams, OUTAGE_MAX_MS);
                });
    }

    /** Who can take and copy datagrams gets nothing by sending them from elsewhere. */
    @Test
    void shouldNotFollowACopyFromElsewhere() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(10);
                    InetSocketAddress thief = new InetSocketAddress("192.0.2.66", 20060);
                    InetSocketAddress victim = SimSite.endpoint(1, 0);
                    world.run(300);
                    mark(streams);
                    int[] taken = {0};
                    world.network()
                            .takeFrom(
                                    victim,
                                    (to, bytes) -> {
                                        boolean isTaken = taken[0]++ % 10 == 0;
                                        if (isTaken) {
                                            world.network().send(thief, to, bytes);
                                        }
                                        return isTaken;
                                    });
                    world.run(5_000);

                    assertTrue(taken[0] > 100);
                    assertOutages(streams, 100);
                    assertEvents(world);
                    for (ManagedTunnel tunnel : view(world, 2).peerTunnels()) {
                        assertEquals(victim, tunnel.tunnel().remote());
                    }
                });
    }

    /** X02: no second tunnel beside the one that was punched. */
    @Test
    void shouldMakeNoSecondTunnelToAStaticPort() {
        everyWayRound(
                Box.FORWARDED,
                Box.PRESERVING,
                (seed, world) -> {
                    world.run(20_000);

                    assertTrue(isPaired(world), () -> describe(world));
                    for (SimSite site : world.sites()) {
                        assertEquals(1, new SiteView(site.control()).peerTunnels().size());
                    }
                });
    }

    private void everyWayRound(Box one, Box other, Run run) {
        seeds(
                SEEDS,
                (seed, world) -> {
                    add(world, 1, seed % 4 < 2 ? one : other, seed);
                    add(world, 2, seed % 4 < 2 ? other : one, seed);
                    run.with(seed, world);
                });
    }

    private static void assertSurvivesThePop(SimWorld world) {
        List<SimStream> streams = world.streams(10);
        world.run(500);
        world.killPop();
        world.run(2_000);
        mark(streams);
        world.run(2_000);
        assertNothingLost(streams);
    }

    private static void add(SimWorld world, int number, Box box, long seed) {
        SiteOptions options = SiteOptions.DEFAULT;
        InetSocketAddress inner = SimSite.endpoint(number, 0);
        if (box != Box.NONE) {
            SimNat nat = nat(box, number, seed);
            world.network().putBehind(nat, inner.getAddress());
            if (box == Box.FORWARDED) {
                nat.forward(4435, inner);
                options = options.fixedAt(new InetSocketAddress(nat.address(), 4435));
            }
        }
        world.addSite(number, options);
    }

    private static SimNat nat(Box box, int number, long seed) {
        SimNat.Mapping mapping =
                switch (box) {
                    case STABLE, INDEPENDENT -> SimNat.Mapping.STABLE;
                    case CHANGING, CHANGING_OPEN -> SimNat.Mapping.CHANGING;
                    default -> SimNat.Mapping.PRESERVING;
                };
        boolean isOpen = box == Box.INDEPENDENT || box == Box.CHANGING_OPEN;
        SimNat.Filter filter = isOpen ? SimNat.Filter.ANYBODY : SimNat.Filter.WHO_WAS_WRITTEN_TO;
        SimNat nat = new SimNat("192.0.2." + number, mapping, filter, seed * 31 + number);
        return box == Box.TAKING ? nat.withoutDrop() : nat;
    }

    private static List<Integer> popConnectionIds(SimWorld world) {
        return world.sites().stream()
                .map(site -> new SiteView(site.control()))
                .flatMap(view -> view.popTunnels().stream())
                .map(TunnelView::connectionId)
                .toList();
    }

    private static boolean isPairedSoon(SimWorld world) {
        return world.runUntil(() -> isPaired(world), START_MS + FOUND_MAX_MS);
    }

    private static boolean isMeshed(SimWorld world) {
        return world.sites().stream()
                .allMatch(
                        site ->
                                world.sites().stream()
                                        .filter(other -> other != site)
                                        .allMatch(
                                                other ->
                                                        new SiteView(site.control())
                                                                .isReachable(other.id())));
    }

    private static boolean isPaired(SimWorld world) {
        return world.sites().stream()
                .map(site -> new SiteView(site.control()).peerTunnels())
                .allMatch(all -> !all.isEmpty() && all.stream().allMatch(ManagedTunnel::isAlive));
    }
}
