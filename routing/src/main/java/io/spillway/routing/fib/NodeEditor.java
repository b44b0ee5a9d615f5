package io.spillway.routing.fib;

import java.util.Arrays;

/** Unpacks one {@link TrieNode}, changes it, and packs it into another. Owned by the writer. */
final class NodeEditor {
    private static final int PREFIX_COUNT_MAX = 2 * TrieNode.SLOT_COUNT;

    private final NodeMemory memory;
    private final int[] slots = new int[TrieNode.SLOT_COUNT];
    private final int[] children = new int[TrieNode.SLOT_COUNT]; // offsets; 0 = none
    private final int[] prefixes = new int[PREFIX_COUNT_MAX];
    private final int[] values = new int[TrieNode.SLOT_COUNT];
    private final long[] begins = new long[TrieNode.WORD_COUNT];
    private int prefixCount;
    private int node;

    NodeEditor(NodeMemory memory) {
        this.memory = memory;
    }

    /** Starts with what {@code offset} has; 0 = an empty node. */
    void load(int offset) {
        node = offset;
        prefixCount = 0;
        Arrays.fill(children, 0);
        if (offset != 0) {
            int values = loadChildren();
            prefixCount = prefixCount(offset);
            for (int i = 0; i < prefixCount; i++) {
                prefixes[i] = memory.getInt(values + i * Integer.BYTES);
            }
        }
    }

    /** Where the values end. */
    private int loadChildren() {
        int value = node + TrieNode.VALUES_OFFSET;
        for (int word = 0; word < TrieNode.WORD_COUNT; word++) {
            long bits = memory.getLong(node + word * Long.BYTES);
            for (; bits != 0; bits &= bits - 1) {
                int found = memory.getInt(value);
                if (found < 0) {
                    children[word * Long.SIZE + Long.numberOfTrailingZeros(bits)] = -found;
                }
                value += Integer.BYTES;
            }
        }
        return value;
    }

    private int prefixCount(int offset) {
        return memory.getInt(offset + TrieNode.COVER_OFFSET) >>> TrieNode.ID_BITS;
    }

    /**
     * @param place of the prefix within the node
     * @param id 0 takes the prefix out
     * @return the ID it had; 0 = there was no such prefix
     */
    int setPrefix(int place, int id) {
        int first = place << TrieNode.ID_BITS;
        int found = Arrays.binarySearch(prefixes, 0, prefixCount, first); // IDs are above 0
        int index = ~found;
        boolean isKnown = index < prefixCount && prefixes[index] >>> TrieNode.ID_BITS == place;
        int before = isKnown ? prefixes[index] & TrieNode.ID_MASK : 0;
        if (id != 0) {
            if (!isKnown) {
                System.arraycopy(prefixes, index, prefixes, index + 1, prefixCount - index);
                prefixCount++;
            }
            prefixes[index] = first | id;
        } else if (isKnown) {
            prefixCount--;
            System.arraycopy(prefixes, index + 1, prefixes, index, prefixCount - index);
        }
        return before;
    }

    /** Puts the node that decides on below this slot; 0 = none. */
    void setChild(int slot, int offset) {
        children[slot] = offset;
    }

    /** Retires what was loaded; the new node's offset, or 0 when nothing is left in it. */
    int store() {
        fillSlots();
        int valueCount = findRuns();
        int cover = node == 0 ? 0 : TrieNode.cover(memory.base() + node);
        int stored = 0;
        if (prefixCount > 0 || valueCount > 1 || slots[0] != 0) {
            stored = memory.allocate(units(valueCount, prefixCount));
            write(stored, valueCount, cover);
        }
        if (node != 0) {
            memory.retire(node, units(node), memory.getLong(node + TrieNode.BIRTH_OFFSET));
        }
        return stored;
    }

    /** A node that says 0 for every slot. */
    int storeEmpty() {
        load(0);
        fillSlots();
        int stored = memory.allocate(units(findRuns(), 0));
        write(stored, 1, 0);
        return stored;
    }

    /** Places ascend with the length, so that longer prefixes overwrite shorter ones. */
    private void fillSlots() {
        Arrays.fill(slots, 0);
        for (int i = 0; i < prefixCount; i++) {
            int place = prefixes[i] >>> TrieNode.ID_BITS;
            int free = Integer.numberOfLeadingZeros(place) - (31 - TrieNode.STRIDE);
            int first = (place << free) - TrieNode.SLOT_COUNT;
            int id = prefixes[i] & TrieNode.ID_MASK;
            for (int slot = first; slot < first + (1 << free); slot++) {
                slots[slot] = id;
            }
        }
        for (int slot = 0; slot < TrieNode.SLOT_COUNT; slot++) {
            if (children[slot] != 0) {
                slots[slot] = -covered(children[slot], slots[slot]);
            }
        }
    }

    /** The child with that cover, or another like it. */
    private int covered(int child, int cover) {
        int word = memory.getInt(child + TrieNode.COVER_OFFSET);
        if ((word & TrieNode.ID_MASK) == cover) {
            return child;
        }
        int own = child;
        long birth = memory.getLong(child + TrieNode.BIRTH_OFFSET);
        if (birth != memory.building()) {
            int units = units(child);
            own = memory.allocate(units);
            memory.move(child, own, units);
            memory.putLong(own + TrieNode.BIRTH_OFFSET, memory.building());
            memory.retire(child, units, birth);
        }
        memory.putInt(own + TrieNode.COVER_OFFSET, word & ~TrieNode.ID_MASK | cover);
        return own;
    }

    private int findRuns() {
        int count = 0;
        for (int word = 0; word < TrieNode.WORD_COUNT; word++) {
            long bits = 0;
            for (int bit = 0; bit < Long.SIZE; bit++) {
                int value = slots[word * Long.SIZE + bit];
                if (count == 0 || value != values[count - 1]) {
                    values[count++] = value;
                    bits |= 1L << bit;
                }
            }
            begins[word] = bits;
        }
        return count;
    }

    private void write(int to, int valueCount, int cover) {
        int rank = 0;
        int ranks = 0;
        for (int word = 0; word < TrieNode.WORD_COUNT; word++) {
            memory.putLong(to + word * Long.BYTES, begins[word]);
            ranks |= rank << word * Byte.SIZE;
            rank += Long.bitCount(begins[word]);
        }
        memory.putInt(to + TrieNode.RANKS_OFFSET, ranks);
        memory.putInt(to + TrieNode.COVER_OFFSET, prefixCount << TrieNode.ID_BITS | cover);
        memory.putLong(to + TrieNode.BIRTH_OFFSET, memory.building());
        int at = writeInts(values, valueCount, to + TrieNode.VALUES_OFFSET);
        writeInts(prefixes, prefixCount, at);
    }

    private int writeInts(int[] ints, int count, int to) {
        for (int i = 0; i < count; i++) {
            memory.putInt(to + i * Integer.BYTES, ints[i]);
        }
        return to + count * Integer.BYTES;
    }

    private int units(int offset) {
        int last = memory.getInt(offset + TrieNode.RANKS_OFFSET) >>> Integer.SIZE - Byte.SIZE;
        long bits = memory.getLong(offset + TrieNode.RANKS_OFFSET - Long.BYTES);
        return units(last + Long.bitCount(bits), prefixCount(offset));
    }

    private static int units(int valueCount, int prefixCount) {
        int length = TrieNode.VALUES_OFFSET + (valueCount + prefixCount) * Integer.BYTES;
        return (length + NodeMemory.UNIT_LENGTH - 1) / NodeMemory.UNIT_LENGTH;
    }
}
