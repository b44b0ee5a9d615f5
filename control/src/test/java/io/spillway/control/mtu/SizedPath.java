package io.spillway.control.mtu;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** A path that carries packets up to a size, some of them, and a far end that answers probes. */
final class SizedPath {
    static final long MS = 1_000_000L;
    private static final long GRAIN_NS = 10 * MS;

    private record Reply(long arrivalNs, long sequence) {}

    final List<Integer> sent = new ArrayList<>();
    final PathMtu search;
    int mtu;
    long roundTripNs = 40 * MS;
    double loss;
    boolean isCut;

    /** Packets a second that hosts send. */
    int packetsPerSecond;

    private final SplittableRandom random;
    private final PriorityQueue<Reply> replies =
            new PriorityQueue<>((a, b) -> Long.compare(a.arrivalNs - b.arrivalNs, 0));
    private long nowNs;
    private long packets;
    private long sequence;

    SizedPath(int base, int limit, int mtu, long seed) {
        this.mtu = mtu;
        random = new SplittableRandom(seed);
        nowNs = Long.MAX_VALUE - 3_000 * MS; // overflows under way
        search = new PathMtu(base, limit, PathMtu.RAISE_INTERVAL_NS, nowNs);
    }

    static SizedPath of(int mtu) {
        return new SizedPath(PathMtu.BASE_IPV4, 1500, mtu, 1);
    }

    long nowNs() {
        return nowNs;
    }

    void run(long ms) {
        for (long i = 0; i < ms * MS / GRAIN_NS; i++) {
            step();
        }
    }

    /** Milliseconds until that size is in force; -1: it was not in time. */
    long until(int size, long maxMs) {
        for (long ms = 0; ms <= maxMs; ms += GRAIN_NS / MS) {
            if (search.size() == size) {
                return ms;
            }
            step();
        }
        return -1;
    }

    /** Milliseconds until nothing better is sought. */
    long untilProven(long maxMs) {
        for (long ms = 0; ms <= maxMs; ms += GRAIN_NS / MS) {
            if (search.state() == PathMtu.State.PROVEN) {
                return ms;
            }
            step();
        }
        return -1;
    }

    /** Bytes of all probes sent since this was asked last, the small ones as 100 each. */
    long takeBytes() {
        long bytes = sent.stream().mapToLong(size -> size == ProbeRound.SMALL ? 100 : size).sum();
        sent.clear();
        return bytes;
    }

    private void step() {
        while (!replies.isEmpty() && replies.peek().arrivalNs - nowNs <= 0) {
            search.onReply(replies.poll().sequence());
        }
        search.poll(nowNs, 3 * roundTripNs, packets);
        for (int size = search.nextProbe(); size != 0; size = search.nextProbe()) {
            search.onProbeSent(sequence, nowNs);
            send(size, sequence++);
        }
        nowNs += GRAIN_NS;
        packets += packetsPerSecond * GRAIN_NS / (1_000 * MS);
    }

    private void send(int size, long number) {
        sent.add(size);
        boolean isLost = isCut || size > mtu || random.nextDouble() < loss;
        if (!isLost && random.nextDouble() >= loss) { // the way back is as bad
            replies.add(new Reply(nowNs + roundTripNs, number));
        }
    }
}
