package io.spillway.routing.fib;

import org.agrona.collections.Int2IntHashMap;

/**
 * The prefixes of one family as {@link Fib} draws them, changed by making other nodes in place of
 * those on the way to the change. Owned by the {@link FibWriter}.
 */
final class Trie {
    /** Bits that root and pages decide; longer prefixes have their places in nodes. */
    static final int SHORT_LENGTH_MAX = 16;

    /** Prefixes that cover whole entries of the root are there, and not in nodes. */
    private static final int ROOT_LENGTH_MAX = 7;

    private static final int ROOT_BITS = 8;

    /** No place of a prefix. */
    private static final int NOWHERE = 0;

    private static final int PAGE_UNITS =
            1 + TrieNode.SLOT_COUNT * Integer.BYTES / NodeMemory.UNIT_LENGTH;
    private static final int ROOT_UNITS =
            1 + TrieNode.SLOT_COUNT * Long.BYTES / NodeMemory.UNIT_LENGTH;

    /** Behind the unit that carries the birth. */
    static final int DATA_OFFSET = NodeMemory.UNIT_LENGTH;

    private final NodeMemory memory;
    private final NodeEditor editor;
    private final SlotEditor slotEditor;

    /** Where nothing is longer than /16. */
    private final UniformNodes uniforms;

    private final int emptyPage;

    /** Next-hop IDs of prefixes up to /16, by 1 << length | bits. */
    private final Int2IntHashMap shorts = new Int2IntHashMap(0);

    /** Length of the prefix that decides each entry of the root, and each of the pages. */
    private final byte[] rootOwners = new byte[TrieNode.SLOT_COUNT];

    private final byte[] owners = new byte[1 << SHORT_LENGTH_MAX];

    private int root;

    /** Of the node that is changed, where there is none yet. */
    private int coverOfNew;

    /** What {@link #change} found. */
    private int before;

    Trie(NodeMemory memory, NodeEditor editor) {
        this.memory = memory;
        this.editor = editor;
        slotEditor = new SlotEditor(memory);
        uniforms = new UniformNodes(editor);
        emptyPage = memory.allocate(PAGE_UNITS);
        memory.putLong(emptyPage, 0); // of no snapshot that is being built
        for (int slot = 0; slot < TrieNode.SLOT_COUNT; slot++) {
            memory.putInt(pageSlot(emptyPage, slot), uniforms.empty());
        }
        root = memory.allocate(ROOT_UNITS);
        memory.putLong(root, memory.building());
        for (int page = 0; page < TrieNode.SLOT_COUNT; page++) {
            memory.putInt(rootSlot(page), emptyPage);
            memory.putInt(rootSlot(page) + Integer.BYTES, 0);
        }
    }

    int root() {
        return root;
    }

    /** The next-hop ID of exactly that prefix; 0 = there is no such prefix. */
    int get(Prefix prefix) {
        int length = prefix.length();
        if (length <= SHORT_LENGTH_MAX) {
            return shorts.get(1 << length | bits(prefix, 0, length));
        }
        int node = nodeAt(bits(prefix, 0, SHORT_LENGTH_MAX));
        int depth = SHORT_LENGTH_MAX;
        while (node != 0 && length > depth + TrieNode.STRIDE) {
            node = child(node, bits(prefix, depth, TrieNode.STRIDE));
            depth += TrieNode.STRIDE;
        }
        editor.load(node);
        return editor.prefix(1 << length - depth | bits(prefix, depth, length - depth));
    }

    /** For the next bits. */
    private int nodeAt(int slot) {
        return memory.getInt(pageSlot(memory.getInt(rootSlot(slot >>> 8)), slot));
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
        int node = nodeAt(slot);
        coverOfNew = TrieNode.cover(memory.base() + node);
        int own = uniforms.has(coverOfNew, node) ? 0 : node;
        int changed = change(own, prefix, SHORT_LENGTH_MAX, id);
        if (changed != own) {
            replace(slot, own, changed, coverOfNew, coverOfNew);
        }
        return before;
    }

    /**
     * Puts another node in the place of one.
     *
     * @param own 0: a uniform one
     * @param next 0: a uniform one
     */
    private void replace(int slot, int own, int next, int coverBefore, int cover) {
        int node = next == 0 ? uniforms.take(cover) : next;
        if (own == 0) {
            uniforms.leave(coverBefore);
        }
        memory.putInt(pageSlot(ownPage(slot >>> 8), slot), node);
    }

    /** The node in place of {@code node}, which decides the bits from {@code depth} on. */
    private int change(int node, Prefix prefix, int depth, int id) {
        if (prefix.length() <= depth + TrieNode.STRIDE) {
            int length = prefix.length() - depth;
            int place = 1 << length | bits(prefix, depth, length);
            before = slotEditor.set(node, place, id, unsaid(node, depth));
            return before == SlotEditor.NOT_HERE ? makeAnother(node, depth, place, id) : node;
        }
        int slot = bits(prefix, depth, TrieNode.STRIDE);
        int child = node == 0 ? 0 : child(node, slot);
        int changed = change(child, prefix, depth + TrieNode.STRIDE, id);
        if (changed == child) {
            return node; // nothing changed, or it changed where it is
        }
        load(node, depth);
        editor.setChild(slot, changed);
        return editor.store(depth);
    }

    private int unsaid(int node, int depth) {
        return node != 0 && depth == SHORT_LENGTH_MAX
                ? TrieNode.cover(memory.base() + node)
                : 0;
    }

    private void load(int node, int depth) {
        editor.load(node);
        if (node == 0 && depth == SHORT_LENGTH_MAX) {
            editor.cover(coverOfNew);
        }
    }

    private int makeAnother(int node, int depth, int place, int id) {
        load(node, depth);
        before = editor.setPrefix(place, id);
        return before == id ? node : editor.store(depth);
    }

    private int setShort(Prefix prefix, int id) {
        int length = prefix.length();
        int place = 1 << length | bits(prefix, 0, length);
        int earlier = id == 0 ? shorts.remove(place) : shorts.put(place, id);
        if (earlier != id) {
            int owner = id != 0 ? place : around(place);
            int ownerId = shorts.get(owner);
            if (length <= ROOT_LENGTH_MAX) {
                markRoot(place, length, ownerId, lengthOf(owner));
            } else {
                markPages(place, length, ownerId, lengthOf(owner));
            }
        }
        return earlier;
    }

    /** The longest shorter prefix of the same kind; else one that is not there. */
    private int around(int place) {
        int last = lengthOf(place) <= ROOT_LENGTH_MAX ? 1 : 1 << ROOT_LENGTH_MAX + 1;
        int around = place >>> 1;
        while (around >= last && !shorts.containsKey(around)) {
            around >>>= 1;
        }
        return around >= last ? around : NOWHERE;
    }

    private static int lengthOf(int place) {
        return place == NOWHERE ? 0 : Integer.SIZE - 1 - Integer.numberOfLeadingZeros(place);
    }

    /** Gives an ID to all entries below a place that belong to it, or to a shorter prefix. */
    private void markRoot(int place, int length, int id, int ownerLength) {
        int free = ROOT_BITS - length;
        int first = (place << free) - (1 << ROOT_BITS);
        root = own(root, ROOT_UNITS);
        for (int slot = first; slot < first + (1 << free); slot++) {
            if (rootOwners[slot] <= length) {
                rootOwners[slot] = (byte) ownerLength;
                memory.putInt(rootSlot(slot) + Integer.BYTES, id);
            }
        }
    }

    /** The same of nodes that pages lead to. */
    private void markPages(int place, int length, int id, int ownerLength) {
        int free = SHORT_LENGTH_MAX - length;
        int first = (place << free) - (1 << SHORT_LENGTH_MAX);
        for (int slot = first; slot < first + (1 << free); slot++) {
            if (owners[slot] <= length) {
                owners[slot] = (byte) ownerLength;
                cover(slot, id);
            }
        }
    }

    private void cover(int slot, int id) {
        int node = nodeAt(slot);
        int coverBefore = TrieNode.cover(memory.base() + node);
        if (coverBefore == id) {
            return;
        }
        if (uniforms.has(coverBefore, node)) {
            replace(slot, 0, 0, coverBefore, id);
        } else {
            editor.load(node);
            editor.cover(id);
            replace(slot, node, editor.store(SHORT_LENGTH_MAX), coverBefore, id);
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
        return root + DATA_OFFSET + page * Long.BYTES;
    }

    private static int pageSlot(int page, int slot) {
        return page + DATA_OFFSET + (slot & TrieNode.SLOT_MASK) * Integer.BYTES;
    }

    /** {@code count} address bits from {@code depth} on, which never cross the middle. */
    private static int bits(Prefix prefix, int depth, int count) {
        long half = depth < Long.SIZE ? prefix.high() : prefix.low();
        return count == 0 ? 0 : (int) (half << depth >>> Long.SIZE - count); // counts modulo 64
    }
}
