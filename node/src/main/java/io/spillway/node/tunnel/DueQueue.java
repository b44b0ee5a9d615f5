package io.spillway.node.tunnel;

import java.util.Arrays;

/**
 * Tunnels by when each next needs a look, so that those that need none cost nothing: a binary heap
 * in which every tunnel knows its place. Owned by control.
 */
final class DueQueue {
    private static final int LENGTH_FIRST = 64;
    private static final int NOWHERE = -1;

    private ManagedTunnel[] heap = new ManagedTunnel[LENGTH_FIRST];
    private int size;

    /** The one that is due first; null: there is none. */
    ManagedTunnel first() {
        return size == 0 ? null : heap[0];
    }

    /** Puts it in, or moves it. */
    void set(ManagedTunnel tunnel, long dueNs) {
        tunnel.dueNs = dueNs;
        if (tunnel.duePlace == NOWHERE) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            put(tunnel, size++);
        }
        settle(tunnel);
    }

    /** A no-op for one that is not in it. */
    void remove(ManagedTunnel tunnel) {
        int place = tunnel.duePlace;
        if (place == NOWHERE) {
            return;
        }
        tunnel.duePlace = NOWHERE;
        ManagedTunnel last = heap[--size];
        heap[size] = null;
        if (last != tunnel) {
            put(last, place);
            settle(last);
        }
    }

    private void settle(ManagedTunnel tunnel) {
        rise(tunnel);
        sink(tunnel);
    }

    private void rise(ManagedTunnel tunnel) {
        int place = tunnel.duePlace;
        while (place > 0) {
            int above = (place - 1) / 2;
            if (!isEarlier(tunnel, heap[above])) {
                break;
            }
            put(heap[above], place);
            place = above;
        }
        put(tunnel, place);
    }

    private void sink(ManagedTunnel tunnel) {
        int place = tunnel.duePlace;
        for (int below = earlierChild(place); below < size; below = earlierChild(place)) {
            if (!isEarlier(heap[below], tunnel)) {
                break;
            }
            put(heap[below], place);
            place = below;
        }
        put(tunnel, place);
    }

    /** {@code size} or more when there is no child. */
    private int earlierChild(int place) {
        int left = 2 * place + 1;
        boolean isRight = left + 1 < size && isEarlier(heap[left + 1], heap[left]);
        return isRight ? left + 1 : left;
    }

    private void put(ManagedTunnel tunnel, int place) {
        heap[place] = tunnel;
        tunnel.duePlace = place;
    }

    /** Of those due at one time the older first: so they are begun in the order of their coming. */
    private static boolean isEarlier(ManagedTunnel one, ManagedTunnel other) {
        return one.dueNs == other.dueNs
                ? one.tunnel().index() - other.tunnel().index() < 0
                : one.dueNs - other.dueNs < 0;
    }
}
