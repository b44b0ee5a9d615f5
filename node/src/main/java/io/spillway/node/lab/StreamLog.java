package io.spillway.node.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/**
 * What a stream sent and what of it arrived, by sequence number, for the last {@value #CAPACITY}
 * packets.
 *
 * <p>The sending host's thread calls {@link #onSent}, the receiving one's {@link #onArrived}; both
 * are in this JVM, so one clock tells both times. Any thread reads.
 */
final class StreamLog {
    /** Over four minutes of a 1 ms stream: longer than any window the lab looks at. */
    static final int CAPACITY = 1 << 18;

    private static final int MASK = CAPACITY - 1;
    private final AtomicLongArray sentNs = new AtomicLongArray(CAPACITY);
    private final AtomicLongArray arrivedNs = new AtomicLongArray(CAPACITY);
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong arrived = new AtomicLong();
    private final AtomicLong duplicates = new AtomicLong();
    private final AtomicLong reordered = new AtomicLong();
    private long highest = -1;
    private volatile long lastArrivalNs;

    /** The sequence number of the next packet: numbers below it were sent. */
    long next() {
        return next.get();
    }

    long arrived() {
        return arrived.get();
    }

    long duplicates() {
        return duplicates.get();
    }

    long reordered() {
        return reordered.get();
    }

    /** When a packet arrived last, whichever; 0 = never. */
    long lastArrivalNs() {
        return lastArrivalNs;
    }

    /** Sender only, before the packet leaves. {@code nowNs} must not be 0. */
    void onSent(long sequence, long nowNs) {
        int slot = (int) sequence & MASK;
        arrivedNs.setOpaque(slot, 0);
        sentNs.setOpaque(slot, nowNs);
        next.setRelease(sequence + 1);
    }

    /** Receiver only. A number that was never sent, or too long ago, is ignored. */
    void onArrived(long sequence, long nowNs) {
        long sent = next.getAcquire();
        if (sequence < 0 || sequence >= sent || sequence < sent - CAPACITY) return;
        lastArrivalNs = nowNs;
        if (arrivedNs.getOpaque((int) sequence & MASK) != 0) {
            increment(duplicates);
            return;
        }
        arrivedNs.setOpaque((int) sequence & MASK, nowNs);
        increment(arrived);
        if (sequence < highest) increment(reordered);
        highest = Math.max(highest, sequence);
    }

    /** When those of the last packets arrived that did, in the order they were sent. */
    List<Long> arrivals() {
        List<Long> arrivals = new ArrayList<>();
        long end = next();
        for (long sequence = Math.max(0, end - CAPACITY); sequence < end; sequence++) {
            long ns = arrivedNs.getOpaque((int) sequence & MASK);
            if (ns != 0) arrivals.add(ns);
        }
        return arrivals;
    }

    /** One writer, so no atomic addition is needed. */
    private static void increment(AtomicLong counter) {
        counter.setOpaque(counter.getOpaque() + 1);
    }

    /**
     * How long those of the packets {@code [from, to)} took that arrived, nanoseconds, the quickest
     * first.
     */
    long[] delaysNs(long from, long to) {
        return LongStream.range(from, to)
                .mapToInt(sequence -> (int) sequence & MASK)
                .filter(slot -> arrivedNs.getOpaque(slot) != 0)
                .mapToLong(slot -> arrivedNs.getOpaque(slot) - sentNs.getOpaque(slot))
                .sorted()
                .toArray();
    }

    /**
     * What happened to the packets {@code [from, to)} up to now.
     *
     * @throws IllegalArgumentException if the log does not reach back so far
     */
    StreamLoss loss(long from, long to) {
        if (from < 0 || to > next() || from > to || from < next() - CAPACITY) {
            throw new IllegalArgumentException(
                    "no log of " + from + " to " + to + ", now " + next());
        }
        long lost = 0;
        long longestGapNs = 0;
        long gapStartNs = 0;
        for (long sequence = from; sequence < to; sequence++) {
            int slot = (int) sequence & MASK;
            long sent = sentNs.getOpaque(slot);
            if (sequence == from) gapStartNs = sent;
            if (arrivedNs.getOpaque(slot) == 0) {
                lost++;
                if (sequence == to - 1) longestGapNs = Math.max(longestGapNs, sent - gapStartNs);
            } else {
                longestGapNs = Math.max(longestGapNs, sent - gapStartNs);
                gapStartNs = sent;
            }
        }
        return new StreamLoss(to - from, lost, longestGapNs);
    }
}
