package io.spillway.dataplane.shape;

import io.spillway.dataplane.buffer.PacketBuffer;

/**
 * One class of a link: a queue for each flow, served in turn by bytes, those that were empty a
 * moment ago first (RFC 8290 §4).
 *
 * <p>Owned by one agent.
 */
final class FairQueue {
    private static final int QUEUE_COUNT = 256;
    private static final int QUANTUM = 1514;

    private final Backlog backlog = new Backlog();
    private final FlowQueue[] queues = new FlowQueue[QUEUE_COUNT];
    private final FlowList newQueues = new FlowList();
    private final FlowList oldQueues = new FlowList();
    private final Pace share;
    private final QueueFront front;

    /**
     * @param share what is its own of the link
     * @param targetNs of CoDel
     * @param front of whichever queue
     */
    FairQueue(Pace share, long targetNs, QueueFront front) {
        this.share = share;
        this.front = front;
        for (int i = 0; i < QUEUE_COUNT; i++) {
            queues[i] = new FlowQueue(backlog, new CoDel(targetNs));
        }
    }

    Backlog backlog() {
        return backlog;
    }

    boolean isEmpty() {
        return backlog.length() == 0;
    }

    /** Whether it has sent no more than its share. */
    boolean isWithinShare(long nowNs) {
        return share.freeNs() - nowNs <= 0;
    }

    /** So many bytes of its own left. */
    void spend(int length, long nowNs) {
        share.spend(length, nowNs);
    }

    /** Takes the packet. */
    void offer(PacketBuffer packet, int flowHash) {
        FlowQueue queue = queues[flowHash & QUEUE_COUNT - 1];
        queue.add(packet);
        if (!queue.isListed()) {
            queue.deficit(QUANTUM);
            newQueues.add(queue);
        }
    }

    /** The next packet, or as many of a super-frame as may leave at once; null: empty. */
    PacketBuffer poll(long nowNs) {
        while (true) {
            boolean isNew = newQueues.first() != null;
            FlowList list = isNew ? newQueues : oldQueues;
            FlowQueue queue = list.first();
            if (queue == null) {
                return null;
            }
            if (queue.deficit() <= 0) {
                queue.deficit(queue.deficit() + QUANTUM);
                oldQueues.add(list.removeFirst());
                continue;
            }
            PacketBuffer packet = front.take(queue, nowNs);
            if (packet != null) {
                queue.deficit(queue.deficit() - WireLength.of(packet));
                return packet;
            }
            list.removeFirst();
            if (isNew && oldQueues.first() != null) {
                oldQueues.add(queue); // else it would be new again with its next packet
            }
        }
    }

    /** The queue with the most bytes, or {@code other} if it has as many; null: none. */
    FlowQueue longest(FlowQueue other) {
        return oldQueues.longest(newQueues.longest(other));
    }
}
