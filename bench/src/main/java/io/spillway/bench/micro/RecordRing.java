package io.spillway.bench.micro;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Off-heap memory for {@value #COUNT} plaintexts and their records, which a benchmark walks in
 * turn: enough that the processor does not see the same bytes again at once, little enough for its
 * second cache.
 */
final class RecordRing {
    static final int COUNT = 64;

    private static final int CACHE_LINE_LENGTH = 64;

    /** Room for all that a record adds; odd in cache lines, as in the pool. */
    private static final int ROOM = 3 * CACHE_LINE_LENGTH;

    private final int stride;
    private final UnsafeBuffer plaintexts;
    private final UnsafeBuffer records;

    RecordRing(int length) {
        stride = length / (2 * CACHE_LINE_LENGTH) * (2 * CACHE_LINE_LENGTH) + ROOM;
        plaintexts = new UnsafeBuffer(memory());
        records = new UnsafeBuffer(memory());
    }

    /** Indexed by {@link #offset}, as {@link #records()}. */
    UnsafeBuffer plaintexts() {
        return plaintexts;
    }

    UnsafeBuffer records() {
        return records;
    }

    int offset(int index) {
        return index * stride;
    }

    long plaintextAddress(int index) {
        return plaintexts.addressOffset() + offset(index);
    }

    long recordAddress(int index) {
        return records.addressOffset() + offset(index);
    }

    private ByteBuffer memory() {
        return BufferUtil.allocateDirectAligned(COUNT * stride, CACHE_LINE_LENGTH);
    }
}
