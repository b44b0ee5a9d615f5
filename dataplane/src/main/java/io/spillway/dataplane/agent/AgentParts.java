package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.forward.ForwardingView;
import io.spillway.dataplane.observe.Counters;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.NanoClock;

/**
 * What every agent has of its own, whichever side of the data plane it turns.
 *
 * @param clock what its steps read; set once a cycle
 */
record AgentParts(
        String name,
        NanoClock realClock,
        CachedNanoClock clock,
        Counters counters,
        PacketPool pool,
        Drops drops,
        Capture capture,
        ForwardingView forwarding,
        Mailbox mailbox) {
    /** How soon an agent looks again for slots that come home without a wake-up. */
    private static final long SHORTAGE_NS = 100_000;

    /**
     * @param number among all agents of the data plane
     */
    static AgentParts of(int number, String name, NanoClock realClock, PacketPool pool) {
        Counters counters = new Counters();
        Capture capture = new Capture(number, realClock);
        CachedNanoClock clock = new CachedNanoClock();
        clock.update(realClock.nanoTime());
        return new AgentParts(
                name,
                realClock,
                clock,
                counters,
                pool,
                new Drops(counters, pool, capture),
                capture,
                new ForwardingView(),
                new Mailbox());
    }

    /** The only clock read of a cycle. */
    long readClock() {
        long nowNs = realClock.nanoTime();
        clock.update(nowNs);
        return nowNs;
    }

    /** How long to rest before the next look for slots; 0 when the pool has not run dry. */
    long shortageNs() {
        return pool.isShort() ? SHORTAGE_NS : 0;
    }
}
