package io.spillway.node.site;

import io.spillway.dataplane.observe.LinkQueue;
import io.spillway.dataplane.observe.TrafficCounter;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What waits for a shaped link, and what became of what did, of all threads.
 *
 * @param delayUs how long the packet that left last had waited, of the thread where it was longest;
 *     meaningful when any has left
 */
record LinkQueueTotals(
        long queuedBytes,
        int delayUs,
        long packetsSent,
        long bytesSent,
        long packetsMarked,
        long packetsDropped) {

    static LinkQueueTotals of(List<LinkQueue> queues) {
        return new LinkQueueTotals(
                sum(queues, queue -> queue.length().get()),
                queues.stream().mapToInt(queue -> queue.delayUs().get()).max().orElse(0),
                packets(queues, LinkQueue::sent),
                sum(queues, queue -> queue.sent().bytes()),
                packets(queues, LinkQueue::marked),
                packets(queues, LinkQueue::dropped));
    }

    private static long packets(
            List<LinkQueue> queues, Function<LinkQueue, TrafficCounter> counter) {
        return sum(queues, queue -> counter.apply(queue).packets());
    }

    private static long sum(List<LinkQueue> queues, ToLongFunction<LinkQueue> of) {
        return queues.stream().mapToLong(of).sum();
    }
}
