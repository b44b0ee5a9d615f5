package io.spillway.routing.fib;

import org.agrona.UnsafeApi;

/**
 * A node decides 8 address bits: 256 slots, in one of two forms. A wide node has one value for each
 * slot, so that a lookup touches one cache line; a narrow one stores neighbours with the same value
 * once, for nodes that have little to say and are many. A reference to a node is its offset in
 * {@link NodeMemory}, plus 1 for a wide one.
 *
 * <pre>
 *    0                            32        36          40        48, wide: 64
 *   +------+------+------+------+---------+-----------+---------+-----------+-------------+
 *   | narrow: bit 1 = this slot | ranks   | cover and | birth   | values    | prefixes    |
 *   | begins a run: 4 longs,    | of long | count of  |         | one int a | one int     |
 *   | slot 0 is the lowest bit  | 0,1,2,3 | prefixes  |         | run / slot| each        |
 *   +------+------+------+------+---------+-----------+---------+-----------+-------------+
 *
 *   rank    runs that began in the longs before; four bytes, the lowest for long 0
 *   cover   next-hop ID of the longest prefix of the node above, or of /8../16, that contains this
 *           node; 0 = none
 *   birth   number of the snapshot it was made for
 *   value   &gt; 0 next-hop ID; 0 = no prefix here, what is known from above holds;
 *           &lt; 0 minus the reference of the node that decides the next 8 bits
 *   prefix  place &lt;&lt; 22 | next-hop ID, sorted; place = 1 &lt;&lt; length | bits, both within the node:
 *           all from which the values can be made again when one comes or goes
 * </pre>
 *
 * <p>Nodes for bits 16 to 23, the first of a trie, are always wide, and have their cover in place of
 * 0, so that a lookup that ends there reads one value.
 */
final class TrieNode {
    static final int STRIDE = 8;
    static final int SLOT_COUNT = 1 << STRIDE;
    static final int SLOT_MASK = SLOT_COUNT - 1;

    /** Next-hop IDs have 22 bits. */
    static final int ID_BITS = 22;

    static final int ID_MASK = (1 << ID_BITS) - 1;

    /** In a reference. */
    static final int WIDE = 1;

    static final int WORD_COUNT = SLOT_COUNT / Long.SIZE;
    static final int RANKS_OFFSET = WORD_COUNT * Long.BYTES;
    static final int COVER_OFFSET = RANKS_OFFSET + Integer.BYTES;
    static final int BIRTH_OFFSET = COVER_OFFSET + Integer.BYTES;
    static final int NARROW_VALUES_OFFSET = BIRTH_OFFSET + Long.BYTES;
    static final int WIDE_VALUES_OFFSET = NodeMemory.UNIT_LENGTH;

    private TrieNode() {}

    /**
     * What a node says of a slot.
     *
     * @param node address of the memory plus the node's reference
     */
    static int value(long node, int slot) {
        return (node & WIDE) != 0 ? wideValue(node, slot) : narrowValue(node, slot);
    }

    /** The same of a wide node. */
    static int wideValue(long node, int slot) {
        return UnsafeApi.getInt(node - WIDE + WIDE_VALUES_OFFSET + ((long) slot << 2));
    }

    private static int narrowValue(long node, int slot) {
        int word = slot >>> 6;
        long begins = UnsafeApi.getLong(node + (word << 3));
        int before = UnsafeApi.getInt(node + RANKS_OFFSET) >>> (word << 3) & 0xFF;
        int rank = before + Long.bitCount(begins << (Long.SIZE - 1 - slot)); // counts modulo 64
        return UnsafeApi.getInt(node + (NARROW_VALUES_OFFSET - Integer.BYTES) + ((long) rank << 2));
    }

    /**
     * What holds for the slots of a node that say 0, if not 0.
     *
     * @param node address of the memory plus the node's reference
     */
    static int cover(long node) {
        return UnsafeApi.getInt((node & ~WIDE) + COVER_OFFSET) & ID_MASK;
    }
}
