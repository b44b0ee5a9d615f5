package io.spillway.node.metrics;

import io.spillway.dataplane.firewall.Decision;

/** What a rule of a firewall has decided, at a site or at a PoP. */
public final class FirewallMetrics {
    /** As answers have it, of what no rule speaks of. */
    private static final String NO_RULE = "-";

    private FirewallMetrics() {}

    public static void add(Scrape scrape, Decision decision, long flows, long blockedPackets) {
        String network = decision.network() == null ? NO_RULE : decision.network().name();
        String rule = decision.rule() == null ? NO_RULE : decision.rule().name();
        Labels labels = Labels.of("network_rule", network).with("rule", rule);
        scrape.add(Metric.FIREWALL_RULE_FLOWS_TOTAL, labels, flows);
        scrape.add(Metric.FIREWALL_RULE_BLOCKED_PACKETS_TOTAL, labels, blockedPackets);
    }
}
