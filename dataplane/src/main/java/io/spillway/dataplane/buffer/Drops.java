package io.spillway.dataplane.buffer;

import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;

/** The one place where packets die: counted by reason, their buffers back in the pool. */
public final class Drops {
    private final Counters counters;
    private final PacketPool pool;
    private final Capture capture;

    public Drops(Counters counters, PacketPool pool, Capture capture) {
        this.counters = counters;
        this.pool = pool;
        this.capture = capture;
    }

    /** Where nobody can capture. */
    public Drops(Counters counters, PacketPool pool) {
        this(counters, pool, Capture.none());
    }

    /** All that {@code buffer} stands for: a train or super-frame dies whole. */
    public void drop(PacketBuffer buffer, DropReason reason) {
        counters.add(reason, buffer.packetCount());
        if (capture.isAt(CapturePoint.DROP.bit())) {
            capture.drop(buffer, reason);
        }
        pool.release(buffer);
    }

    /** Counts a packet that never had a slot of ours. */
    public void count(DropReason reason) {
        counters.increment(reason);
    }

    /** As {@link #count(DropReason)}, for several. */
    public void count(DropReason reason, int packets) {
        counters.add(reason, packets);
    }

    /** Counts a turn of a door that found no slot: what waits in the kernel is late, not lost. */
    public void postponeRead() {
        counters.postponeRead();
    }

    /** Counts flows that made room for others: of their next packets nothing is known. */
    public void evictFlows(int count) {
        counters.evictFlows(count);
    }
}
