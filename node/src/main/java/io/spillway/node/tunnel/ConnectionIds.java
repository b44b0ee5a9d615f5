package io.spillway.node.tunnel;

import io.spillway.dataplane.forward.SessionTable;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/**
 * Hands out connection IDs of ours: the low bits are a free place in the data plane's session
 * table, the rest is random, so that a stale or guessed one is told apart. Owned by control.
 */
final class ConnectionIds {
    /** {@link #allocate} when every place is taken. */
    static final int NONE = 0;

    private static final int COUNT_MAX = 1 << SessionTable.INDEX_BITS;

    private final BitSet used = new BitSet();
    private final RandomGenerator random;

    ConnectionIds(RandomGenerator random) {
        this.random = random;
        used.set(0); // so that no ID is 0
    }

    /** A new ID, never 0, or {@link #NONE}. */
    int allocate() {
        int index = used.nextClearBit(0);
        if (index >= COUNT_MAX) {
            return NONE;
        }
        used.set(index);
        return random.nextInt() << SessionTable.INDEX_BITS | index;
    }

    /** The ID's session is gone; its place is free. */
    void release(int connectionId) {
        used.clear(connectionId & COUNT_MAX - 1);
    }

    static byte[] bytes(int connectionId) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(connectionId).array();
    }
}
