package io.spillway.node.pop;

import io.spillway.control.readiness.Readiness;
import io.spillway.control.readiness.ReadinessMessages;
import io.spillway.control.recovery.Transport;
import io.spillway.control.wire.ReadinessReport;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.node.ControlAgent;
import io.spillway.node.channel.EndpointText;
import io.spillway.node.metrics.Labels;
import io.spillway.node.metrics.Metric;
import io.spillway.node.metrics.NodeMetrics;
import io.spillway.node.metrics.PeerLabels;
import io.spillway.node.metrics.ReadinessMetrics;
import io.spillway.node.metrics.Scrape;
import io.spillway.node.metrics.TunnelMetrics;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A PoP's figures, from where {@link PopAnswers} has its answers. */
final class PopMetrics {
    private static final double MS_PER_S = 1e3;

    private final NodeMetrics node;
    private final PopControl control;
    private final DataPlane dataPlane;
    private final PopFirewall firewall;

    PopMetrics(NodeMetrics node, PopControl control, DataPlane dataPlane, PopFirewall firewall) {
        this.node = node;
        this.control = control;
        this.dataPlane = dataPlane;
        this.firewall = firewall;
    }

    /** On a thread that may wait. */
    Scrape gather(ControlAgent agent) {
        Scrape scrape = agent.ask(this::ofControl);
        firewall.addTo(scrape);
        return scrape;
    }

    /** On the control thread. */
    Scrape ofControl() {
        Scrape scrape = node.begin();
        List<AttachedSite> sites = List.copyOf(control.sites());
        PeerLabels names =
                new PeerLabels(
                        sites.stream()
                                .collect(Collectors.toMap(AttachedSite::id, AttachedSite::name)));
        scrape.add(Metric.POP_STATE_COMPLETE, control.isComplete());
        scrape.add(Metric.POP_DRAINING, control.isDraining());
        Map<Long, List<AttachedSite>> hearers = control.readiness().hearers(sites);
        sites.forEach(site -> addSite(scrape, site, names.of(site.id()), hearers));
        control.mesh().nodes().forEach(other -> addNode(scrape, other));
        control.keeper().tunnels().forEach(tunnel -> addTunnel(scrape, tunnel, names));
        return scrape;
    }

    private void addSite(
            Scrape scrape, AttachedSite site, String name, Map<Long, List<AttachedSite>> hearers) {
        Labels labels = Labels.of("site", name);
        scrape.add(Metric.POP_SITE_ATTACHED, labels, site.isAttached());
        scrape.add(Metric.POP_SITE_CHANNEL_UP, labels, site.connection() != null);
        scrape.add(Metric.POP_SITE_TUNNELS, labels, site.tunnels().size());
        if (site.prefixes() != null) {
            scrape.add(Metric.POP_SITE_PREFIXES, labels, site.prefixes().size());
        }
        if (!site.isAttached()) {
            List<AttachedSite> heardBy = hearers.getOrDefault(site.id(), List.of());
            scrape.add(Metric.POP_SITE_HEARD_BY_SITES, labels, heardBy.size());
        }
        addReport(scrape, labels, control.readiness().report(site));
        NodeMetrics.addPeer(scrape, name, site.holder());
    }

    private static void addReport(Scrape scrape, Labels labels, ReadinessReport report) {
        Readiness said = report == null ? null : ReadinessMessages.read(report.getSite());
        if (said != null) {
            ReadinessMetrics.AT_POP.add(scrape, labels, said);
            double time = report.getTimeMs() / MS_PER_S;
            scrape.add(Metric.POP_SITE_READINESS_REPORT_TIMESTAMP_SECONDS, labels, time);
        }
    }

    private static void addNode(Scrape scrape, PeerNode other) {
        Labels labels = Labels.of("node", other.name());
        scrape.add(Metric.POP_NODE_TUNNEL_UP, labels, other.isTunnelAlive());
        scrape.add(Metric.POP_NODE_CHANNEL_UP, labels, other.connection() != null);
    }

    private void addTunnel(Scrape scrape, ManagedTunnel managed, PeerLabels names) {
        var tunnel = managed.tunnel();
        String peer = tunnel.isToPop() ? nodeOf(managed) : names.of(tunnel.siteId());
        Labels labels =
                Labels.of("peer", peer)
                        .with("link", dataPlane.links().get(tunnel.link()).name())
                        .with("transport", Transport.CLOUD.name())
                        .with("tunnel", EndpointText.of(tunnel.remote()));
        TunnelMetrics.add(scrape, labels, managed, control.nowNs());
    }

    private String nodeOf(ManagedTunnel tunnel) {
        return control.mesh().nodes().stream()
                .filter(other -> other.tunnel() == tunnel)
                .map(PeerNode::name)
                .findFirst()
                .orElse("");
    }
}
