package io.spillway.node.dhcp;

import java.util.concurrent.atomic.AtomicLongArray;

/** What came to the relay of one network. Counted by the I/O thread, read by any. */
public final class DhcpCounters {
    /** Each message is one of these. */
    public enum Count {
        REQUEST,
        REPLY,
        MALFORMED,
        /** Too many relays before us. */
        TOO_FAR,
        /** An answer of somebody else, or to another relay. */
        FOREIGN
    }

    private final AtomicLongArray counts = new AtomicLongArray(Count.values().length);

    void increment(Count count) {
        counts.incrementAndGet(count.ordinal());
    }

    public long get(Count count) {
        return counts.get(count.ordinal());
    }
}
