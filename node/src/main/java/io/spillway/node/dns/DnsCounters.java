package io.spillway.node.dns;

import java.util.concurrent.atomic.AtomicLongArray;

/** What became of queries. Counted by the I/O thread, read by any. */
public final class DnsCounters {
    /** Each query is one of the first three in the end. */
    public enum Count {
        ANSWERED,
        /** No server answered: SERVFAIL. */
        FAILED,
        /** Too many at once: SERVFAIL, without a question to any server. */
        REFUSED,
        /** No query that anybody could answer. */
        MALFORMED,
        /** A server that did not answer in time. */
        TIMEOUT,
        /** What came back was no answer to our question. */
        MISMATCHED
    }

    private final AtomicLongArray counts = new AtomicLongArray(Count.values().length);

    void increment(Count count) {
        counts.incrementAndGet(count.ordinal());
    }

    public long get(Count count) {
        return counts.get(count.ordinal());
    }
}
