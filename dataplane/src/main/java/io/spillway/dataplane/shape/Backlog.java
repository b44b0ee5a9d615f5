package io.spillway.dataplane.shape;

/** What waits in all queues of a class. Owned by one agent. */
final class Backlog {
    private int length;
    private int slots;

    /** Bytes on the link. */
    int length() {
        return length;
    }

    /** Packet slots. */
    int slots() {
        return slots;
    }

    void add(int addedLength, int addedSlots) {
        length += addedLength;
        slots += addedSlots;
    }

    void remove(int removedLength, int removedSlots) {
        length -= removedLength;
        slots -= removedSlots;
    }
}
