package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spillway.dataplane.observe.LinkQueue;
import io.spillway.node.Bandwidth;
import io.spillway.node.SiteConfig;
import io.spillway.node.metrics.Figures;
import io.spillway.node.metrics.Labels;
import io.spillway.node.metrics.Scrape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Queues of links that are shaped, of each thread one. */
class LinkMetricsTest {
    private static final String LTE = "{link=\"lte\"}";
    private final LinkQueue one = new LinkQueue();
    private final LinkQueue other = new LinkQueue();

    @Test
    void shouldAddUpTheQueuesOfALink() {
        one.length().set(3000);
        one.delayUs().set(200);
        one.sent().count(3, 300);
        one.dropped().count(1, 100);
        other.length().set(500);
        other.delayUs().set(1500);
        other.sent().count(1, 50);
        other.marked().count(2, 90);

        Figures figures = told();

        assertEquals(2_500_000, figures.value("link_shaped_bytes_per_second" + LTE));
        assertEquals(3500, figures.value("link_queued_bytes" + LTE));
        assertEquals(0.0015, figures.value("link_queue_delay_seconds" + LTE));
        assertEquals(4, figures.value("link_sent_packets_total" + LTE));
        assertEquals(350, figures.value("link_sent_bytes_total" + LTE));
        assertEquals(2, figures.value("link_marked_packets_total" + LTE));
        assertEquals(1, figures.value("link_dropped_packets_total" + LTE));
        assertNull(figures.value("link_queued_bytes{link=\"fibre\"}"), "it is not shaped");
    }

    @Test
    void shouldNotTellHowLongNothingHasWaited() {
        assertNull(told().value("link_queue_delay_seconds" + LTE));
    }

    private Figures told() {
        Scrape scrape = new Scrape(Labels.of("site", "berlin"));
        var shaped = new SiteConfig.LinkBandwidth(new Bandwidth(20_000_000));
        LinkMetrics.addShaping(
                scrape,
                List.of(link("fibre", null), link("lte", shaped)),
                Map.of("lte", List.of(one, other)));
        return Figures.of(scrape);
    }

    private static SiteConfig.Link link(String name, SiteConfig.LinkBandwidth bandwidth) {
        return new SiteConfig.Link(
                name,
                "internet",
                name,
                null,
                20060,
                1,
                0,
                bandwidth,
                new SiteConfig.OffCloud(null, null, 0));
    }
}
