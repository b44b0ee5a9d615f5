package io.spillway.node.tunnel;

import io.spillway.dataplane.agent.Threading;
import io.spillway.dataplane.forward.SessionTable;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/**
 * Hands out connection IDs of ours: the low bits are a free place in the data plane's session
 * table, of which the lowest name a WAN thread; the rest is random, so that a stale or guessed one
 * is told apart. Owned by control.
 *
 * <pre>
 *   | random (16 bits) | place among the thread's | WAN thread |
 * </pre>
 */
final class ConnectionIds {
    /** {@link #allocate} when every place is taken. */
    static final int NONE = 0;

    private final BitSet[] usedByThread;
    private final Threading threading;
    private final int placesPerThread;
    private final RandomGenerator random;

    ConnectionIds(Threading threading, RandomGenerator random) {
        this.threading = threading;
        this.random = random;
        placesPerThread = 1 << SessionTable.INDEX_BITS - threading.threadBits();
        usedByThread = new BitSet[threading.wanThreads()];
        for (int thread = 0; thread < usedByThread.length; thread++) {
            usedByThread[thread] = new BitSet();
        }
        usedByThread[0].set(0); // so that no ID is 0
    }

    /** A new ID that leads to that WAN thread, never 0, or {@link #NONE}. */
    int allocate(int wanThread) {
        int place = usedByThread[wanThread].nextClearBit(0);
        if (place >= placesPerThread) {
            return NONE;
        }
        usedByThread[wanThread].set(place);
        int index = place << threading.threadBits() | wanThread;
        return random.nextInt() << SessionTable.INDEX_BITS | index;
    }

    /** The ID's session is gone; its place is free. */
    void release(int connectionId) {
        int index = connectionId & (1 << SessionTable.INDEX_BITS) - 1;
        usedByThread[threadOf(connectionId)].clear(index >>> threading.threadBits());
    }

    int threadOf(int connectionId) {
        return threading.wanThreadOf(connectionId);
    }

    static byte[] bytes(int connectionId) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(connectionId).array();
    }
}
