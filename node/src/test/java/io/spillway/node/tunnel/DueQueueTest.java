package io.spillway.node.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.mtu.PathMtu;
import io.spillway.control.recovery.Liveness;
import io.spillway.control.recovery.ProbeBeat;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.forward.Tunnel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DueQueueTest {
    private static final InetSocketAddress REMOTE = new InetSocketAddress("192.0.2.1", 20060);
    private static final int TUNNELS = 300;
    private final PacketPool pool = new PacketPool(1);
    private final DueQueue queue = new DueQueue();

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void shouldBeEmptyAtFirstAndAtLast() {
        ManagedTunnel only = tunnel(0);

        assertNull(queue.first());
        queue.remove(only);
        queue.set(only, 5);
        assertSame(only, queue.first());
        queue.remove(only);

        assertNull(queue.first());
    }

    /** Beside a map that is searched whole; times overflow under way. */
    @Test
    void shouldAlwaysKnowTheEarliest() {
        SplittableRandom random = new SplittableRandom(7);
        List<ManagedTunnel> tunnels = new ArrayList<>();
        for (int i = 0; i < TUNNELS; i++) {
            tunnels.add(tunnel(i));
        }
        Map<ManagedTunnel, Long> twin = new HashMap<>();
        long nowNs = Long.MAX_VALUE - 50_000;

        for (int step = 0; step < 100_000; step++) {
            nowNs++;
            ManagedTunnel tunnel = tunnels.get(random.nextInt(TUNNELS));
            if (random.nextInt(4) == 0) {
                queue.remove(tunnel);
                twin.remove(tunnel);
            } else {
                long dueNs = nowNs + random.nextInt(1_000);
                queue.set(tunnel, dueNs);
                twin.put(tunnel, dueNs);
            }
            if (step % 10 == 0) {
                assertEquals(earliest(twin, nowNs), earliest(nowNs), "step " + step);
            }
        }
    }

    @Test
    void shouldTakeTheOlderOfTwoThatAreDueAtOneTime() {
        for (int index : new int[] {3, 1, 4, 0, 2}) {
            queue.set(tunnel(index), 7);
        }

        for (int index = 0; index < 5; index++) {
            ManagedTunnel first = queue.first();
            assertEquals(index, first.tunnel().index());
            queue.remove(first);
        }
    }

    @Test
    void shouldPromiseUntilItsFirstCallFailed() {
        ManagedTunnel tunnel = tunnel(0);
        assertTrue(tunnel.isPromising(700, 5_000));

        tunnel.failures = 1;
        assertFalse(tunnel.isPromising(700, 5_000));
    }

    private long earliest(long nowNs) {
        return queue.first() == null ? Long.MAX_VALUE : queue.first().dueNs - nowNs;
    }

    private static long earliest(Map<ManagedTunnel, Long> twin, long nowNs) {
        return twin.values().stream().mapToLong(ns -> ns - nowNs).min().orElse(Long.MAX_VALUE);
    }

    private ManagedTunnel tunnel(int index) {
        Tunnel tunnel = new Tunnel(index, 0, 0, 1, REMOTE, 1500, pool, 4);
        Liveness liveness = new Liveness(new ProbeBeat(1, 2, true), 0);
        return new ManagedTunnel(tunnel, liveness, new PathMtu(1200, 1500, 1, 0), true, 0);
    }
}
