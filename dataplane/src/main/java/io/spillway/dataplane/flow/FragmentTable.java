package io.spillway.dataplane.flow;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import java.util.Arrays;

/**
 * To which flow the fragments of a packet belong: the first, which has the ports, says it for the
 * others. Those that come before it, or more than {@link #KEPT_NS} after, belong to none. A cache
 * of fixed size; a new packet takes the place of the oldest in its set.
 *
 * <p>Owned by the lan agent.
 */
public final class FragmentTable {
    /** As long as a host waits for all of them (RFC 791, RFC 8200 section 4.5: at most 60 s). */
    static final long KEPT_NS = 30_000_000_000L;

    private static final int SETS = 256; // a power of two
    private static final int WAYS = 4;
    private static final int EMPTY = PacketBuffer.NONE;

    private final long seed;
    private final long[] names = new long[SETS * WAYS];
    private final long[] sinceNs = new long[SETS * WAYS];
    private final int[] flows = new int[SETS * WAYS];

    /**
     * @param seed random, unknown to others
     */
    public FragmentTable(int seed) {
        this.seed = FiveTuple.mix(seed);
        Arrays.fill(flows, EMPTY);
    }

    /**
     * A first fragment.
     *
     * @param identification of its IP packet, with the protocol where that belongs to it
     */
    public void begin(FiveTuple tuple, int identification, int flow, long nowNs) {
        long name = name(tuple, identification);
        int first = first(name);
        int oldest = first;
        for (int i = first; i < first + WAYS; i++) {
            if (flows[i] == EMPTY || names[i] == name) {
                oldest = i;
                break;
            }
            if (sinceNs[i] - sinceNs[oldest] < 0) {
                oldest = i;
            }
        }
        names[oldest] = name;
        sinceNs[oldest] = nowNs;
        flows[oldest] = flow;
    }

    /** The flow of a later fragment, or {@link PacketBuffer#NONE}. */
    public int find(FiveTuple tuple, int identification, long nowNs) {
        long name = name(tuple, identification);
        int first = first(name);
        for (int i = first; i < first + WAYS; i++) {
            if (names[i] == name && flows[i] != EMPTY && nowNs - sinceNs[i] < KEPT_NS) {
                return flows[i];
            }
        }
        return PacketBuffer.NONE;
    }

    private static int first(long name) {
        return ((int) name & SETS - 1) * WAYS;
    }

    /** Of 64 bits that nobody can choose. */
    private long name(FiveTuple tuple, int identification) {
        long hash = FiveTuple.mix(seed ^ tuple.sourceHigh);
        hash = FiveTuple.mix(hash + tuple.sourceLow);
        hash = FiveTuple.mix(hash ^ tuple.destinationHigh);
        hash = FiveTuple.mix(hash + tuple.destinationLow);
        return FiveTuple.mix(hash ^ identification);
    }
}
