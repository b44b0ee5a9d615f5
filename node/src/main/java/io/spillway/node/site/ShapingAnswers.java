package io.spillway.node.site;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.observe.LinkQueue;
import io.spillway.node.SiteConfig;
import java.util.List;
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
        LinkQueueTotals totals = LinkQueueTotals.of(queues);
        node.put("link", link.name());
        node.put("upKbit", link.shapedTo() / BITS_PER_KBIT);
        node.put("queuedBytes", totals.queuedBytes());
        node.put("delayMs", totals.delayUs() / US_PER_MS);
        node.put("packetsSent", totals.packetsSent());
        node.put("bytesSent", totals.bytesSent());
        node.put("packetsMarked", totals.packetsMarked());
        node.put("packetsDropped", totals.packetsDropped());
    }
}
