package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.mtu.PathMtu;
import io.spillway.node.pop.PopView;
import io.spillway.node.site.SiteControl;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** What tunnels carry follows what their paths carry, up and down. */
class PathMtuSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 2;

    /** IPv4 20, UDP 8, record 42, content type 1. */
    private static final int OVERHEAD = 71;

    private static final int RECORD = 43;
    private static final int RELAY_HEADER = 16;

    private static final long FOUND_MAX_MS = 3_000;
    private static final long RAISE_NS = 5_000_000_000L;
    private static final long RAISED_MAX_MS = RAISE_NS / 1_000_000 + 3_000;

    @Override
    SimWorld world(long seed) {
        return new SimWorld(directory.resolve("seed-" + seed), seed, RAISE_NS);
    }

    @Test
    void shouldProveCleanPathsWhileTheTunnelsOpen() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);

                    assertTrue(world.runUntil(() -> isProven(world), 300), () -> mtus(world));
                    assertTrue(all(world).stream().allMatch(t -> mtu(t) == 1500 - OVERHEAD));
                });
    }

    @Test
    void shouldFindAPathThatIsNarrowFromTheBeginning() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.narrow(1, 0, 1400);
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);

                    assertTrue(
                            world.runUntil(() -> hasFound(world, 1, 1400), FOUND_MAX_MS),
                            () -> mtus(world));
                    assertTrue(
                            world.runUntil(() -> isProven(world), FOUND_MAX_MS), () -> mtus(world));
                });
    }

    /** The kernel's ICMP never comes: the packets just vanish. */
    @Test
    void shouldFindABlackHoleUnderTrafficInTheCloud() {
        seeds(SEEDS, (seed, world) -> assertFindsBlackHole(world, false));
    }

    @Test
    void shouldFindABlackHoleUnderTrafficInRecovery() {
        seeds(SEEDS, (seed, world) -> assertFindsBlackHole(world, true));
    }

    private static void assertFindsBlackHole(SimWorld world, boolean isInRecovery) {
        world.withSites(2, SiteOptions.DEFAULT);
        awaitReady(world);
        SimStream rigid = world.stream(1, 2, 10).packets(1400, false);
        SimStream cuttable = world.stream(2, 1, 10).packets(1400, true);
        List<SimStream> small = world.streams(20);
        world.run(500);
        if (isInRecovery) {
            world.killPop();
            world.run(2_000);
        }
        mark(List.of(rigid, cuttable));
        mark(small);

        world.narrow(1, 0, 1300);
        boolean isFound = world.runUntil(() -> world.host(1).toldMtu() != 0, FOUND_MAX_MS);

        assertTrue(isFound, () -> mtus(world));
        assertTrue(world.runUntil(() -> hasFound(world, 1, 1300), RAISED_MAX_MS));
        world.run(100);
        assertEquals(1300 - OVERHEAD, world.host(1).toldMtu());
        mark(List.of(cuttable));
        world.run(1_000);
        assertNothingLost(List.of(cuttable));
        assertTrue(world.host(1).fragments() > 0);
        assertNothingLost(small); // nobody was told that a tunnel is dead
        assertEvents(world, isInRecovery ? new String[] {ACTIVATED} : new String[0]);
    }

    @Test
    void shouldSendWhatTheHostMakesSmaller() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.narrow(2, 0, 1280);
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    world.run(2_000);

                    SimStream fits = world.stream(1, 2, 10).packets(1280 - OVERHEAD, false);
                    world.run(1_000);

                    assertNothingLost(List.of(fits)); // the PoP's second tunnel takes it too
                });
    }

    /** X03: and the hosts are free to send large packets again. */
    @Test
    void shouldNeverStayStuckLow() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(10);
                    world.narrow(1, 0, 1280);
                    assertTrue(world.runUntil(() -> hasFound(world, 1, 1280), RAISED_MAX_MS));

                    world.narrow(1, 0, 1500);

                    assertTrue(
                            world.runUntil(() -> hasFound(world, 1, 1500), RAISED_MAX_MS),
                            () -> mtus(world));
                    assertNothingLost(streams);
                });
    }

    /** X06: probes that were meant to be too large tell nothing of the path's quality. */
    @Test
    void shouldNotCountProbesOfTheSizeAsLoss() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.narrow(1, 0, 1280);
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    world.streams(10);

                    world.run(30_000); // none of those that were sent before the start counts

                    long nowNs = world.clock().nanoTime();
                    for (SimSite site : world.sites()) {
                        for (ManagedTunnel tunnel : view(world, site.number()).popTunnels()) {
                            assertEquals(0, tunnel.liveness().loss(nowNs).orElseThrow());
                        }
                    }
                });
    }

    /** Anyone can say that a packet was too long, and what would pass. */
    @Test
    void shouldNotBelieveForgedErrors() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    world.run(1_000);
                    List<SimStream> streams = new ArrayList<>(world.streams(5));
                    streams.add(world.stream(1, 2, 10).packets(1500 - OVERHEAD, false));
                    mark(streams);

                    for (int i = 0; i < 5_000; i++) {
                        int claimed = 68 + i % 1_400;
                        world.site(1).execute(it -> it.onTooBig(0, SimWorld.POP_ENDPOINT, claimed));
                        world.site(1)
                                .execute(it -> it.onTooBig(0, SimSite.endpoint(2, 0), claimed));
                        world.run(1);
                    }

                    assertNothingLost(streams);
                    assertEquals(0, world.host(1).toldMtu());
                    assertTrue(isProven(world), () -> mtus(world));
                    assertTrue(all(world).stream().allMatch(t -> mtu(t) == 1500 - OVERHEAD));
                });
    }

    @Test
    void shouldFollowALinkWhoseMtuChanges() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    world.run(1_000);
                    setLink(world, 1, 1_200, (it, mtu) -> it.onLinkMtu(0, mtu));

                    world.run(10);
                    assertEquals(
                            1_200 - OVERHEAD,
                            mtu(view(world, 1).popTunnels().getFirst()),
                            "at once");

                    setLink(world, 1, 1_500, (it, mtu) -> it.onLinkMtu(0, mtu));
                    assertTrue(
                            world.runUntil(() -> hasFound(world, 1, 1500), FOUND_MAX_MS),
                            () -> mtus(world));
                });
    }

    /** As at a PoP, which does not listen to what the kernel says of its links. */
    @Test
    void shouldFindOutThatTheKernelRefuses() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    world.run(1_000);
                    world.stream(1, 2, 10).packets(1_400, true);
                    setLink(world, 1, 1_300, (it, mtu) -> {});

                    assertTrue(
                            world.runUntil(
                                    () -> sizes(view(world, 1).popTunnels()).equals(List.of(1300)),
                                    FOUND_MAX_MS),
                            () -> mtus(world));
                });
    }

    /** Only the site's way out: what the far end sends may stay large. */
    @Test
    void shouldMeasureEachDirectionByItself() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.network().narrow(SimSite.endpoint(1, 0).getAddress(), 1350, 1500);
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    world.run(3_000);

                    assertEquals(List.of(1350), sizes(view(world, 1).popTunnels()));
                    assertEquals(List.of(1350), sizes(view(world, 1).peerTunnels()));
                    assertEquals(List.of(1500), sizes(view(world, 2).peerTunnels()));
                    assertTrue(isProven(world), () -> mtus(world));
                });
    }

    /** Only the third site's way to the peer is narrow, which the near end cannot know. */
    @Test
    void shouldFindWhatAThirdSiteRelays() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.narrow(2, 0, 1300);
                    addBehindNat(world, 1, seed);
                    addBehindNat(world, 2, seed);
                    world.addSite(3, SiteOptions.DEFAULT);

                    assertTrue(
                            world.runUntil(
                                    () -> isReached(world, 1, 2) && isReached(world, 2, 1), 30_000),
                            () -> describe(world));

                    int relayed = 1300 - OVERHEAD - RELAY_HEADER - RECORD;
                    assertTrue(
                            world.runUntil(
                                    () ->
                                            hasTunnel(world, 1, 2, relayed)
                                                    && hasTunnel(world, 2, 1, relayed),
                                    RAISED_MAX_MS),
                            () -> mtus(world));
                });
    }

    private static void addBehindNat(SimWorld world, int number, long seed) {
        SimNat nat =
                new SimNat(
                        "192.0.2." + number,
                        SimNat.Mapping.CHANGING,
                        SimNat.Filter.WHO_WAS_WRITTEN_TO,
                        seed * 31 + number);
        world.network().putBehind(nat, SimSite.endpoint(number, 0).getAddress());
        world.addSite(number, SiteOptions.DEFAULT);
    }

    private static boolean isReached(SimWorld world, int from, int to) {
        return view(world, from).isReachable(SimSite.id(to));
    }

    private static boolean hasTunnel(SimWorld world, int from, int to, int mtu) {
        return view(world, from).peerTunnels().stream()
                .filter(tunnel -> tunnel.tunnel().siteId() == SimSite.id(to))
                .anyMatch(tunnel -> mtu(tunnel) == mtu);
    }

    @Test
    void shouldTakeNoDeadPathForANarrowOne() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(1_000);
                    for (int i = 0; i < 5; i++) {
                        world.cutPop(1, true);
                        world.run(1_500);
                        world.cutPop(1, false);
                        world.run(1_500);
                    }
                    world.run(3_000);

                    assertFalse(streams.isEmpty());
                    assertTrue(
                            all(world).stream().allMatch(t -> t.pathMtu().size() == 1500),
                            () -> mtus(world));
                });
    }

    private static void setLink(
            SimWorld world, int site, int mtu, BiConsumer<SiteControl, Integer> tell) {
        world.site(site).sockets.getFirst().linkMtu(mtu);
        world.site(site).execute(it -> tell.accept(it, mtu));
    }

    /** All tunnels of a site whose way is so wide, from both ends. */
    private static boolean hasFound(SimWorld world, int site, int mtu) {
        List<ManagedTunnel> touching = new ArrayList<>(view(world, site).popTunnels());
        touching.addAll(view(world, site).peerTunnels());
        for (SimSite other : world.sites()) {
            view(world, other.number()).peerTunnels().stream()
                    .filter(tunnel -> tunnel.tunnel().siteId() == SimSite.id(site))
                    .forEach(touching::add);
        }
        if (!world.pop().isDead()) {
            new PopView(world.pop().control())
                    .tunnels().stream()
                            .filter(tunnel -> tunnel.tunnel().siteId() == SimSite.id(site))
                            .forEach(touching::add);
        }
        return touching.stream()
                .filter(ManagedTunnel::isAlive)
                .allMatch(tunnel -> mtu(tunnel) == mtu - OVERHEAD);
    }

    private static boolean isProven(SimWorld world) {
        return all(world).stream()
                .allMatch(tunnel -> tunnel.pathMtu().state() == PathMtu.State.PROVEN);
    }

    private static List<ManagedTunnel> all(SimWorld world) {
        List<ManagedTunnel> all = new ArrayList<>();
        for (SimSite site : world.sites()) {
            all.addAll(view(world, site.number()).popTunnels());
            all.addAll(view(world, site.number()).peerTunnels());
        }
        if (!world.pop().isDead()) {
            all.addAll(new PopView(world.pop().control()).tunnels());
        }
        all.removeIf(tunnel -> !tunnel.isAlive());
        return all;
    }

    private static List<Integer> sizes(Collection<ManagedTunnel> tunnels) {
        return tunnels.stream().map(tunnel -> tunnel.pathMtu().size()).toList();
    }

    private static int mtu(ManagedTunnel tunnel) {
        return tunnel.tunnel().mtu();
    }

    private static String mtus(SimWorld world) {
        StringBuilder text = new StringBuilder();
        for (ManagedTunnel tunnel : all(world)) {
            text.append("\n  to ").append(tunnel.tunnel().remote()).append(' ');
            text.append(mtu(tunnel)).append(' ').append(tunnel.pathMtu().state());
        }
        return text.toString();
    }
}
