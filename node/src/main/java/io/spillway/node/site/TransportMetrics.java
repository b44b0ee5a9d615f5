package io.spillway.node.site;

import io.spillway.dataplane.firewall.TransportPolicy;
import io.spillway.dataplane.forward.TransportRules;
import io.spillway.node.metrics.Labels;
import io.spillway.node.metrics.Metric;
import io.spillway.node.metrics.Scrape;

/** What the rules for what goes to other sites have decided. */
final class TransportMetrics {
    private TransportMetrics() {}

    static void add(Scrape scrape, TransportPolicy wan) {
        for (int number = 1; number <= wan.rules().size(); number++) {
            add(scrape, wan, number);
        }
    }

    private static void add(Scrape scrape, TransportPolicy wan, int number) {
        TransportRules counts = wan.transports();
        Labels labels = Labels.of("rule", wan.rules().get(number - 1).name());
        scrape.add(Metric.TRANSPORT_RULE_FLOWS_TOTAL, labels, wan.flows(number));
        scrape.add(
                Metric.TRANSPORT_RULE_PACKETS_TOTAL,
                labels.with("choice", "first"),
                counts.byFirst(number));
        scrape.add(
                Metric.TRANSPORT_RULE_PACKETS_TOTAL,
                labels.with("choice", "secondary"),
                counts.bySecondary(number));
        scrape.add(Metric.TRANSPORT_RULE_DROPPED_PACKETS_TOTAL, labels, counts.refused(number));
    }
}
