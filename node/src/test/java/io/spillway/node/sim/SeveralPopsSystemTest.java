package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.recovery.RecoveryState;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.NodeSite;
import io.spillway.control.wire.NodeSynced;
import io.spillway.control.wire.SiteEntry;
import io.spillway.control.wire.SiteKind;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.node.pop.PopView;
import io.spillway.node.site.SiteView;
import io.spillway.routing.fib.Prefix;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Several PoP nodes and several PoPs (R014, R117, D31, D56, X04). */
class SeveralPopsSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 2;
    private static final long MOVE_MAX_MS = 12_000;

    @Test
    void shouldMoveToAnotherNodeWhenOneDies() {
        seeds(
                SimPlace.TWO_NODES,
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(200 + seed * 53 % 200);
                    mark(streams);

                    world.killPop(0);
                    boolean isRecovering = world.runUntil(() -> isAllInRecovery(world), 1_000);
                    assertTrue(isRecovering, () -> describe(world));
                    world.run(200);
                    assertOutages(streams, OUTAGE_MAX_MS);
                    mark(streams);
                    awaitReturn(world, MOVE_MAX_MS);
                    world.run(3_000);

                    assertNothingLost(streams);
                    assertAttached(world, 1, 1, 2, 3);
                    assertRecoveryEvents(world, ACTIVATED, STOPPED);
                    assertEquals(1, countMoves(world, 1));

                    // Its comrade back, nobody goes to and fro.
                    mark(streams);
                    world.startPop(0);
                    world.run(20_000);
                    assertNothingLost(streams);
                    assertAttached(world, 1, 1, 2, 3);
                    assertEquals(1, countMoves(world, 1));
                });
    }

    /** Its tunnel is at the new node before its channel: others keep what they have to it. */
    @Test
    void shouldKeepTunnelsToSiteThatHasNotIntroducedItself() {
        seeds(
                SimPlace.TWO_NODES,
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.site(3).channel().cut(1, true);
                    world.killPop(0);
                    boolean isRecovering = world.runUntil(() -> isAllInRecovery(world), 1_000);
                    assertTrue(isRecovering, () -> describe(world));
                    world.run(200);
                    mark(streams);

                    world.run(MOVE_MAX_MS);
                    assertEquals(2, view(world, 1).peerTunnels().size());
                    assertEquals(2, view(world, 3).peerTunnels().size());
                    assertNothingLost(streams);
                    world.site(3).channel().cut(1, false);
                    awaitReturn(world, MOVE_MAX_MS);
                    world.run(3_000);

                    assertNothingLost(streams);
                    assertRecoveryEvents(world, ACTIVATED, STOPPED);
                });
    }

    @Test
    void shouldTalkAcrossPopsWhenOneSiteMoves() {
        seeds(
                SimPlace.TWO_POPS,
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(200);
                    mark(streams);

                    split(world);

                    assertOutages(streams, OUTAGE_MAX_MS);
                    awaitReturn(world, MOVE_MAX_MS);
                    world.run(3_000);
                    assertAttached(world, 1, 1);
                    assertAttached(world, 0, 2, 3);
                    assertEquals(RecoveryState.CLOUD, view(world, 1).state());
                    assertTrue(view(world, 1).isRecoveryQuiet(), () -> describe(world));

                    // New routes of either side flow, and what is said of them is true.
                    mark(streams);
                    world.site(1).advertise("10.1.0.0/24", "10.1.7.0/24");
                    world.site(2).advertise("10.2.0.0/24", "10.2.7.0/24");
                    world.run(500);
                    assertKnows(world, 1, 2, "10.2.7.0/24");
                    assertKnows(world, 2, 1, "10.1.7.0/24");
                    assertKnows(world, 3, 1, "10.1.7.0/24");
                    List<SimStream> added =
                            List.of(
                                    world.streamTo(1, SimWorld.address(2, 7), 5),
                                    world.streamTo(2, SimWorld.address(1, 7), 5));
                    world.run(5_000);
                    assertNothingLost(streams);
                    assertTrue(
                            world.pop(0).dropped(DropReason.SOURCE_NOT_FROM_PEER) == 0
                                    && world.pop(1).dropped(DropReason.ROUTE_MISSING) == 0);
                    assertNothingLost(added);
                    assertRecoveryEvents(world, ACTIVATED, STOPPED);
                });
    }

    @Test
    void shouldComeBackToThePreferredPopWithoutLoss() {
        seeds(
                SimPlace.TWO_POPS,
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT.popRetryMs(20_000));
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    split(world);
                    awaitReturn(world, MOVE_MAX_MS);
                    world.run(3_000);
                    assertAttached(world, 1, 1);
                    mark(streams);

                    world.cutPop(1, 0, false, false);
                    world.site(1).channel().cut(0, false);
                    boolean isBack = world.runUntil(() -> isAttached(world, 0, 1), 40_000);

                    assertTrue(isBack, () -> describe(world));
                    world.run(15_000);
                    assertNothingLost(streams);
                    assertTrue(isAllInCloud(world), () -> describe(world));
                    assertRecoveryEvents(world, ACTIVATED, STOPPED);
                    assertEquals(2, countMoves(world, 1));
                });
    }

    /** The preferred PoP cannot be reached: it is tried, and nothing else happens. */
    @Test
    void shouldStayWhereItIsWhileThePreferredPopIsAway() {
        seeds(
                SimPlace.TWO_POPS,
                1,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.popRetryMs(10_000));
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    split(world);
                    awaitReturn(world, MOVE_MAX_MS);
                    world.run(1_000);
                    mark(streams);

                    world.run(60_000);

                    assertNothingLost(streams);
                    assertAttached(world, 1, 1);
                    assertEquals(1, countMoves(world, 1));
                });
    }

    @Test
    void shouldMoveToAnotherPopWhenOneDies() {
        seeds(
                SimPlace.TWO_POPS,
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(200);
                    mark(streams);
                    world.pop(0).freeze();
                    world.run(1_000);
                    assertOutages(streams, OUTAGE_MAX_MS);
                    mark(streams);

                    awaitReturn(world, MOVE_MAX_MS);
                    world.run(3_000);

                    assertNothingLost(streams);
                    assertAttached(world, 1, 1, 2, 3);
                    world.pop(0).unfreeze();
                    world.run(5_000);
                    assertNothingLost(streams);
                    assertAttached(world, 1, 1, 2, 3);
                });
    }

    @Test
    void shouldLeaveANodeThatDrainsWithoutLoss() {
        seeds(
                SimPlace.TWO_NODES,
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(2);
                    world.run(200);
                    mark(streams);

                    new PopView(world.pop(0).control()).drain();
                    boolean hasMoved = world.runUntil(() -> isAttached(world, 1, 1, 2, 3), 5_000);
                    assertTrue(hasMoved, () -> describe(world));
                    world.run(15_000);
                    world.killPop(0);
                    world.run(2_000);

                    assertNothingLost(streams);
                    assertTrue(isAllInCloud(world), () -> describe(world));
                    assertRecoveryEvents(world);
                });
    }

    /** UDP 443 is blocked: 1337 (D56), make before break where it is the other way round. */
    @Test
    void shouldFallBackOnTheOtherPort() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    for (int site = 1; site <= 2; site++) {
                        var own = SimSite.endpoint(site, 0);
                        world.network().path(own, SimWorld.POP_ENDPOINT).isCut = true;
                    }
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(200);
                    mark(streams);

                    world.run(5_000);

                    assertNothingLost(streams);
                    assertEquals(List.of(1337), view(world, 1).popPorts());
                    assertEvents(world);
                });
    }

    /** One node is restarted: it knows its own sites again only when it was told. */
    @Test
    void shouldAwaitOtherNodesBeforeItsStateIsWhole() {
        seeds(
                SimPlace.TWO_POPS,
                1,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    split(world);
                    awaitReturn(world, MOVE_MAX_MS);
                    world.run(2_000);
                    List<SimStream> streams = world.streams(5);
                    world.killPop(0);
                    world.run(800);
                    mark(streams);

                    world.startPop(0);
                    awaitReturn(world, 40_000);
                    world.run(2_000);

                    assertNothingLost(streams);
                });
    }

    /** What one node says of sites is bounded, and a site that is here stays here. */
    @Test
    void shouldNotLoseASiteToANodeThatLies() {
        seeds(
                SimPlace.TWO_NODES,
                1,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(200);
                    mark(streams);
                    long nowMs = world.clock().time();

                    // in the future, and too many
                    say(world, claim(SimSite.id(1), "site1", nowMs + 86_400_000));
                    for (int i = 0; i < 5_000; i++) {
                        say(world, claim(50_000 + i, "ghost" + i, nowMs));
                    }
                    say(
                            world,
                            Frame.newBuilder()
                                    .setNodeSynced(NodeSynced.getDefaultInstance())
                                    .build());
                    world.run(1_000);
                    assertNothingLost(streams);
                    assertTrue(new PopView(world.pop(0).control()).refusedOfNodes() > 900);
                    assertEquals(
                            PeerDirectory.PEERS_MAX + 1,
                            new PopView(world.pop(0).control()).siteCount());

                    // a site of ours, just now: believed for a while, as a move is, and no longer
                    say(world, claim(SimSite.id(1), "site1", nowMs + 10_000));
                    world.run(40_000);
                    assertAttached(world, 0, 1, 2);
                    awaitReturn(world, 20_000);
                    mark(streams);
                    world.run(2_000);
                    assertNothingLost(streams);
                });
    }

    @Test
    void shouldRefuseASecondMachineWithTheIdOfASiteAtAnotherNode() {
        seeds(
                SimPlace.TWO_NODES,
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(300);
                    mark(streams);

                    SimSite intruder = world.startIntruder(2, 1);
                    world.run(10_000);

                    assertNothingLost(streams);
                    assertAttached(world, 0, 1, 2, 3);
                    assertEquals(RecoveryState.START, new SiteView(intruder.control()).state());
                });
    }

    /** The nodes hear of each other's sites only when both machines are there. */
    @Test
    void shouldSendAwayTheSecondOfTwoMachinesThatCameAtOnce() {
        seeds(
                SimPlace.TWO_NODES,
                SEEDS,
                (seed, world) -> {
                    world.nodeLine().cut(true);
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    SimSite intruder = world.startIntruder(2, 1);
                    assertTrue(world.runUntil(() -> intruder.channel().isOpen(), 20_000));

                    world.nodeLine().cut(false);
                    world.run(5_000);
                    List<SimStream> streams = world.streams(5);
                    world.run(10_000);

                    assertNothingLost(streams);
                    assertAttached(world, 0, 1, 2, 3);
                    assertFalse(intruder.channel().isOpen());
                    String refusal = new SiteView(intruder.control()).refusal();
                    assertTrue(refusal.contains("DUPLICATE"), refusal);
                    assertTrue(refusal.contains("node frankfurt-1"), refusal);
                });
    }

    @Test
    void shouldForgetASiteAtAllNodes() {
        seeds(
                SimPlace.TWO_NODES,
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    world.killSite(3);
                    world.run(20_000);

                    assertNull(new PopView(world.pop(0).control()).forget(SimSite.id(3)));
                    world.run(1_000);

                    assertEquals(2, new PopView(world.pop(0).control()).siteCount());
                    assertEquals(2, new PopView(world.pop(1).control()).siteCount());
                });
    }

    private static void say(SimWorld world, Frame frame) {
        world.nodeLine().say(world.pop(1), frame);
    }

    private static Frame claim(long id, String name, long stamp) {
        SiteEntry entry =
                SiteEntry.newBuilder()
                        .setId(id)
                        .setName(name)
                        .setType(SiteKind.SITE_KIND_BRANCH)
                        .setAttached(true)
                        .build();
        NodeSite site = NodeSite.newBuilder().setSite(entry).setStamp(stamp).build();
        return Frame.newBuilder().setNodeSite(site).build();
    }

    /** Site 1 loses its way to the first PoP, tunnels and channel. */
    private static void split(SimWorld world) {
        world.cutPop(1, 0, true, true);
        world.site(1).channel().cut(0, true);
        world.run(900);
    }

    private static boolean isAttached(SimWorld world, int pop, int... sites) {
        for (int site : sites) {
            boolean isThere = view(world, site).popInUse() == pop;
            if (!isThere || !new PopView(world.pop(pop).control()).hasHere(SimSite.id(site))) {
                return false;
            }
        }
        return true;
    }

    private static void assertAttached(SimWorld world, int pop, int... sites) {
        assertTrue(isAttached(world, pop, sites), () -> describe(world));
    }

    private static void assertKnows(SimWorld world, int site, int other, String prefix) {
        Collection<Prefix> known = view(world, site).rib().prefixesInForce(SimSite.id(other));
        assertTrue(known.contains(Prefix.parse(prefix)), () -> site + " knows " + known);
    }

    private static boolean isOfRecovery(String message) {
        return message.equals(ACTIVATED) || message.equals(STOPPED);
    }

    private static void assertRecoveryEvents(SimWorld world, String... expected) {
        for (SimSite site : world.sites()) {
            List<String> told =
                    site.events().stream().filter(SeveralPopsSystemTest::isOfRecovery).toList();
            assertEquals(List.of(expected), told, "events of site " + site.number());
        }
    }

    private static long countMoves(SimWorld world, int site) {
        Predicate<String> isMove = message -> message.startsWith("Changed PoP");
        return world.site(site).events().stream().filter(isMove).count();
    }
}
