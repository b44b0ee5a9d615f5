package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.recovery.RecoveryState;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.node.site.SiteView;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What strangers send changes nothing. */
class BadInputSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 2;

    private record Seen(InetSocketAddress to, byte[] bytes) {}

    @Test
    void shouldNotCareForGarbage() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(300);
                    mark(streams);
                    Random random = new Random(seed);
                    List<InetSocketAddress> endpoints = List.copyOf(world.network().endpoints());
                    InetSocketAddress stranger = new InetSocketAddress("192.0.2.66", 4444);

                    for (int i = 0; i < 2_000; i++) {
                        InetSocketAddress to = endpoints.get(random.nextInt(endpoints.size()));
                        InetSocketAddress from =
                                random.nextBoolean()
                                        ? stranger
                                        : endpoints.get(random.nextInt(endpoints.size()));
                        world.network().send(from, to, garbage(random));
                        world.run(1);
                    }
                    world.run(1_000);

                    assertNothingLost(streams);
                    assertTrue(isReady(world), () -> describe(world));
                    assertEvents(world);
                });
    }

    @Test
    void shouldNotTakeAnyDatagramTwice() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    List<Seen> seen = new ArrayList<>();
                    world.network().tap((to, bytes) -> seen.add(new Seen(to, bytes)));
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(10);
                    world.run(1_000);
                    world.network().tap((to, bytes) -> {});
                    mark(streams);
                    InetSocketAddress stranger = new InetSocketAddress("192.0.2.66", 4444);
                    Random random = new Random(seed);

                    for (Seen datagram : seen) {
                        InetSocketAddress from =
                                random.nextBoolean() ? stranger : SimWorld.POP_ENDPOINT;
                        if (!from.equals(datagram.to())) {
                            world.network().send(from, datagram.to(), datagram.bytes());
                        }
                        world.run(1);
                    }
                    world.run(2_000);

                    assertNothingLost(streams);
                    assertTrue(isReady(world), () -> describe(world));
                    assertTrue(world.site(1).dropped(DropReason.RECORD_REPLAYED) > 0);
                    assertEvents(world);
                });
    }

    @Test
    void shouldRefuseASecondMachineWithTheIdOfASite() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(300);
                    mark(streams);

                    SimSite intruder = world.startIntruder(2);
                    world.run(10_000);

                    assertNothingLost(streams);
                    assertTrue(isReady(world), () -> describe(world));
                    assertEvents(world);
                    assertFalse(intruder.channel().isOpen());
                    SiteView view = new SiteView(intruder.control());
                    assertEquals(RecoveryState.START, view.state());
                    String refusal = view.refusal();
                    assertTrue(refusal.contains("DUPLICATE"), refusal);
                });
    }

    @Test
    void shouldKeepTheFirstOfTwoMachinesWithOneKey() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(300);
                    mark(streams);

                    world.startClone(2);
                    world.run(5_000);

                    assertNothingLost(streams);
                    assertEvents(world);
                });
    }

    @Test
    void shouldKeepTheFirstMachineDuringRecovery() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    List<SimStream> streams = world.streams(5);
                    world.run(300);
                    world.startIntruder(2);
                    world.run(2_000);
                    mark(streams);

                    world.killPop();
                    world.run(3_000);

                    assertOutages(streams, OUTAGE_MAX_MS);
                    assertEquals(List.of(ACTIVATED), world.site(2).events());
                });
    }

    private static byte[] garbage(Random random) {
        byte[] bytes = new byte[random.nextInt(120)];
        random.nextBytes(bytes);
        if (bytes.length > 20 && random.nextInt(4) > 0) {
            int[] types = {20, 21, 22, 23, 25};
            bytes[0] = (byte) types[random.nextInt(types.length)];
            bytes[1] = (byte) 0xfe;
            bytes[2] = (byte) 0xfd;
            bytes[3] = 0;
            bytes[4] = (byte) random.nextInt(2);
            bytes[13] = random.nextBoolean() ? 1 : bytes[13];
        }
        return bytes;
    }
}
