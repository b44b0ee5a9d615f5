package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.wire.Directory;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.SiteEntry;
import io.spillway.dataplane.forward.SiteExit;
import io.spillway.node.site.SiteView;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a mesh must not cost, however large it is. */
class ScaleSystemTest extends SystemTest {
    private static final long EVEN_SEED = 2; // threads of their own for ports and WAN
    private static final int SECONDS = 20;

    /**
     * Of each 100 ms: the recovery clock, and a probe of each of two PoP tunnels with its reply.
     */
    private static final int TURNS_PER_SECOND_MAX = 50;

    /** X10: one core pinned at full load, while others had nothing to do. */
    @Test
    void shouldSpreadTunnelsOverAllWanThreadsX10() {
        seeds(
                EVEN_SEED,
                1,
                (seed, world) -> {
                    world.withSites(4, SiteOptions.DEFAULT.links(1, 1));
                    awaitReady(world);
                    for (SimSite site : world.sites()) {
                        Map<Integer, Long> byThread =
                                new SiteView(site.control())
                                        .peerTunnels().stream()
                                                .collect(
                                                        Collectors.groupingBy(
                                                                it -> it.tunnel().wanThread(),
                                                                TreeMap::new,
                                                                Collectors.counting()));
                        assertEquals(2, byThread.size(), byThread.toString());
                        byThread.values().forEach(it -> assertTrue(it >= 4, byThread.toString()));
                    }
                });
    }

    /** X11: processor time burnt while nothing happens, with all links active. */
    @Test
    void shouldTurnControlForProbesOnlyWhileNothingHappensX11() {
        seeds(
                EVEN_SEED,
                1,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT.links(1, 1));
                    awaitReady(world);
                    world.run(5_000);
                    SimSite site = world.site(1);
                    int due = 0;
                    for (int ms = 0; ms < SECONDS * 1_000; ms++) {
                        if (site.control().deadlineNs() - world.clock().nanoTime() <= 0) {
                            due++;
                        }
                        world.run(1);
                    }
                    assertTrue(due <= SECONDS * TURNS_PER_SECOND_MAX, due + " turns");
                    List<ManagedTunnel> tunnels = new SiteView(site.control()).peerTunnels();
                    assertTrue(tunnels.stream().noneMatch(it -> it.liveness().isWatched()));
                });
    }

    /** With hundreds of peers, a look at all for each tunnel took all of control's time. */
    @Test
    void shouldChooseAnewOnlyTheWayToTheSiteWhoseTunnelDied() {
        seeds(
                2,
                (seed, world) -> {
                    world.withSites(4, SiteOptions.DEFAULT.links(1, 1));
                    awaitReady(world);
                    world.killPop();
                    assertTrue(world.runUntil(() -> isAllInRecovery(world), 5_000));
                    world.run(1_000);
                    SiteView view = new SiteView(world.site(1).control());
                    long killed = SimSite.id(2);
                    world.killSite(2);
                    Map<Long, SiteExit> before = new HashMap<>();
                    assertTrue(
                            world.runUntil(
                                    () -> {
                                        boolean isLost = !view.isReachable(killed);
                                        if (!isLost) before.putAll(view.exits());
                                        return isLost;
                                    },
                                    5_000));

                    boolean isFollowed =
                            world.runUntil(
                                    () -> view.exits().get(killed) != before.get(killed), 20);

                    assertTrue(isFollowed, "at once");
                    assertSame(before.get(SimSite.id(3)), view.exits().get(SimSite.id(3)));
                    assertSame(before.get(SimSite.id(4)), view.exits().get(SimSite.id(4)));
                });
    }

    /** A PoP that names thousands of sites is cut short; what stood before goes on. */
    @Test
    void shouldBoundADirectoryOfThousands() {
        seeds(
                1,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(10);
                    world.run(200);
                    mark(streams);
                    Directory.Builder huge =
                            Directory.newBuilder().setGeneration(Long.MAX_VALUE).setPartial(true);
                    for (long id = 5_000; id < 9_000; id++) {
                        huge.addSites(SiteEntry.newBuilder().setId(id).setName("s" + id));
                    }
                    Frame frame = Frame.newBuilder().setDirectory(huge).build();

                    world.site(1).execute(control -> control.onFrame(frame));
                    world.run(2_000);

                    SiteView view = new SiteView(world.site(1).control());
                    assertTrue(view.refusedSites() > 2_000, "left out: " + view.refusedSites());
                    assertTrue(view.peerCount() <= 1_000, "known: " + view.peerCount());
                    assertNothingLost(streams);
                });
    }
}
