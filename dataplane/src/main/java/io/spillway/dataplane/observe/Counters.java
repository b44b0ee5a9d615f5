package io.spillway.dataplane.observe;

import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one data-plane agent counts of packets: drops by reason, reads that it put off, and flows
 * that it forgot for others. {@link DropTotals} adds up those of all.
 *
 * <p>Written by the owning agent only, read by any thread: each counter is a single-writer long,
 * published with an ordered store.
 */
public final class Counters {
    private final UnsafeBuffer drops =
            new UnsafeBuffer(new byte[DropReason.VALUES.length * BitUtil.SIZE_OF_LONG]);
    private final UnsafeBuffer postponedReads = new UnsafeBuffer(new byte[BitUtil.SIZE_OF_LONG]);
    private final UnsafeBuffer evictedFlows = new UnsafeBuffer(new byte[BitUtil.SIZE_OF_LONG]);

    /** Owner only. */
    public void increment(DropReason reason) {
        add(reason, 1);
    }

    /** Owner only. */
    public void add(DropReason reason, long count) {
        int index = reason.ordinal() * BitUtil.SIZE_OF_LONG;
        drops.putLongOrdered(index, drops.getLong(index) + count);
    }

    /** Owner only. */
    public void postponeRead() {
        postponedReads.putLongOrdered(0, postponedReads.getLong(0) + 1);
    }

    /** Any thread. */
    public long postponedReads() {
        return postponedReads.getLongVolatile(0);
    }

    /** Owner only. */
    public void evictFlows(int count) {
        evictedFlows.putLongOrdered(0, evictedFlows.getLong(0) + count);
    }

    /** Any thread. */
    public long evictedFlows() {
        return evictedFlows.getLongVolatile(0);
    }

    /** Any thread. */
    public long dropped(DropReason reason) {
        return drops.getLongVolatile(reason.ordinal() * BitUtil.SIZE_OF_LONG);
    }
}
