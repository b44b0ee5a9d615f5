package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.InternetEvents;
import io.spillway.control.recovery.InternetState;
import io.spillway.control.recovery.RecoveryState;
import io.spillway.dataplane.observe.DropReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hosts speak with servers of the Internet, and with each other, whichever of both recovers. */
class InternetSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 100 : 4;
    private static final long RETURN_MAX_MS = 12_000;
    private static final int SERVER = 192 << 24 | 2 << 8 | 80;
    private static final int HOST_UNREACHABLE = 1;

    @Test
    void shouldGoByThePopThenDirectlyThenByThePopAgain() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.withInternet(true));
                    awaitReady(world);
                    SimStream stream = world.streamTo(1, SERVER, 5);
                    world.run(500);
                    assertEquals(0, stream.lost(TAIL_MS), stream::toString);
                    assertTrue(world.pop().internet().answered() >= stream.received());
                    assertEquals(0, world.site(1).internet().answered());

                    stream.mark();
                    world.killPop();
                    world.run(2_000);
                    long outageMs = stream.outageMs(TAIL_MS);
                    assertTrue(outageMs < OUTAGE_MAX_MS, () -> outageMs + " ms: " + stream);
                    assertEquals(InternetState.DIRECT, view(world, 1).internetState());
                    assertTrue(world.site(1).internet().answered() > 0);
                    assertEquals(0, world.site(2).internet().answered());

                    stream.mark();
                    int directly = world.site(1).internet().answered();
                    world.startPop();
                    awaitReturn(world, RETURN_MAX_MS);
                    world.run(2_500);
                    assertEquals(InternetState.CLOUD, view(world, 1).internetState());
                    assertEquals(0, stream.lost(TAIL_MS), stream::toString);
                    assertTrue(world.site(1).internet().answered() > directly);
                    assertTrue(world.pop().internet().answered() > 0);
                    assertEquals(
                            List.of(InternetEvents.ACTIVATED, InternetEvents.STOPPED),
                            world.site(1).events());
                    assertEquals(List.of(), world.site(2).events(), "it sent nothing");
                });
    }

    @Test
    void shouldRecoverBetweenSitesWhileTheInternetDoesNot() {
        seeds(
                2,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT.withInternet(false));
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    SimStream toServer = world.streamTo(1, SERVER, 5);
                    world.run(500);

                    mark(streams);
                    world.killPop();
                    world.run(1_500);
                    toServer.mark();
                    world.run(1_000);

                    assertOutages(streams, OUTAGE_MAX_MS);
                    assertEquals(0, toServer.receivedSinceMark());
                    assertEquals(InternetState.CUT_OFF, view(world, 1).internetState());
                    assertTrue(world.site(1).dropped(DropReason.INTERNET_DOWN) > 0);
                    assertTrue(world.host(1).unreachables(HOST_UNREACHABLE) > 0);
                    assertEquals(0, world.site(1).internet().answered());

                    toServer.mark();
                    world.startPop();
                    awaitReturn(world, RETURN_MAX_MS);
                    world.run(1_000);
                    assertTrue(toServer.receivedSinceMark() > 0);
                });
    }

    @Test
    void shouldRecoverToTheInternetWhileSitesDoNot() {
        seeds(
                2,
                (seed, world) -> {
                    SiteOptions options = SiteOptions.DEFAULT.withInternet(true);
                    world.withSites(2, options.recovery(false, true));
                    boolean isCloud =
                            world.runUntil(
                                    () ->
                                            isAllInCloud(world)
                                                    && view(world, 1).internetState()
                                                            == InternetState.CLOUD,
                                    6_000);
                    assertTrue(isCloud, () -> describe(world));
                    List<SimStream> streams = world.streams(5);
                    SimStream toServer = world.streamTo(1, SERVER, 5);
                    world.run(500);

                    toServer.mark();
                    world.killPop();
                    world.run(1_500);
                    mark(streams);
                    world.run(1_000);

                    assertTrue(toServer.outageMs(TAIL_MS) < OUTAGE_MAX_MS, toServer::toString);
                    streams.forEach(stream -> assertEquals(0, stream.receivedSinceMark()));
                    assertEquals(RecoveryState.RECOVERY, view(world, 1).state());
                    assertEquals(List.of(InternetEvents.ACTIVATED), world.site(1).events());
                });
    }

    /** The cloud's loss alone moves nothing that a host does not send. */
    @Test
    void shouldLeaveASiteWithoutInternetAsItIs() {
        seeds(
                2,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    SimStream toServer = world.streamTo(1, SERVER, 5);
                    world.run(300);
                    world.killPop();
                    world.run(1_000);

                    assertEquals(0, toServer.received());
                    assertEquals(InternetState.START, view(world, 1).internetState());
                    assertTrue(world.site(1).dropped(DropReason.ROUTE_MISSING) > 0);
                });
    }
}
