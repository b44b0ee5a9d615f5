package io.spillway.node.metrics;

import java.util.List;
import java.util.Locale;

/**
 * Every figure that a daemon tells, by the name under which it is asked for: {@code
 * spillway_tunnel_up} is {@link #TUNNEL_UP}. What the name ends in says what it is: {@code _total}
 * only grows until the daemon starts anew, {@code _info} is always 1, and anything else is what it
 * is at the moment. {@code docs/metrics.md} has the same list.
 *
 * <p>A figure that is not known has no sample: never 0.
 */
public enum Metric {
    // Both daemons.
    BUILD_INFO("What runs here.", "version", "cipher", "loop"),
    UPTIME_SECONDS("How long the daemon has run."),
    DROPPED_PACKETS_TOTAL("Packets that died, by reason.", "reason", "where"),
    POSTPONED_READS_TOTAL("Reads from devices that waited for packet memory."),
    CONTROL_EVENTS_LOST_TOTAL("News from the data plane that control did not get."),
    COMMANDS_REFUSED_TOTAL("Commands of control that the data plane had no room for."),
    POOL_SLOTS("Packet buffers."),
    POOL_FREE_SLOTS("Packet buffers that nobody uses."),
    TUNNEL_UP("Whether the far end answers.", By.TUNNEL),
    TUNNEL_ROUND_TRIP_SECONDS("Smoothed round trip of probes.", By.TUNNEL),
    TUNNEL_JITTER_SECONDS("How much round trips differ.", By.TUNNEL),
    TUNNEL_LOSS_RATIO("Share of probes without an answer.", By.TUNNEL),
    TUNNEL_MTU_BYTES("Largest packet of a host that it carries.", By.TUNNEL),
    TUNNEL_SENT_PACKETS_TOTAL("Packets of hosts sent.", By.TUNNEL),
    TUNNEL_SENT_BYTES_TOTAL("Bytes of these packets.", By.TUNNEL),
    TUNNEL_RECEIVED_PACKETS_TOTAL("Packets of hosts received.", By.TUNNEL),
    TUNNEL_RECEIVED_BYTES_TOTAL("Bytes of these packets.", By.TUNNEL),
    CERTIFICATE_EXPIRY_TIMESTAMP_SECONDS("When our own certificate ends."),
    AUTHORITY_EXPIRY_TIMESTAMP_SECONDS("When an authority ends that we trust.", "authority"),
    PEER_CERTIFICATE_EXPIRY_TIMESTAMP_SECONDS(
            "When the certificate ends that a site shows.", "peer"),
    FIREWALL_RULE_FLOWS_TOTAL("Flows that the rule decided.", By.RULE),
    FIREWALL_RULE_BLOCKED_PACKETS_TOTAL("Packets that the rule blocked.", By.RULE),

    // A site.
    RECOVERY_STATE("Best transport of the site: 1 for the one that holds.", "state"),
    RECOVERY_IN_USE("Whether traffic of any peer goes by recovery."),
    CLOUD_UP("Whether a tunnel to the PoP lives."),
    CHANNEL_UP("Whether the control channel to the PoP stands."),
    INTERNET_STATE("How traffic to the Internet leaves: 1 for the one that holds.", "state"),
    LINK_UP("Whether the kernel says that the device is usable.", "link"),
    LINK_CLOUD_UP("Whether a tunnel to the PoP lives over the link.", "link"),
    LINK_SHAPED_BYTES_PER_SECOND("What the link is shaped to.", "link"),
    LINK_QUEUED_BYTES("Bytes that wait for the link.", "link"),
    LINK_QUEUE_DELAY_SECONDS("How long the packet that left last had waited.", "link"),
    LINK_SENT_PACKETS_TOTAL("Packets that left by the queue of a shaped link.", "link"),
    LINK_SENT_BYTES_TOTAL("Bytes of these packets.", "link"),
    LINK_MARKED_PACKETS_TOTAL("Packets marked because they waited (ECN).", "link"),
    LINK_DROPPED_PACKETS_TOTAL("Packets dropped because they or too many waited.", "link"),
    READINESS_STATE("Readiness of the site: 1 for the one that holds.", "transport", "state"),
    READINESS_CONNECTED_SITES("Sites that recovery would reach now.", "transport"),
    READINESS_EXPECTED_SITES("Sites that it should reach.", "transport"),
    LINK_READINESS_STATE("Readiness of the link: 1 for the one that holds.", "link", "state"),
    LINK_READINESS_CONNECTED_SITES("Sites that recovery would reach over the link.", "link"),
    LINK_READINESS_EXPECTED_SITES("Sites that it should reach over the link.", "link"),
    PEER_READY("Whether recovery would reach the site.", "peer"),
    PEER_FAULT("What keeps it from that, the most urgent.", "peer", "reason", "side"),
    PEER_TRANSPORT("What carries packets to the site: 1 for the one that does.", By.TRANSPORT),
    PEER_ATTACHED("Whether the PoP says that the site is there.", "peer"),
    PEER_TUNNELS("Tunnels to the site, those that do not live too.", "peer"),
    PEER_TUNNELS_UP("Those of them whose far end answers.", "peer"),
    TRANSPORT_RULE_FLOWS_TOTAL("Flows to other sites that the rule decided.", "rule"),
    TRANSPORT_RULE_PACKETS_TOTAL("Packets that went as the rule says.", "rule", "choice"),
    TRANSPORT_RULE_DROPPED_PACKETS_TOTAL("Packets that the rule left no way.", "rule"),

    // A PoP.
    POP_STATE_COMPLETE("Whether every expected site has told its routes."),
    POP_DRAINING("Whether the sites here are to go elsewhere."),
    POP_SITE_ATTACHED("Whether the site has a living tunnel, here or at another node.", "site"),
    POP_SITE_CHANNEL_UP("Whether its control channel ends here.", "site"),
    POP_SITE_TUNNELS("Its tunnels that end here.", "site"),
    POP_SITE_PREFIXES("Routes that it told.", "site"),
    POP_SITE_HEARD_BY_SITES("Of a site that is not attached: who hears it still.", "site"),
    POP_SITE_READINESS_STATE("What the site said last: 1 for that.", "site", "state"),
    POP_SITE_READINESS_CONNECTED_SITES("Sites that it would reach, as it said.", "site"),
    POP_SITE_READINESS_EXPECTED_SITES("Sites that it should reach, as it said.", "site"),
    POP_SITE_READINESS_REPORT_TIMESTAMP_SECONDS("When it said so.", "site"),
    POP_NODE_TUNNEL_UP("Whether a tunnel to that other node lives.", "node"),
    POP_NODE_CHANNEL_UP("Whether a channel to it stands.", "node");

    /** Labels that several have. */
    private static final class By {
        static final String[] TUNNEL = {"peer", "link", "transport", "tunnel"};
        static final String[] RULE = {"network_rule", "rule"};
        static final String[] TRANSPORT = {"peer", "transport"};
    }

    /** As OpenMetrics calls it, and the format before it. */
    enum Kind {
        GAUGE("gauge", "gauge", ""),
        COUNTER("counter", "counter", "_total"),
        INFO("info", "gauge", "_info");

        final String openMetrics;
        final String before;

        /** Of names, which the family's name lacks. */
        final String suffix;

        Kind(String openMetrics, String before, String suffix) {
            this.openMetrics = openMetrics;
            this.before = before;
            this.suffix = suffix;
        }

        private static Kind of(String name) {
            return name.endsWith(COUNTER.suffix)
                    ? COUNTER
                    : name.endsWith(INFO.suffix) ? INFO : GAUGE;
        }
    }

    private static final List<String> UNITS = List.of("seconds", "bytes", "ratio");

    private final String sampleName;
    private final Kind kind;
    private final String help;
    private final List<String> labels;

    Metric(String help, String... labels) {
        sampleName = "spillway_" + name().toLowerCase(Locale.ROOT);
        kind = Kind.of(sampleName);
        this.help = help;
        this.labels = List.of(labels);
    }

    /** By which it is asked for. */
    public String sampleName() {
        return sampleName;
    }

    Kind kind() {
        return kind;
    }

    String help() {
        return help;
    }

    /** Beside those that all figures of a daemon have. */
    public List<String> labels() {
        return labels;
    }

    /** In OpenMetrics, which leaves out what the kind says. */
    String family() {
        return sampleName.substring(0, sampleName.length() - kind.suffix.length());
    }

    /** Empty: a count, or nothing that has one. */
    String unit() {
        return UNITS.stream().filter(unit -> family().endsWith("_" + unit)).findFirst().orElse("");
    }
}
