package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.control.recovery.Transport;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who has tunnels to whom: hub and spoke, switches, regions, and changes of them. */
class TopologySystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 3;
    private static final long FOUND_MAX_MS = 5_000;

    private static AccountPolicy hubs(Integer... numbers) {
        return new AccountPolicy(
                AccountPolicy.Topology.HUB_AND_SPOKE,
                Set.copyOf(List.of(numbers).stream().map(SimSite::id).toList()),
                true,
                AccountPolicy.China.DOMESTIC_MESH,
                Map.of());
    }

    /** X01: with the incumbent, recovery tunnels of several spokes were never established. */
    @Test
    void shouldConnectEverySpokeToItsHubAndNoSpokeToAnother() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.setPolicy(hubs(2));
                    world.withSites(4, SiteOptions.DEFAULT);
                    awaitPeers(world, 1, 3, 1, 1);

                    List<SimStream> withHub = List.of(world.stream(1, 2, 5), world.stream(2, 4, 5));
                    SimStream spokes = world.stream(1, 3, 5);
                    world.run(500);
                    mark(withHub);
                    mark(List.of(spokes));
                    assertNothingLost(List.of(spokes)); // by the cloud
                    world.killPop();
                    world.run(3_000);

                    assertOutages(withHub, OUTAGE_MAX_MS);
                    assertEquals(Transport.NONE, view(world, 1).transportOf(SimSite.id(3)));
                    assertFalse(view(world, 1).isReachable(SimSite.id(3)));
                    assertTrue(spokes.lost(TAIL_MS) > 100);
                });
    }

    /** Make before break, and back: nobody has to switch anything off and on (X01). */
    @Test
    void shouldChangeTopologyWhileEverythingRuns() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(4, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(10);
                    world.run(300);
                    mark(streams);

                    world.setPolicy(hubs(1, 2));
                    awaitPeers(world, 3, 3, 2, 2);
                    world.setPolicy(hubs(4));
                    awaitPeers(world, 1, 1, 1, 3);
                    world.setPolicy(AccountPolicy.FULL_MESH);
                    awaitPeers(world, 3, 3, 3, 3);

                    assertNothingLost(streams);
                    assertEvents(world);
                });
    }

    /** Readiness of the others says nothing of it, not for a moment. */
    @Test
    void shouldNotBlameOthersForASwitch() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    Map<Long, AccountPolicy.Rule> off =
                            Map.of(SimSite.id(2), new AccountPolicy.Rule(false, false));
                    world.setPolicy(policy(true, off));
                    for (int ms = 0; ms < 3_000; ms++) {
                        world.run(1);
                        assertEquals(List.of(), missing(world), ms + " ms");
                    }
                    world.setPolicy(policy(true, Map.of()));
                    awaitPeers(world, 2, 2, 2);
                });
    }

    private static List<String> missing(SimWorld world) {
        return view(world, 1).readiness().peers().stream()
                .filter(peer -> peer.isExpected() && !peer.isConnected())
                .map(peer -> peer.name() + " " + peer.faults())
                .toList();
    }

    /** The account's switch, and a site's that says otherwise (F01). */
    @Test
    void shouldFollowTheSwitchOfTheAccountAndOfASite() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);

                    Map<Long, AccountPolicy.Rule> off =
                            Map.of(SimSite.id(2), new AccountPolicy.Rule(false, false));
                    world.setPolicy(policy(true, off));
                    awaitPeers(world, 1, 0, 1);
                    Map<Long, AccountPolicy.Rule> on =
                            Map.of(
                                    SimSite.id(1), new AccountPolicy.Rule(true, false),
                                    SimSite.id(2), new AccountPolicy.Rule(true, false));
                    world.setPolicy(policy(false, on));
                    awaitPeers(world, 1, 1, 0);
                    world.setPolicy(policy(true, Map.of()));
                    awaitPeers(world, 2, 2, 2);
                });
    }

    /** D51. */
    @ParameterizedTest
    @CsvSource({"DOMESTIC_MESH, 1, 1, 0", "NONE, 0, 0, 0", "FULL, 2, 2, 2"})
    void shouldKeepRegionsApart(AccountPolicy.China china, int first, int second, int third) {
        seeds(
                1,
                (seed, world) -> {
                    var inChina = new AccountPolicy.Rule(null, true);
                    world.setPolicy(
                            new AccountPolicy(
                                    AccountPolicy.Topology.FULL_MESH,
                                    Set.of(),
                                    true,
                                    china,
                                    Map.of(SimSite.id(1), inChina, SimSite.id(2), inChina)));
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitPeers(world, first, second, third);
                });
    }

    private static AccountPolicy policy(boolean isOn, Map<Long, AccountPolicy.Rule> rules) {
        return new AccountPolicy(
                AccountPolicy.Topology.FULL_MESH,
                Set.of(),
                isOn,
                AccountPolicy.China.DOMESTIC_MESH,
                rules);
    }

    /** Until each site has living tunnels to so many peers, and none besides. */
    private static void awaitPeers(SimWorld world, int... expected) {
        boolean isSo = world.runUntil(() -> isConnected(world, expected), FOUND_MAX_MS);
        assertTrue(isSo, () -> describe(world));
        world.run(1_500);
        assertTrue(isConnected(world, expected), () -> describe(world));
    }

    private static boolean isConnected(SimWorld world, int... expected) {
        for (SimSite site : world.sites()) {
            var tunnels = view(world, site.number()).peerTunnels();
            boolean isSo =
                    tunnels.size() == expected[site.number() - 1]
                            && tunnels.stream().allMatch(tunnel -> tunnel.isAlive())
                            && isAllInCloud(world);
            if (!isSo) {
                return false;
            }
        }
        return true;
    }
}
