package io.spillway.routing.fib;

import java.util.Arrays;

/** Unpacks one {@link TrieNode}, changes it, and packs it into another. Owned by the writer. */
final class NodeEditor {
    /**
     * From so many runs on a node is wide: a lookup is one cache line shorter, and a narrow node
     * would need a quarter of the memory at best.
     */
    private static final int WIDE_RUN_COUNT_MIN = 12;

    /** As long as all nodes need no more, in bytes, every one is wide. */
    private static final int WIDE_LENGTH_MAX = 1 << 20;

    private static final int PREFIX_COUNT_MAX = 2 * TrieNode.SLOT_COUNT;

    private final NodeMemory memory;
    private final int[] slots = new int[TrieNode.SLOT_COUNT];
    private final int[] children = new int[TrieNode.SLOT_COUNT]; // references; 0 = none
    private final int[] prefixes = new int[PREFIX_COUNT_MAX];
    private final int[] values = new int[TrieNode.SLOT_COUNT];
    private final long[] begins = new long[TrieNode.WORD_COUNT];
    private int prefixCount;
    private int childCount; // of slots, once they are filled
    private int cover;
    private int node; // reference

    NodeEditor(NodeMemory memory) {
        this.memory = memory;
    }

    /** Starts with what the node with this reference has; 0 = an empty node. */
    void load(int reference) {
        node = reference;
        prefixCount = 0;
        cover = 0;
        Arrays.fill(children, 0);
        if (reference != 0) {
            cover = TrieNode.cover(memory.base() + reference);
            int end = isWide(node) ? loadWide() : loadNarrow();
            prefixCount = prefixCount(node);
            for (int i = 0; i < prefixCount; i++) {
                prefixes[i] = memory.getInt(end + i * Integer.BYTES);
            }
        }
    }

    private static boolean isWide(int reference) {
        return (reference & TrieNode.WIDE) != 0;
    }

    private static int offset(int reference) {
        return reference & ~TrieNode.WIDE;
    }

    /** Finds the children; where the values end. */
    private int loadWide() {
        int value = offset(node) + TrieNode.WIDE_VALUES_OFFSET;
        for (int slot = 0; slot < TrieNode.SLOT_COUNT; slot++) {
            int found = memory.getInt(value);
            if (found < 0) {
                children[slot] = -found;
            }
            value += Integer.BYTES;
        }
        return value;
    }

    /** Finds the children; where the values end. */
    private int loadNarrow() {
        int value = node + TrieNode.NARROW_VALUES_OFFSET;
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

    private int prefixCount(int reference) {
        return memory.getInt(offset(reference) + TrieNode.COVER_OFFSET) >>> TrieNode.ID_BITS;
    }

    /** The ID of the prefix at this place; 0 = there is no such prefix. */
    int prefix(int place) {
        int index = ~search(place);
        return isAt(index, place) ? prefixes[index] & TrieNode.ID_MASK : 0;
    }

    /** Where it is or belongs, as {@code ~index}: IDs are above 0, so that it is never found. */
    private int search(int place) {
        return Arrays.binarySearch(prefixes, 0, prefixCount, place << TrieNode.ID_BITS);
    }

    private boolean isAt(int index, int place) {
        return index < prefixCount && prefixes[index] >>> TrieNode.ID_BITS == place;
    }

    /**
     * @param place of the prefix within the node
     * @param id 0 takes the prefix out
     * @return the ID it had; 0 = there was no such prefix
     */
    int setPrefix(int place, int id) {
        int index = ~search(place);
        boolean isKnown = isAt(index, place);
        int before = isKnown ? prefixes[index] & TrieNode.ID_MASK : 0;
        if (id != 0) {
            if (!isKnown) {
                System.arraycopy(prefixes, index, prefixes, index + 1, prefixCount - index);
                prefixCount++;
            }
            prefixes[index] = place << TrieNode.ID_BITS | id;
        } else if (isKnown) {
            prefixCount--;
            System.arraycopy(prefixes, index + 1, prefixes, index, prefixCount - index);
        }
        return before;
    }

    /** Gives the node another cover. */
    void cover(int id) {
        cover = id;
    }

    /** Puts the node that decides on below this slot; 0 = none. */
    void setChild(int slot, int reference) {
        children[slot] = reference;
    }

    /**
     * Retires what was loaded.
     *
     * @param depth address bits above the node
     * @return the new node's reference, or 0 when nothing is left in it
     */
    int store(int depth) {
        boolean isFirst = depth == Trie.SHORT_LENGTH_MAX;
        fillSlots();
        int stored = prefixCount + childCount > 0 ? write(isFirst) : 0;
        if (node != 0) {
            retire(node);
        }
        return stored;
    }

    /** A node for bits 16 to 23 that says the same of every slot. */
    int storeUniform(int id) {
        load(0);
        cover(id);
        fillSlots();
        return write(true);
    }

    void retire(int reference) {
        memory.retire(offset(reference), units(reference), birth(reference));
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
        childCount = 0;
        for (int slot = 0; slot < TrieNode.SLOT_COUNT; slot++) {
            if (children[slot] != 0) {
                slots[slot] = -covered(children[slot], slots[slot]);
                childCount++;
            }
        }
    }

    private void pushCoverDown() {
        for (int slot = 0; slot < TrieNode.SLOT_COUNT; slot++) {
            if (slots[slot] == 0) {
                slots[slot] = cover;
            }
        }
    }

    /** The child with that cover, or another like it. */
    private int covered(int child, int id) {
        int word = memory.getInt(offset(child) + TrieNode.COVER_OFFSET);
        if ((word & TrieNode.ID_MASK) == id) {
            return child;
        }
        int own = offset(child);
        if (birth(child) != memory.building()) {
            int units = units(child);
            own = memory.allocate(units);
            memory.move(offset(child), own, units);
            memory.putLong(own + TrieNode.BIRTH_OFFSET, memory.building());
            memory.retire(offset(child), units, birth(child));
        }
        memory.putInt(own + TrieNode.COVER_OFFSET, word & ~TrieNode.ID_MASK | id);
        return own | child & TrieNode.WIDE;
    }

    private long birth(int reference) {
        return memory.getLong(offset(reference) + TrieNode.BIRTH_OFFSET);
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

    private int write(boolean isFirst) {
        if (isFirst) {
            pushCoverDown();
        }
        int valueCount = findRuns();
        boolean isWide =
                isFirst
                        || valueCount >= WIDE_RUN_COUNT_MIN
                        || memory.usedLength() < WIDE_LENGTH_MAX;
        int count = isWide ? TrieNode.SLOT_COUNT : valueCount;
        int to = memory.allocate(units(isWide, count, prefixCount));
        memory.putInt(to + TrieNode.COVER_OFFSET, prefixCount << TrieNode.ID_BITS | cover);
        memory.putLong(to + TrieNode.BIRTH_OFFSET, memory.building());
        if (!isWide) {
            writeRuns(to);
        }
        int end = writeInts(isWide ? slots : values, count, to + valuesOffset(isWide));
        writeInts(prefixes, prefixCount, end);
        return to | (isWide ? TrieNode.WIDE : 0);
    }

    private void writeRuns(int to) {
        int rank = 0;
        int ranks = 0;
        for (int word = 0; word < TrieNode.WORD_COUNT; word++) {
            memory.putLong(to + word * Long.BYTES, begins[word]);
            ranks |= rank << word * Byte.SIZE;
            rank += Long.bitCount(begins[word]);
        }
        memory.putInt(to + TrieNode.RANKS_OFFSET, ranks);
    }

    private int writeInts(int[] ints, int count, int to) {
        for (int i = 0; i < count; i++) {
            memory.putInt(to + i * Integer.BYTES, ints[i]);
        }
        return to + count * Integer.BYTES;
    }

    private int units(int reference) {
        if (isWide(reference)) {
            return units(true, TrieNode.SLOT_COUNT, prefixCount(reference));
        }
        int last = memory.getInt(reference + TrieNode.RANKS_OFFSET) >>> Integer.SIZE - Byte.SIZE;
        long bits = memory.getLong(reference + TrieNode.RANKS_OFFSET - Long.BYTES);
        return units(false, last + Long.bitCount(bits), prefixCount(reference));
    }

    private static int valuesOffset(boolean isWide) {
        return isWide ? TrieNode.WIDE_VALUES_OFFSET : TrieNode.NARROW_VALUES_OFFSET;
    }

    private static int units(boolean isWide, int valueCount, int prefixCount) {
        int length = valuesOffset(isWide) + (valueCount + prefixCount) * Integer.BYTES;
        return (length + NodeMemory.UNIT_LENGTH - 1) / NodeMemory.UNIT_LENGTH;
    }
}
