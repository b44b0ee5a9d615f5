package io.spillway.routing.fib;

import org.agrona.collections.Int2IntHashMap;

/**
 * The prefixes of one family as {@link Fib} draws them, changed by making other nodes in place of
 * those on the way to the change. Owned by the {@link FibWriter}.
 */
final class Trie {
    /** Bits that root and pages decide. */
    static final int SHORT_LENGTH_MAX = 16;

    private static final int PAGE_UNITS =
            1 + TrieNode.SLOT_COUNT * Long.BYTES / NodeMemory.UNIT_LENGTH;
    private static final int ROOT_UNITS =
            1 + TrieNode.SLOT_COUNT * Integer.BYTES / NodeMemory.UNIT_LENGTH;

    /** Behind the unit that carries the birth. */
    static final int DATA_OFFSET = NodeMemory.UNIT_LENGTH;

    /** Above the ID in an entry of a page: the length of the prefix that put it there. */
    private static final int LENGTH_SHIFT = TrieNode.ID_BITS;

    private static final int LENGTH_MASK = 0x1F;

    private final NodeMemory memory;
    private final NodeEditor editor;
    private final SlotEditor slotEditor;

    /** Where nothing is longer than /16, so that a lookup need not ask. */
    private final int emptyNode;

    private final int emptyPage;

    /** Next-hop IDs of prefixes up to /16, by 1 << length | bits. */
    private final Int2IntHashMap shorts = new Int2IntHashMap(0);

    private int root;

    /** What {@link #change} found. */
    private int before;

    Trie(NodeMemory memory, NodeEditor editor) {
        this.memory = memory;
        this.editor = editor;
        slotEditor = new SlotEditor(memory);
        emptyNode = editor.storeEmpty();
        emptyPage = memory.allocate(PAGE_UNITS);
        memory.putLong(emptyPage, 0); // of no snapshot that is being built
        for (int slot = 0; slot < TrieNode.SLOT_COUNT; slot++) {
            memory.putLong(pageSlot(emptyPage, slot), (long) emptyNode << Integer.SIZE);
        }
        root = memory.allocate(ROOT_UNITS);
        memory.putLong(root, memory.building());
        for (int page = 0; page < TrieNode.SLOT_COUNT; page++) {
            memory.putInt(rootSlot(page), emptyPage);
        }
    }

    int root() {
        return root;
    }

    /** Next-hop ID of the prefix of length 0; 0 = none. */
    int defaultId() {
        return shorts.get(1);
    }

    /** The next-hop ID of exactly that prefix; 0 = there is no such prefix. */
    int get(Prefix prefix) {
        int length = prefix.length();
        if (length <= SHORT_LENGTH_MAX) {
            return shorts.get(1 << length | bits(prefix, 0, length));
        }
        int slot = bits(prefix, 0, SHORT_LENGTH_MAX);
        long entry = memory.getLong(pageSlot(memory.getInt(rootSlot(slot >>> 8)), slot));
        int node = (int) (entry >>> Integer.SIZE);
        int depth = SHORT_LENGTH_MAX;
        while (node != 0 && length > depth + TrieNode.STRIDE) {
            node = child(node, bits(prefix, depth, TrieNode.STRIDE));
            depth += TrieNode.STRIDE;
        }
        editor.load(node);
        return editor.prefix(1 << length - depth | bits(prefix, depth, length - depth));
    }

    /** The node that decides the next bits; 0 = none. */
    private int child(int node, int slot) {
        return Math.max(0, -TrieNode.value(memory.base() + node, slot));
    }

    /**
     * @param id 0 takes the prefix out
     * @return the ID it had; 0 = there was no such prefix
     */
    int set(Prefix prefix, int id) {
        if (prefix.length() <= SHORT_LENGTH_MAX) {
            return setShort(prefix, id);
        }
        int slot = bits(prefix, 0, SHORT_LENGTH_MAX);
        long entry = memory.getLong(pageSlot(memory.getInt(rootSlot(slot >>> 8)), slot));
        int node = (int) (entry >>> Integer.SIZE);
        int changed = change(node == emptyNode ? 0 : node, prefix, SHORT_LENGTH_MAX, id);
        changed = changed == 0 ? emptyNode : changed;
        if (changed != node) {
            long kept = entry & 0xFFFFFFFFL;
            memory.putLong(
                    pageSlot(ownPage(slot >>> 8), slot), (long) changed << Integer.SIZE | kept);
        }
        return before;
    }

    /** The node in place of {@code node}, which decides the bits from {@code depth} on. */
    private int change(int node, Prefix prefix, int depth, int id) {
        if (prefix.length() <= depth + TrieNode.STRIDE) {
            int length = prefix.length() - depth;
            int place = 1 << length | bits(prefix, depth, length);
            before = slotEditor.set(node, place, id);
            return before == SlotEditor.NOT_HERE ? makeAnother(node, depth, place, id) : node;
        }
        int slot = bits(prefix, depth, TrieNode.STRIDE);
        int child = node == 0 ? 0 : child(node, slot);
        int changed = change(child, prefix, depth + TrieNode.STRIDE, id);
        if (changed == child) {
            return node; // nothing changed, or it changed where it is
        }
        editor.load(node);
        editor.setChild(slot, changed);
        return editor.store(depth);
    }

    private int makeAnother(int node, int depth, int place, int id) {
        editor.load(node);
        before = editor.setPrefix(place, id);
        return before == id ? node : editor.store(depth);
    }

    private int setShort(Prefix prefix, int id) {
        int length = prefix.length();
        int place = 1 << length | bits(prefix, 0, length);
        int earlier = id == 0 ? shorts.remove(place) : shorts.put(place, id);
        if (earlier != id && length > 0) {
            if (id != 0) {
                mark(place, length, id, length);
            } else {
                int around = place >>> 1;
                while (around > 1 && !shorts.containsKey(around)) {
                    around >>>= 1;
                }
                mark(place, length, around > 1 ? shorts.get(around) : 0, lengthOf(around));
            }
        }
        return earlier;
    }

    private static int lengthOf(int place) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(place);
    }

    /** Gives an ID to all entries below a place that belong to it, or to a shorter prefix. */
    private void mark(int place, int length, int id, int ownerLength) {
        int free = SHORT_LENGTH_MAX - length;
        int first = (place << free) - (1 << SHORT_LENGTH_MAX);
        long mark = (long) ownerLength << LENGTH_SHIFT | id;
        int page = 0;
        for (int slot = first; slot < first + (1 << free); slot++) {
            if (slot == first || (slot & TrieNode.SLOT_MASK) == 0) {
                page = ownPage(slot >>> 8);
            }
            long entry = memory.getLong(pageSlot(page, slot));
            if (((int) entry >>> LENGTH_SHIFT & LENGTH_MASK) <= length) {
                memory.putLong(pageSlot(page, slot), entry >>> 32 << 32 | mark);
            }
        }
    }

    /** The page with this index as one of the snapshot that is being built. */
    private int ownPage(int index) {
        root = own(root, ROOT_UNITS);
        int page = memory.getInt(rootSlot(index));
        int owned = own(page, PAGE_UNITS);
        memory.putInt(rootSlot(index), owned);
        return owned;
    }

    private int own(int node, int units) {
        long birth = memory.getLong(node);
        if (birth == memory.building()) {
            return node;
        }
        int copy = memory.allocate(units);
        memory.move(node, copy, units);
        memory.putLong(copy, memory.building());
        if (node != emptyPage) {
            memory.retire(node, units, birth);
        }
        return copy;
    }

    private int rootSlot(int page) {
        return root + DATA_OFFSET + page * Integer.BYTES;
    }

    private static int pageSlot(int page, int slot) {
        return page + DATA_OFFSET + (slot & TrieNode.SLOT_MASK) * Long.BYTES;
    }

    /** {@code count} address bits from {@code depth} on, which never cross the middle. */
    private static int bits(Prefix prefix, int depth, int count) {
        long half = depth < Long.SIZE ? prefix.high() : prefix.low();
        return count == 0 ? 0 : (int) (half << depth >>> Long.SIZE - count); // counts modulo 64
    }
}
