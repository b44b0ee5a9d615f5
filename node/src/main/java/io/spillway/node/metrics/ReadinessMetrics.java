package io.spillway.node.metrics;

import io.spillway.control.readiness.Readiness;

/**
 * The three figures of one readiness.
 *
 * @param state by label {@code state}
 */
public record ReadinessMetrics(Metric state, Metric connected, Metric expected) {
    public static final ReadinessMetrics OF_SITE =
            new ReadinessMetrics(
                    Metric.READINESS_STATE,
                    Metric.READINESS_CONNECTED_SITES,
                    Metric.READINESS_EXPECTED_SITES);
    public static final ReadinessMetrics OF_LINK =
            new ReadinessMetrics(
                    Metric.LINK_READINESS_STATE,
                    Metric.LINK_READINESS_CONNECTED_SITES,
                    Metric.LINK_READINESS_EXPECTED_SITES);

    /** As a site told its PoP. */
    public static final ReadinessMetrics AT_POP =
            new ReadinessMetrics(
                    Metric.POP_SITE_READINESS_STATE,
                    Metric.POP_SITE_READINESS_CONNECTED_SITES,
                    Metric.POP_SITE_READINESS_EXPECTED_SITES);

    /** Counts are none where there is nothing to measure. */
    public void add(Scrape scrape, Labels labels, Readiness readiness) {
        scrape.addState(state, labels, "state", readiness.status());
        if (readiness.isMeasured()) {
            scrape.add(connected, labels, readiness.connected());
            scrape.add(expected, labels, readiness.expected());
        }
    }
}
