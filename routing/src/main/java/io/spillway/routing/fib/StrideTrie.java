package io.spillway.routing.fib;

import java.util.Arrays;

/**
 * Builds the flat array of one family that {@link Fib} draws.
 *
 * <p>Prefixes must come shortest first. Then no block exists yet below the entries a prefix covers,
 * adding it is one fill, and a new block starts as copies of the entry it hangs from.
 */
final class StrideTrie {
    private static final int ROOT_STRIDE = 16;
    private static final int STRIDE = 8;
    private static final int BLOCK_LENGTH = 1 << STRIDE;
    private static final int NODES_LENGTH_MAX = Integer.MAX_VALUE - BLOCK_LENGTH;

    /** Shared by all tables without a route of a family; never written. */
    private static final int[] EMPTY = new int[1 << ROOT_STRIDE];

    private int[] nodes = EMPTY;
    private int used = 1 << ROOT_STRIDE;

    /** {@code id} is a next-hop ID above 0. */
    void add(Prefix prefix, int id) {
        if (nodes == EMPTY) {
            nodes = EMPTY.clone();
        }
        int block = 0;
        int depth = 0;
        int stride = ROOT_STRIDE;
        while (prefix.length() > depth + stride) {
            block = blockBelow(block + bits(prefix, depth, stride));
            depth += stride;
            stride = STRIDE;
        }
        int first = block + bits(prefix, depth, stride);
        Arrays.fill(nodes, first, first + (1 << depth + stride - prefix.length()), id);
    }

    /** The address bits from {@code depth} on; a stride never crosses the middle. */
    private static int bits(Prefix prefix, int depth, int stride) {
        long half = depth < Long.SIZE ? prefix.high() : prefix.low();
        return (int) (half << depth >>> Long.SIZE - stride); // the shift counts modulo 64
    }

    private int blockBelow(int slot) {
        int entry = nodes[slot];
        if (entry < 0) {
            return ~entry;
        }
        if (nodes.length - used < BLOCK_LENGTH) {
            grow();
        }
        int block = used;
        used += BLOCK_LENGTH;
        Arrays.fill(nodes, block, used, entry);
        nodes[slot] = ~block;
        return block;
    }

    private void grow() {
        if (used > NODES_LENGTH_MAX - BLOCK_LENGTH) {
            throw new IllegalArgumentException("too many routes for one table");
        }
        int wanted = (int) Math.min((long) nodes.length * 3 / 2, NODES_LENGTH_MAX);
        nodes = Arrays.copyOf(nodes, Math.max(wanted, used + BLOCK_LENGTH));
    }

    int[] nodes() {
        return nodes.length == used ? nodes : Arrays.copyOf(nodes, used);
    }
}
