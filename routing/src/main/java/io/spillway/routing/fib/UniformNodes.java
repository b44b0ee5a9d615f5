package io.spillway.routing.fib;

import org.agrona.collections.Int2IntHashMap;

/**
 * Nodes for bits 16 to 23 that have no prefix of their own, and say of every slot what covers it:
 * one for each next-hop ID, shared by all entries of pages where that holds. Owned by the writer.
 */
final class UniformNodes {
    private static final int NONE = 0;

    private final NodeEditor editor;
    private final int empty;
    private final Int2IntHashMap nodes = new Int2IntHashMap(NONE); // by ID
    private final Int2IntHashMap uses = new Int2IntHashMap(0);

    UniformNodes(NodeEditor editor) {
        this.editor = editor;
        empty = editor.storeUniform(0);
    }

    /** Where nothing is known; it is always there. */
    int empty() {
        return empty;
    }

    /** Whether that node is the one of this ID. */
    boolean has(int id, int node) {
        return node == (id == 0 ? empty : nodes.get(id));
    }

    /** For one more entry. */
    int take(int id) {
        if (id == 0) {
            return empty;
        }
        if (nodes.get(id) == NONE) {
            nodes.put(id, editor.storeUniform(id));
        }
        uses.put(id, uses.get(id) + 1);
        return nodes.get(id);
    }

    /** By one entry, which has another from now on. */
    void leave(int id) {
        if (id == 0) {
            return;
        }
        int left = uses.get(id) - 1;
        if (left > 0) {
            uses.put(id, left);
        } else {
            uses.remove(id);
            editor.retire(nodes.remove(id));
        }
    }
}
