package io.spillway.node.site;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.observe.LinkQueue;
import io.spillway.dataplane.observe.TrafficCounter;
import io.spillway.node.SiteConfig;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How the queues of links with a bandwidth are shown; nothing where no link has one. */
final class ShapingAnswers {
    private static final double US_PER_MS = 1000;
    private static final long BITS_PER_KBIT = 1000;

    private ShapingAnswers() {}

    static void describe(ObjectNode answer, DataPlane dataPlane, List<SiteConfig.Link> links) {
        if (dataPlane.linkQueues().isEmpty()) {
            return;
        }
        ArrayNode list = answer.putArray("shaping");
        for (SiteConfig.Link link : links) {
            List<LinkQueue> queues = dataPlane.linkQueues().get(link.name());
            if (queues != null) {
                describe(list.addObject(), link, queues);
            }
        }
    }

    private static void describe(ObjectNode node, SiteConfig.Link link, List<LinkQueue> queues) {
        node.put("link", link.name());
        node.put("upKbit", link.shapedTo() / BITS_PER_KBIT);
        node.put("queuedBytes", sum(queues, queue -> queue.length().get()));
        int delayUs = queues.stream().mapToInt(queue -> queue.delayUs().get()).max().orElse(0);
        node.put("delayMs", delayUs / US_PER_MS);
        node.put("packetsSent", packets(queues, LinkQueue::sent));
        node.put("bytesSent", sum(queues, queue -> queue.sent().bytes()));
        node.put("packetsMarked", packets(queues, LinkQueue::marked));
        node.put("packetsDropped", packets(queues, LinkQueue::dropped));
    }

    private static long packets(
            List<LinkQueue> queues, Function<LinkQueue, TrafficCounter> counter) {
        return sum(queues, queue -> counter.apply(queue).packets());
    }

    private static long sum(List<LinkQueue> queues, ToLongFunction<LinkQueue> of) {
        return queues.stream().mapToLong(of).sum();
    }
}
