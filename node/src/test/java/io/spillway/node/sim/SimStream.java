package io.spillway.node.sim;

import java.util.BitSet;

/**
 * Numbered UDP packets from one host to an address, one every interval. What arrives is told by
 * sequence number: what is missing, what came twice, and the longest run that is missing.
 */
public final class SimStream {
    final int id;
    final SimHost from;
    final int destination;
    final long intervalNs;
    long nextNs;
    boolean isStopped;
    int payloadLength = SimHost.PAYLOAD_LENGTH;
    boolean mayFragment;
    int sourcePort = SimHost.PORT;
    int destinationPort;
    private final BitSet received = new BitSet();
    private int sent;
    private int duplicates;
    private int mark;

    SimStream(int id, SimHost from, int destination, long intervalNs, long nowNs) {
        this.id = id;
        this.from = from;
        this.destination = destination;
        this.intervalNs = intervalNs;
        nextNs = nowNs;
        destinationPort = SimHost.PORT + id;
    }

    /** Those of its packets, so that another stream can answer it. */
    SimStream ports(int source, int target) {
        sourcePort = source;
        destinationPort = target;
        return this;
    }

    /**
     * @param length of each packet, bytes
     * @param isCuttable without DF
     */
    public SimStream packets(int length, boolean isCuttable) {
        payloadLength = length - SimHost.HEADERS_LENGTH;
        mayFragment = isCuttable;
        return this;
    }

    public void stop() {
        isStopped = true;
    }

    int nextSequence() {
        return sent++;
    }

    void onReceived(int sequence) {
        if (received.get(sequence)) {
            duplicates++;
        }
        received.set(sequence);
    }

    public int sent() {
        return sent;
    }

    public int received() {
        return received.cardinality();
    }

    public int duplicates() {
        return duplicates;
    }

    /** What is counted below begins with the next packet. */
    public SimStream mark() {
        mark = sent;
        return this;
    }

    /** Of those sent since the mark and before {@code tailMs} ago. */
    public int lost(long tailMs) {
        int end = end(tailMs);
        return Math.max(0, end - mark - received.get(mark, Math.max(mark, end)).cardinality());
    }

    public int receivedSinceMark() {
        return received.get(mark, Math.max(mark, sent)).cardinality();
    }

    /** The longest run of missing packets since the mark, as time, milliseconds. */
    public long outageMs(long tailMs) {
        int end = end(tailMs);
        int longest = 0;
        for (int at = mark; at < end; ) {
            int missing = received.nextClearBit(at);
            if (missing >= end) {
                break;
            }
            int next = received.nextSetBit(missing);
            int stop = next < 0 ? end : Math.min(next, end);
            longest = Math.max(longest, stop - missing);
            at = stop;
        }
        return longest * intervalNs / 1_000_000;
    }

    private int end(long tailMs) {
        return isStopped ? sent : (int) (sent - tailMs * 1_000_000 / intervalNs);
    }

    @Override
    public String toString() {
        return "stream %d %s: sent %d received %d duplicates %d"
                .formatted(id, from.name(), sent, received(), duplicates);
    }
}
