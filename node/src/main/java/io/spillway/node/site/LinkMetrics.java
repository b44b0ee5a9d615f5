package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.readiness.LinkStatus;
import io.spillway.dataplane.observe.LinkQueue;
import io.spillway.node.SiteConfig;
import io.spillway.node.metrics.Labels;
import io.spillway.node.metrics.Metric;
import io.spillway.node.metrics.Scrape;
import java.util.List;
import java.util.Map;

/** The figures of WAN links, and of the queues of those with a bandwidth. */
final class LinkMetrics {
    private static final double US_PER_S = 1e6;
    private static final double BITS_PER_BYTE = 8;

    private LinkMetrics() {}

    /**
     * @param isCloudKnown it is decided whether there is a cloud
     */
    static void add(Scrape scrape, Link link, LinkStatus status, boolean isCloudKnown) {
        Labels labels = labels(link.name());
        scrape.add(Metric.LINK_UP, labels, status.isUp());
        if (!link.isAltWan() && isCloudKnown) {
            scrape.add(Metric.LINK_CLOUD_UP, labels, status.popReplyNs().isPresent());
        }
    }

    /**
     * @param queues by link, of those that are shaped
     */
    static void addShaping(
            Scrape scrape, List<SiteConfig.Link> links, Map<String, List<LinkQueue>> queues) {
        for (SiteConfig.Link link : links) {
            List<LinkQueue> own = queues.get(link.name());
            if (own != null) {
                Labels labels = labels(link.name());
                double rate = link.shapedTo() / BITS_PER_BYTE;
                scrape.add(Metric.LINK_SHAPED_BYTES_PER_SECOND, labels, rate);
                addQueue(scrape, labels, LinkQueueTotals.of(own));
            }
        }
    }

    private static void addQueue(Scrape scrape, Labels labels, LinkQueueTotals totals) {
        scrape.add(Metric.LINK_QUEUED_BYTES, labels, totals.queuedBytes());
        if (totals.packetsSent() > 0) {
            scrape.add(Metric.LINK_QUEUE_DELAY_SECONDS, labels, totals.delayUs() / US_PER_S);
        }
        scrape.add(Metric.LINK_SENT_PACKETS_TOTAL, labels, totals.packetsSent());
        scrape.add(Metric.LINK_SENT_BYTES_TOTAL, labels, totals.bytesSent());
        scrape.add(Metric.LINK_MARKED_PACKETS_TOTAL, labels, totals.packetsMarked());
        scrape.add(Metric.LINK_DROPPED_PACKETS_TOTAL, labels, totals.packetsDropped());
    }

    private static Labels labels(String link) {
        return Labels.of("link", link);
    }
}
