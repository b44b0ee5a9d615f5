package io.spillway.dataplane.observe;

import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Drop counters of one data-plane agent; {@link DropTotals} adds up those of all.
 *
 * <p>Written by the owning agent only, read by any thread: each counter is a single-writer long,
 * published with an ordered store.
 */
public final class Counters {
    private final UnsafeBuffer drops =
            new UnsafeBuffer(new byte[DropReason.VALUES.length * BitUtil.SIZE_OF_LONG]);

    /** Owner only. */
    public void increment(DropReason reason) {
        add(reason, 1);
    }

    /** Owner only. */
    public void add(DropReason reason, long count) {
        int index = reason.ordinal() * BitUtil.SIZE_OF_LONG;
        drops.putLongOrdered(index, drops.getLong(index) + count);
    }

    /** Any thread. */
    public long dropped(DropReason reason) {
        return drops.getLongVolatile(reason.ordinal() * BitUtil.SIZE_OF_LONG);
    }
}
