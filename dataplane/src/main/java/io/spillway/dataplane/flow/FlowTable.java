package io.spillway.dataplane.flow;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import org.agrona.BitUtil;

/**
 * Conversations seen lately: both directions share one entry, which remembers the tunnel that the
 * conversation last arrived by, so that an answer can take the way of the question; and for each
 * direction the tunnel it leaves by, so that it stays there.
 *
 * <p>A set-associative cache of fixed size in flat arrays: a new flow takes the place of the one in
 * its set that has been silent longest. Nothing is scanned, nothing allocated.
 *
 * <p>Owned by the lan agent.
 */
public final class FlowTable {
    /** Entries that share a hash; the fifth flow evicts the stalest of four. */
    private static final int WAYS = 4;

    private static final int KEY_LONGS = 5;

    /** 2^64 over the golden ratio, odd. */
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private final int setMask;
    private final long seed;
    private final long[] keys;
    private final long[] lastSeenNs;
    private final long[] arrivedNs;
    private final int[] arrivalTunnel;
    private final int[] departureTunnel;
    private final long[] key = new long[KEY_LONGS];

    /**
     * @param capacity flows, rounded up to a power of two
     * @param seed random, so that a remote host cannot choose colliding flows
     */
    public FlowTable(int capacity, int seed) {
        int entries = BitUtil.findNextPositivePowerOfTwo(Math.max(capacity, WAYS));
        setMask = entries / WAYS - 1;
        this.seed = Integer.toUnsignedLong(seed);
        keys = new long[entries * KEY_LONGS];
        lastSeenNs = new long[entries];
        arrivedNs = new long[entries];
        arrivalTunnel = new int[entries];
        departureTunnel = new int[2 * entries];
    }

    /** Index of the tuple's flow, made if it is new. */
    public int touch(FiveTuple tuple, long nowNs) {
        fillKey(tuple);
        int first = (keyedHash() & setMask) * WAYS;
        int stalest = first;
        for (int entry = first; entry < first + WAYS; entry++) {
            if (matches(entry)) {
                lastSeenNs[entry] = nowNs;
                return entry;
            }
            if (isStaler(entry, stalest)) {
                stalest = entry;
            }
        }
        replace(stalest, nowNs);
        return stalest;
    }

    /** The flow came in by this tunnel just now. */
    public void arrived(int flow, int tunnel, long nowNs) {
        arrivalTunnel[flow] = tunnel;
        arrivedNs[flow] = nowNs;
    }

    /**
     * The tunnel by which the flow arrived within the last {@code windowNs}, or {@link
     * PacketBuffer#NONE}.
     */
    public int arrivalTunnel(int flow, long nowNs, long windowNs) {
        int tunnel = arrivalTunnel[flow];
        return tunnel != PacketBuffer.NONE && nowNs - arrivedNs[flow] < windowNs
                ? tunnel
                : PacketBuffer.NONE;
    }

    /** Packets of the flow in the direction of {@code tuple} leave by this tunnel from now on. */
    public void departed(int flow, FiveTuple tuple, int tunnel) {
        departureTunnel[departure(flow, tuple)] = tunnel;
    }

    /** What {@link #departed} last said of that direction, or {@link PacketBuffer#NONE}. */
    public int departureTunnel(int flow, FiveTuple tuple) {
        return departureTunnel[departure(flow, tuple)];
    }

    private static int departure(int flow, FiveTuple tuple) {
        return 2 * flow + (isReversed(tuple) ? 1 : 0);
    }

    /** The seed goes in first: who does not know it cannot choose keys that share a set. */
    private int keyedHash() {
        long hash = seed;
        for (int i = 0; i < KEY_LONGS; i++) {
            hash = FiveTuple.mix(hash * MULTIPLIER + key[i]);
        }
        return (int) (hash >>> 32);
    }

    /** An empty entry is the stalest of all, whatever the clock says. */
    private boolean isStaler(int entry, int other) {
        if (isEmpty(entry) || isEmpty(other)) {
            return !isEmpty(other);
        }
        return lastSeenNs[entry] - lastSeenNs[other] < 0;
    }

    private boolean isEmpty(int entry) {
        return keys[entry * KEY_LONGS + 4] == 0;
    }

    private void fillKey(FiveTuple tuple) {
        int source = 0;
        int destination = 2;
        int ports = tuple.sourcePort << 16 | tuple.destinationPort;
        if (isReversed(tuple)) {
            source = 2;
            destination = 0;
            ports = tuple.destinationPort << 16 | tuple.sourcePort;
        }
        key[source] = tuple.sourceHigh;
        key[source + 1] = tuple.sourceLow;
        key[destination] = tuple.destinationHigh;
        key[destination + 1] = tuple.destinationLow;
        // Protocol 0 is a hop-by-hop header and never a transport, so an empty entry matches none.
        key[4] = (long) tuple.protocol << 32 | Integer.toUnsignedLong(ports);
    }

    /** One order for both directions: the smaller endpoint first. */
    private static boolean isReversed(FiveTuple tuple) {
        int order = Long.compareUnsigned(tuple.sourceHigh, tuple.destinationHigh);
        if (order == 0) {
            order = Long.compareUnsigned(tuple.sourceLow, tuple.destinationLow);
        }
        return order == 0 ? tuple.sourcePort > tuple.destinationPort : order > 0;
    }

    private boolean matches(int entry) {
        int at = entry * KEY_LONGS;
        return keys[at + 4] == key[4]
                && keys[at] == key[0]
                && keys[at + 1] == key[1]
                && keys[at + 2] == key[2]
                && keys[at + 3] == key[3];
    }

    private void replace(int entry, long nowNs) {
        int at = entry * KEY_LONGS;
        for (int i = 0; i < KEY_LONGS; i++) {
            keys[at + i] = key[i];
        }
        lastSeenNs[entry] = nowNs;
        arrivalTunnel[entry] = PacketBuffer.NONE;
        departureTunnel[2 * entry] = PacketBuffer.NONE;
        departureTunnel[2 * entry + 1] = PacketBuffer.NONE;
    }
}
