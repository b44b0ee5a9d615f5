package io.spillway.dataplane.buffer;

import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;

/** The one place where a packet dies: counted by reason, its slot back in the pool. */
public final class Drops {
    private final Counters counters;
    private final PacketPool pool;

    public Drops(Counters counters, PacketPool pool) {
        this.counters = counters;
        this.pool = pool;
    }

    public void drop(PacketBuffer buffer, DropReason reason) {
        counters.increment(reason);
        pool.release(buffer);
    }

    /** Counts a packet that never had a slot of ours. */
    public void count(DropReason reason) {
        counters.increment(reason);
    }
}
