package io.spillway.dataplane.port;

import java.util.Arrays;

/**
 * First-in first-out queue of the numbers 0..capacity-1, each in it at most once; any can be taken
 * out of the middle. Flat arrays, no allocation after construction. Not thread safe.
 */
final class IndexQueue {
    static final int EMPTY = -1;

    private static final int ABSENT = -2;

    private final int[] next;
    private final int[] previous;
    private int head = EMPTY;
    private int tail = EMPTY;
    private int count;

    IndexQueue(int capacity) {
        next = new int[capacity];
        previous = new int[capacity];
        Arrays.fill(next, ABSENT);
    }

    /** Oldest, or {@link #EMPTY}. */
    int head() {
        return head;
    }

    int count() {
        return count;
    }

    boolean contains(int index) {
        return next[index] != ABSENT;
    }

    void add(int index) {
        assert !contains(index);
        next[index] = EMPTY;
        previous[index] = tail;
        if (tail == EMPTY) {
            head = index;
        } else {
            next[tail] = index;
        }
        tail = index;
        count++;
    }

    /** Does nothing if it is not in the queue. */
    void remove(int index) {
        if (!contains(index)) {
            return;
        }
        int before = previous[index];
        int after = next[index];
        if (before == EMPTY) {
            head = after;
        } else {
            next[before] = after;
        }
        if (after == EMPTY) {
            tail = before;
        } else {
            previous[after] = before;
        }
        next[index] = ABSENT;
        count--;
    }
}
