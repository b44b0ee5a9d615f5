package io.spillway.dataplane.shape;

/** Queues in the order of their turns. Owned by one agent. */
final class FlowList {
    private FlowQueue first;
    private FlowQueue last;

    /** Null: empty. */
    FlowQueue first() {
        return first;
    }

    void add(FlowQueue queue) {
        queue.isListed(true);
        queue.next(null);
        if (first == null) {
            first = queue;
        } else {
            last.next(queue);
        }
        last = queue;
    }

    FlowQueue removeFirst() {
        FlowQueue removed = first;
        first = removed.next();
        removed.isListed(false);
        return removed;
    }

    /** The one with the most bytes, or {@code other} if it has as many; null: none. */
    FlowQueue longest(FlowQueue other) {
        FlowQueue longest = other;
        for (FlowQueue queue = first; queue != null; queue = queue.next()) {
            if (longest == null || queue.length() > longest.length()) {
                longest = queue;
            }
        }
        return longest;
    }
}
