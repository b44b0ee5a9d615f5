package io.spillway.routing.fib;

import org.agrona.UnsafeApi;

/**
 * A node decides 8 address bits: 256 slots, of which neighbours with the same value are stored
 * once. Values and what they are found by come first: a lookup touches one cache line or two.
 *
 * <pre>
 *    0                            32        36          40        48
 *   +------+------+------+------+---------+-----------+---------+-----------+-------------+
 *   | bit 1 = this slot begins  | ranks   | cover and | birth   | values    | prefixes    |
 *   | a run: 4 longs, slot 0    | of long | count of  |         | one int   | one int     |
 *   | is the lowest bit         | 0,1,2,3 | prefixes  |         | a run     | each        |
 *   +------+------+------+------+---------+-----------+---------+-----------+-------------+
 *
 *   rank    runs that began in the longs before; four bytes, the lowest for long 0
 *   cover   next-hop ID of the longest prefix of the node above that contains this node; 0 = none
 *   birth   number of the snapshot it was made for
 *   value   &gt; 0 next-hop ID; 0 = no prefix here, what is known from above holds;
 *           &lt; 0 minus the offset of the node that decides the next 8 bits
 *   prefix  place &lt;&lt; 22 | next-hop ID, sorted; place = 1 &lt;&lt; length | bits, both within the node:
 *           all from which the runs can be made again when one comes or goes
 * </pre>
 */
final class TrieNode {
    static final int STRIDE = 8;
    static final int SLOT_COUNT = 1 << STRIDE;
    static final int SLOT_MASK = SLOT_COUNT - 1;

    /** Next-hop IDs have 22 bits. */
    static final int ID_BITS = 22;

    static final int ID_MASK = (1 << ID_BITS) - 1;

    static final int WORD_COUNT = SLOT_COUNT / Long.SIZE;
    static final int RANKS_OFFSET = WORD_COUNT * Long.BYTES;
    static final int COVER_OFFSET = RANKS_OFFSET + Integer.BYTES;
    static final int BIRTH_OFFSET = COVER_OFFSET + Integer.BYTES;
    static final int VALUES_OFFSET = BIRTH_OFFSET + Long.BYTES;

    private TrieNode() {}

    /** What the node at this address says of a slot. */
    static int value(long node, int slot) {
        int word = slot >>> 6;
        long begins = UnsafeApi.getLong(node + (word << 3));
        int before = UnsafeApi.getInt(node + RANKS_OFFSET) >>> (word << 3) & 0xFF;
        int rank = before + Long.bitCount(begins << (Long.SIZE - 1 - slot)); // counts modulo 64
        return UnsafeApi.getInt(node + (VALUES_OFFSET - Integer.BYTES) + ((long) rank << 2));
    }

    /** What holds for the slots of the node at this address that say 0, if not 0. */
    static int cover(long node) {
        return UnsafeApi.getInt(node + COVER_OFFSET) & ID_MASK;
    }
}
