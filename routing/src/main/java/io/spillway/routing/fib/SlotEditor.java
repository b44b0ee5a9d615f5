package io.spillway.routing.fib;

/**
 * Changes a prefix that decides one slot of a wide {@link TrieNode} where it is, instead of making
 * another node. Only of the snapshot that is being built, which no reader is in. Owned by the
 * writer.
 */
final class SlotEditor {
    /** Another node must be made: this one cannot be changed so. */
    static final int NOT_HERE = -1;

    private static final int PREFIXES_OFFSET =
            TrieNode.WIDE_VALUES_OFFSET + TrieNode.SLOT_COUNT * Integer.BYTES;

    private static final int UNIT_PREFIXES = NodeMemory.UNIT_LENGTH / Integer.BYTES;

    private final NodeMemory memory;

    SlotEditor(NodeMemory memory) {
        this.memory = memory;
    }

    /**
     * @param reference of a node; 0 = none
     * @param place of the prefix within the node
     * @param id 0 takes the prefix out
     * @param unsaid value of a slot that no prefix of the node decides
     * @return the ID it had, 0 = there was no such prefix, or {@link #NOT_HERE}
     */
    int set(int reference, int place, int id, int unsaid) {
        int node = reference & ~TrieNode.WIDE;
        if (node == reference || place < TrieNode.SLOT_COUNT || !isOwn(node)) {
            return NOT_HERE;
        }
        int slot = place & TrieNode.SLOT_MASK;
        int count = memory.getInt(node + TrieNode.COVER_OFFSET) >>> TrieNode.ID_BITS;
        int index = search(node, count, place);
        boolean isKnown = index < count && placeAt(node, index) == place;
        if (!isKnown && id == 0) {
            return 0;
        }
        int before = isKnown ? memory.getInt(prefixAt(node, index)) & TrieNode.ID_MASK : 0;
        int grown = id == 0 ? -1 : isKnown ? 0 : 1;
        if (isChild(node, slot) || count + grown == 0 || unitsOf(count + grown) != unitsOf(count)) {
            return NOT_HERE;
        }
        move(node, index, count, grown);
        if (id != 0) {
            memory.putInt(prefixAt(node, index), place << TrieNode.ID_BITS | id);
        }
        int value = id != 0 ? id : shorter(node, count + grown, place);
        memory.putInt(valueAt(node, slot), value != 0 ? value : unsaid);
        return before;
    }

    private boolean isOwn(int node) {
        return memory.getLong(node + TrieNode.BIRTH_OFFSET) == memory.building();
    }

    private boolean isChild(int node, int slot) {
        return memory.getInt(valueAt(node, slot)) < 0;
    }

    /** Where the place is or belongs among the prefixes. */
    private int search(int node, int count, int place) {
        int first = 0;
        int end = count;
        while (first < end) {
            int middle = (first + end) >>> 1;
            if (placeAt(node, middle) < place) {
                first = middle + 1;
            } else {
                end = middle;
            }
        }
        return first;
    }

    /** Makes room for one more, or takes the room of one. */
    private void move(int node, int index, int count, int grown) {
        if (grown > 0) {
            for (int i = count; i > index; i--) {
                memory.putInt(prefixAt(node, i), memory.getInt(prefixAt(node, i - 1)));
            }
        } else if (grown < 0) {
            for (int i = index; i < count - 1; i++) {
                memory.putInt(prefixAt(node, i), memory.getInt(prefixAt(node, i + 1)));
            }
        }
        int at = node + TrieNode.COVER_OFFSET;
        memory.putInt(at, memory.getInt(at) + (grown << TrieNode.ID_BITS));
    }

    /** The ID of the longest prefix of the node around a place; 0 = none. */
    private int shorter(int node, int count, int place) {
        if (placeAt(node, 0) >= TrieNode.SLOT_COUNT) {
            return 0;
        }
        for (int around = place >>> 1; around > 0; around >>>= 1) {
            int index = search(node, count, around);
            if (index < count && placeAt(node, index) == around) {
                return memory.getInt(prefixAt(node, index)) & TrieNode.ID_MASK;
            }
        }
        return 0;
    }

    private int placeAt(int node, int index) {
        return memory.getInt(prefixAt(node, index)) >>> TrieNode.ID_BITS;
    }

    private static int prefixAt(int node, int index) {
        return node + PREFIXES_OFFSET + index * Integer.BYTES;
    }

    private static int valueAt(int node, int slot) {
        return node + TrieNode.WIDE_VALUES_OFFSET + slot * Integer.BYTES;
    }

    /** Whole units that so many prefixes take: behind the values, where one begins. */
    private static int unitsOf(int count) {
        return Math.ceilDiv(count, UNIT_PREFIXES);
    }
}
