package io.spillway.node.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnQueueTest {
    private static final InetSocketAddress REMOTE = new InetSocketAddress("192.0.2.1", 20060);
    private final PacketPool pool = new PacketPool(1);
    private final TurnQueue turns = new TurnQueue();
    private final List<ManagedTunnel> begun = new ArrayList<>();
    private int tunnels;
    private int attempts;

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void shouldLetSoManyBeginAndOthersWhenTheirTimeIsOver() {
        for (int i = 0; i < 2 * TurnQueue.BEGUN_MAX; i++) {
            turns.add(tunnel());
        }

        assertEquals(TurnQueue.BEGUN_MAX, begin(0));
        assertEquals(0, begin(TurnQueue.BEGUN_NS - 1), "unanswered, but for a moment only");
        assertEquals(TurnQueue.BEGUN_MAX, begin(TurnQueue.BEGUN_NS));
        assertTrue(turns.isEmpty());
    }

    /** Where processors are short: those begun are finished before others begin. */
    @Test
    void shouldCountOneThatIsAnsweredUntilItEnds() {
        for (int i = 0; i < 2 * TurnQueue.BEGUN_MAX; i++) {
            turns.add(tunnel());
        }
        begin(0);
        begun.forEach(tunnel -> tunnel.attempt.isAnswered = true);

        assertEquals(0, begin(10 * TurnQueue.BEGUN_NS));
        begun.get(0).attempt = null;
        begun.get(1).connectionId = begun.get(1).attempt.connectionId;

        assertEquals(2, begin(10 * TurnQueue.BEGUN_NS), "one failed, one has its session");
    }

    @Test
    void shouldPutThoseThatFailedBehind() {
        ManagedTunnel failed = tunnel();
        failed.failures = 3;
        ManagedTunnel fresh = tunnel();
        turns.add(failed);
        turns.add(fresh);
        turns.add(fresh);

        assertSame(fresh, turns.poll(0));
        assertSame(failed, turns.poll(0));
        assertNull(turns.poll(0), "each once");
        turns.add(fresh);
        assertNotNull(turns.poll(0), "and again when it asks again");
    }

    private int begin(long nowNs) {
        int before = begun.size();
        for (ManagedTunnel next = turns.poll(nowNs); next != null; next = turns.poll(nowNs)) {
            next.attempt = new HandshakeDriver.Attempt(0, REMOTE, true, ++attempts);
            turns.onBegun(next, nowNs);
            begun.add(next);
        }
        return begun.size() - before;
    }

    private ManagedTunnel tunnel() {
        Tunnel tunnel = new Tunnel(tunnels++, 0, 0, 1, REMOTE, 1500, pool, 4);
        Liveness liveness = new Liveness(new ProbeBeat(1, 2, true), 0);
        return new ManagedTunnel(tunnel, liveness, new PathMtu(1200, 1500, 1, 0), true, 0);
    }
}
