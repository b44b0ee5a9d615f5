package io.spillway.node.channel;

import static io.spillway.node.channel.ChannelBench.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.route.RouteAssembly;
import io.spillway.control.route.RouteHistory;
import io.spillway.control.route.RouteTeller;
import io.spillway.control.route.ToldRoutes;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.RouteAdvert;
import io.spillway.control.wire.RoutePart;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.Rib;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large table over a real channel: paced by its room, nothing lost, nobody thrown out. */
class RouteChannelTest {
    private static final int COUNT = Boolean.getBoolean("spillway.long") ? 1_000_000 : 100_000;
    private static final long SITE = 1001;
    private static final long NS_PER_MS = 1_000_000L;

    @TempDir Path directory;
    private final ChannelBench bench = new ChannelBench();
    private final PopRecorder atPop = new PopRecorder();
    private final RouteHistory history = new RouteHistory();
    private final RouteTeller teller = new RouteTeller();
    private final RouteAssembly assembly = new RouteAssembly(Rib.LIMIT_DEFAULT);
    private final ToldRoutes told = new ToldRoutes();

    @AfterEach
    void closeAll() {
        bench.close();
    }

    @Test
    void shouldCarryAWholeTableAndThenOneRoute() throws Exception {
        TestAccount acme = new TestAccount(directory, "acme");
        ChannelServer server = bench.server(acme.pop(), atPop);
        ChannelClient client = bench.client(acme.site(SITE), server.local(), new SiteRecorder());
        next(atPop.accepted);
        PrefixSet many =
                PrefixSet.of(
                        IntStream.range(0, COUNT)
                                .mapToObj(i -> Prefix.ofIpv4((20 << 24) + (i << 8), 24))
                                .toList());

        carry("whole", client, many);
        PrefixSet more = PrefixSet.of(List.of(Prefix.parse("10.0.0.0/8")));
        carry("one route", client, many.with(PrefixSet.EMPTY, more));

        assertTrue(atPop.closed.isEmpty(), () -> atPop.closed.toString());
    }

    private void carry(String what, ChannelClient client, PrefixSet prefixes) throws Exception {
        long beforeNs = System.nanoTime();
        long bytes = 0;
        history.update(history.generation() + 1, prefixes);
        while (!teller.hasTold(SITE, history)) {
            if (!client.hasRoom()) {
                LockSupport.parkNanos(NS_PER_MS);
                continue;
            }
            RoutePart part = teller.part(SITE, history);
            Frame frame =
                    Frame.newBuilder()
                            .setRouteAdvert(RouteAdvert.newBuilder().setPart(part))
                            .build();
            assertTrue(client.send(frame), "there was room");
            bytes += frame.getSerializedSize();
            teller.advance();
        }
        RouteAssembly.Result result = RouteAssembly.Result.INCOMPLETE;
        while (result == RouteAssembly.Result.INCOMPLETE) {
            result = assembly.take(SITE, next(atPop.frames).getRouteAdvert().getPart());
        }
        assertEquals(RouteAssembly.Result.COMPLETE, result);
        assertTrue(told.apply(assembly.change()));
        assertEquals(prefixes, told.prefixes());
        System.out.printf(
                "%d routes, %s: %d bytes over TLS in %d ms%n",
                COUNT, what, bytes, (System.nanoTime() - beforeNs) / NS_PER_MS);
    }
}
