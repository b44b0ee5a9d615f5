package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.Event;
import io.spillway.control.event.EventType;
import io.spillway.control.event.TunnelEvents;
import io.spillway.control.readiness.Fault;
import io.spillway.control.readiness.ReadinessHistory;
import io.spillway.control.readiness.ReasonCode;
import io.spillway.node.site.SiteView;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Readiness tells the truth: it is proven by full-size packets, and says what is missing. */
class ProofSystemTest extends SystemTest {
    private static final long SECOND_MS = 1_000;
    private static final long WINDOW_MS = 45 * SECOND_MS;

    /** More than a PROBE or a small echo, less than what hosts send. */
    private static final int LARGE = 700;

    @Test
    void shouldBeReadyWithinASecondOfTheTunnels() {
        seeds(
                3,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT.links(1, 2));
                    awaitReady(world);

                    boolean isReady = world.runUntil(() -> isReadyEverywhere(world), 1_000);

                    assertTrue(isReady, () -> readiness(world));
                });
    }

    @Test
    void shouldNeverBeReadyWhereLargePacketsVanish() {
        seeds(
                2,
                (seed, world) -> {
                    ready(world, 2);
                    world.network().dropIf(bytes -> bytes.length > LARGE);

                    world.run(WINDOW_MS + SECOND_MS);
                    assertFault(world, 1, ReasonCode.MTU_BLACKHOLE);
                    assertFault(world, 2, ReasonCode.MTU_BLACKHOLE);
                    assertTrue(view(world, 1).peerTunnels().getFirst().isAlive());

                    world.network().dropIf(bytes -> false);
                    awaitAllReady(world, 2 * WINDOW_MS);
                });
    }

    @Test
    void shouldNotBeReadyWhereLargePacketsVanishOneWay() {
        seeds(
                2,
                (seed, world) -> {
                    ready(world, 2);
                    world.network()
                            .takeFrom(SimSite.endpoint(1, 0), (to, bytes) -> bytes.length > LARGE);

                    world.run(WINDOW_MS + SECOND_MS);

                    assertFault(world, 1, ReasonCode.MTU_BLACKHOLE);
                    assertFault(world, 2, ReasonCode.MTU_BLACKHOLE);
                });
    }

    @Test
    void shouldTellAFilterFromABlackHole() {
        seeds(
                2,
                (seed, world) -> {
                    ready(world, 2);
                    int keepAlive = keepAliveLength(world);
                    world.network().dropIf(bytes -> bytes.length > keepAlive + 20);

                    world.run(WINDOW_MS + 20 * SECOND_MS);

                    assertFault(world, 1, ReasonCode.FIREWALL_BLOCKS_PROBE);
                });
    }

    @Test
    void shouldSayThatProofsAreStaleWhileSilenceIsNotYetLoss() {
        seeds(
                2,
                (seed, world) -> {
                    ready(world, 2);
                    world.path(1, 2).isCut = true;
                    world.path(2, 1).isCut = true;

                    boolean isTold =
                            world.runUntil(() -> code(world, 1) != null, WINDOW_MS + SECOND_MS);
                    ReasonCode first = code(world, 1);
                    world.run(WINDOW_MS);

                    assertTrue(isTold, () -> readiness(world));
                    boolean isHonest =
                            first == ReasonCode.STALE_PROOF || first == ReasonCode.KEEPALIVE_LOST;
                    assertTrue(isHonest, () -> "said " + first);
                    assertFault(world, 1, ReasonCode.KEEPALIVE_LOST);
                });
    }

    @Test
    void shouldSayThatARouteIsMissing() {
        seeds(
                2,
                (seed, world) -> {
                    ready(world, 2);
                    view(world, 1).rib().forget(world.site(2).id());

                    world.run(200);
                    assertFault(world, 1, ReasonCode.ROUTE_MISSING);
                });
    }

    @Test
    void shouldCountProofsNeitherAsTrafficNorAsLoss() {
        seeds(
                2,
                (seed, world) -> {
                    ready(world, 2);
                    world.run(2 * SECOND_MS); // whether the first probes were lost is decided
                    double before = loss(world);
                    world.network().dropIf(bytes -> bytes.length > LARGE);
                    world.run(2 * WINDOW_MS);

                    for (ManagedTunnel tunnel : view(world, 1).peerTunnels()) {
                        assertEquals(0, tunnel.tunnel().packetsSent().packets());
                    }
                    assertTrue(loss(world) <= before, () -> loss(world) + " lost");
                    assertEvents(world);
                });
    }

    @Test
    void shouldStayProvenThroughRecovery() {
        seeds(
                2,
                (seed, world) -> {
                    ready(world, 3);
                    world.killPop();

                    world.run(WINDOW_MS + 5 * SECOND_MS);

                    assertTrue(isReadyEverywhere(world), () -> readiness(world));
                });
    }

    @Test
    void shouldKeepWhatWasReadyBeforeTheIncident() {
        seeds(
                2,
                (seed, world) -> {
                    ready(world, 2);
                    world.run(15 * SECOND_MS);
                    world.killPop();
                    world.run(2 * SECOND_MS);

                    List<Event> kept = world.site(1).readinessKept();

                    Event before = kept.getLast();
                    assertEquals(ReadinessHistory.BEFORE_RECOVERY, before.message());
                    assertEquals("READY 1/1", before.fields().get("site"));
                });
    }

    @Test
    void shouldTellOfTunnelsOnceAndUploadItWithItsTime() {
        seeds(
                1,
                (seed, world) -> {
                    ready(world, 3);
                    long readyMs = world.clock().time();
                    world.run(40 * SECOND_MS);

                    List<Event> told =
                            world.site(1).journal().events().stream()
                                    .filter(it -> it.is(EventType.OFF_CLOUD_TRANSPORT_CONNECT))
                                    .toList();

                    assertEquals(1, told.size(), told.toString());
                    assertEquals(TunnelEvents.CONNECTED, told.getFirst().message());
                    assertTrue(Math.abs(told.getFirst().timeMs() - readyMs) < 3 * SECOND_MS);
                    assertEquals(
                            List.of(),
                            world.site(1).journal().pending(10),
                            "acknowledged by the PoP");
                });
    }

    private static double loss(SimWorld world) {
        ManagedTunnel tunnel = view(world, 1).peerTunnels().getFirst();
        return tunnel.liveness().loss(world.clock().nanoTime()).orElse(0);
    }

    private static int keepAliveLength(SimWorld world) {
        int[] shortest = {Integer.MAX_VALUE};
        world.network()
                .tap(
                        (to, bytes) -> {
                            boolean isRecord = bytes[0] == 23 || bytes[0] == 25;
                            shortest[0] =
                                    isRecord ? Math.min(shortest[0], bytes.length) : shortest[0];
                        });
        world.run(SECOND_MS);
        return shortest[0];
    }

    private void ready(SimWorld world, int sites) {
        world.withSites(sites, SiteOptions.DEFAULT);
        awaitReady(world);
        awaitAllReady(world, 3 * SECOND_MS);
    }

    private static void awaitAllReady(SimWorld world, long maxMs) {
        boolean isReady = world.runUntil(() -> isReadyEverywhere(world), maxMs);
        assertTrue(isReady, () -> readiness(world));
    }

    private static boolean isReadyEverywhere(SimWorld world) {
        int peers = world.sites().size() - 1;
        return world.sites().stream()
                .allMatch(site -> text(site).equals("READY " + peers + "/" + peers));
    }

    private static void assertFault(SimWorld world, int site, ReasonCode code) {
        assertEquals(code, code(world, site), () -> readiness(world));
    }

    /** Of the only peer; null: it is connected. */
    private static ReasonCode code(SimWorld world, int site) {
        List<Fault> faults = view(world, site).readiness().peers().getFirst().faults();
        return faults.isEmpty() ? null : faults.getFirst().code();
    }

    private static String text(SimSite site) {
        return new SiteView(site.control()).readiness().site().toString();
    }

    private static String readiness(SimWorld world) {
        StringBuilder all = new StringBuilder(describe(world));
        for (SimSite site : world.sites()) {
            all.append('\n').append(new SiteView(site.control()).readiness());
        }
        return all.toString();
    }
}
