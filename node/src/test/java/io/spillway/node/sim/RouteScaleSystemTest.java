package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A site with the table of a large router behind it, between others that have a few routes. */
class RouteScaleSystemTest extends SystemTest {
    private static final int COUNT = IS_LONG ? 1_000_000 : 100_000;
    private static final PrefixSet MANY = prefixes(COUNT);
    private static final Prefix ONE_MORE = Prefix.parse("172.31.255.0/24");
    private static final long BYTES_PER_MB = 1_000_000;

    @Test
    void shouldTellAnotherSiteOfAllRoutesAtOnceAndOfOneInNoTime() {
        seeds(
                1,
                (seed, world) -> {
                    world.withSites(3, SiteOptions.DEFAULT);
                    awaitReady(world);
                    long bytes = bytes(world);
                    long beforeNs = System.nanoTime();

                    world.site(2).advertise(MANY);
                    report("whole", awaitCount(world, COUNT, 1), bytes(world) - bytes, beforeNs);
                    assertTrue(bytes(world) - bytes < 3L * COUNT * 4 + 50_000);
                    assertTrue(world.runUntil(() -> isForwarded(world), 5_000), "not forwarded");

                    bytes = bytes(world);
                    beforeNs = System.nanoTime();
                    world.site(2)
                            .advertise(MANY.with(PrefixSet.EMPTY, PrefixSet.of(List.of(ONE_MORE))));
                    long ms = awaitCount(world, COUNT + 1, COUNT);
                    report("one route", ms, bytes(world) - bytes, beforeNs);
                    assertTrue(bytes(world) - bytes < 3 * 64);
                    assertTrue(ms < 200, ms + " ms");
                });
    }

    @Test
    void shouldKeepThemOverTheLossOfThePopAndARestart() {
        seeds(
                1,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    world.site(2).advertise(MANY);
                    awaitCount(world, COUNT, 1);
                    world.run(2_000);
                    world.killPop();
                    world.run(1_000);

                    world.killSite(1);
                    world.startSite(1);

                    assertEquals(MANY, routesOfTwo(world));
                    world.startPop();
                    awaitReturn(world, 20_000);
                    world.run(500);
                    assertEquals(MANY, routesOfTwo(world));
                });
    }

    /** Simulated ms until site 1 has so many; it never has another number than these two. */
    private static long awaitCount(SimWorld world, int count, int before) {
        long startNs = world.clock().nanoTime();
        boolean isThere =
                world.runUntil(
                        () -> {
                            int now = routesOfTwo(world).size();
                            assertTrue(now == before || now == count, now + " routes");
                            return now == count;
                        },
                        10_000);
        assertTrue(isThere, () -> routesOfTwo(world).size() + " routes");
        return (world.clock().nanoTime() - startNs) / 1_000_000;
    }

    /** Packets of site 1 for the last of the prefixes. */
    private static boolean isForwarded(SimWorld world) {
        String last = MANY.get(MANY.size() - 1).address().toString();
        JsonNode answer =
                view(world, 1).explain(JsonMapper.shared().createObjectNode().put("dst", last));
        return answer.path("verdict").asString().equals("FORWARDED");
    }

    private static PrefixSet routesOfTwo(SimWorld world) {
        return view(world, 1).rib().prefixesInForce(SimSite.id(2));
    }

    private static long bytes(SimWorld world) {
        return world.sites().stream().mapToLong(site -> site.channel().routeBytes()).sum();
    }

    private static void report(String what, long ms, long bytes, long beforeNs) {
        long workMs = (System.nanoTime() - beforeNs) / 1_000_000;
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long heap = runtime.totalMemory() - runtime.freeMemory();
        System.out.printf(
                "%d routes, %s: %d ms simulated, %d ms of work, %d bytes on 3 channels, heap %d MB%n",
                COUNT, what, ms, workMs, bytes, heap / BYTES_PER_MB);
    }

    private static PrefixSet prefixes(int count) {
        return PrefixSet.of(
                IntStream.range(0, count)
                        .mapToObj(i -> Prefix.ofIpv4((20 << 24) + (i << 8), 24))
                        .toList());
    }
}
