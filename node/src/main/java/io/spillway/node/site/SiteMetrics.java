package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.Peer;
import io.spillway.control.readiness.LinkStatus;
import io.spillway.control.readiness.PeerReadiness;
import io.spillway.control.readiness.SiteReadiness;
import io.spillway.control.recovery.RecoveryMachine;
import io.spillway.control.recovery.RecoveryState;
import io.spillway.control.recovery.Transport;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.node.ControlAgent;
import io.spillway.node.SiteConfig;
import io.spillway.node.channel.EndpointText;
import io.spillway.node.metrics.Labels;
import io.spillway.node.metrics.Metric;
import io.spillway.node.metrics.NodeMetrics;
import io.spillway.node.metrics.PeerLabels;
import io.spillway.node.metrics.ReadinessMetrics;
import io.spillway.node.metrics.Scrape;
import io.spillway.node.metrics.TunnelMetrics;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A site's figures, from where {@link SiteAnswers} has its answers. They are gathered on the
 * control thread, which writes none: of many tunnels that takes long.
 */
final class SiteMetrics {
    private final NodeMetrics node;
    private final SiteControl control;
    private final DataPlane dataPlane;
    private final SiteFirewall firewall;
    private final List<SiteConfig.Link> links;

    SiteMetrics(
            NodeMetrics node,
            SiteControl control,
            DataPlane dataPlane,
            SiteFirewall firewall,
            List<SiteConfig.Link> links) {
        this.node = node;
        this.control = control;
        this.dataPlane = dataPlane;
        this.firewall = firewall;
        this.links = List.copyOf(links);
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
        PeerLabels names =
                new PeerLabels(
                        control.directory().peers().stream()
                                .collect(
                                        Collectors.toMap(
                                                Peer::siteId, peer -> peer.site().name())));
        addState(scrape);
        addLinks(scrape);
        addTunnels(scrape, names);
        addPeers(scrape, names);
        if (control.directory().generation() != 0) {
            addReadiness(scrape, control.proving().assess(), names);
        }
        return scrape;
    }

    private void addState(Scrape scrape) {
        RecoveryMachine machine = control.machine();
        scrape.addState(Metric.RECOVERY_STATE, Labels.NONE, "state", machine.state());
        scrape.add(Metric.RECOVERY_IN_USE, machine.isRecoveryInUse());
        if (isCloudKnown()) {
            scrape.add(Metric.CLOUD_UP, control.isCloudAlive());
        }
        scrape.add(Metric.CHANNEL_UP, control.channel().isOpen());
        if (control.internet().isUsed()) {
            scrape.addState(
                    Metric.INTERNET_STATE,
                    Labels.NONE,
                    "state",
                    control.internet().machine().state());
        }
    }

    /** While a site starts, a tunnel that does not live yet is none that was lost. */
    private boolean isCloudKnown() {
        return control.isCloudAlive() || control.machine().state() != RecoveryState.START;
    }

    private void addLinks(Scrape scrape) {
        List<Link> own = control.setup().own().links();
        for (LinkStatus status : control.proving().watch().links()) {
            LinkMetrics.add(scrape, own.get(status.index()), status, isCloudKnown());
        }
        LinkMetrics.addShaping(scrape, links, dataPlane.linkQueues());
    }

    private void addTunnels(Scrape scrape, PeerLabels names) {
        for (ManagedTunnel tunnel : control.tunnels().toPop()) {
            boolean isMet = tunnel.peer() != null;
            String peer = isMet ? tunnel.peer().name() : control.channel().popName();
            addTunnel(scrape, peer, Transport.CLOUD, tunnel);
        }
        control.tunnels()
                .toPeers()
                .forEach(
                        (key, tunnel) ->
                                addTunnel(
                                        scrape,
                                        names.of(key.siteId()),
                                        control.tunnels().transportOf(key),
                                        tunnel));
    }

    private void addTunnel(Scrape scrape, String peer, Transport transport, ManagedTunnel managed) {
        Tunnel tunnel = managed.tunnel();
        Labels labels =
                Labels.of("peer", peer)
                        .with("link", control.setup().linkName(tunnel.link()))
                        .with("transport", transport.name())
                        .with("tunnel", farEnd(tunnel));
        TunnelMetrics.add(scrape, labels, managed, control.nowNs());
    }

    private String farEnd(Tunnel tunnel) {
        return tunnel.link() == control.tunnels().relayLink()
                ? control.tunnels().describeWay(tunnel.link(), tunnel.remote())
                : EndpointText.of(tunnel.remote());
    }

    private void addPeers(Scrape scrape, PeerLabels names) {
        for (RecoveryMachine.PeerView view : control.machine().peers()) {
            Labels labels = Labels.of("peer", names.of(view.siteId()));
            scrape.addState(Metric.PEER_TRANSPORT, labels, "transport", view.transport());
            Peer peer = control.directory().peer(view.siteId());
            if (peer != null && control.channel().isOpen()) {
                scrape.add(Metric.PEER_ATTACHED, labels, peer.site().attached());
            }
            Collection<ManagedTunnel> tunnels = control.tunnels().toPeer(view.siteId());
            scrape.add(Metric.PEER_TUNNELS, labels, tunnels.size());
            long up = tunnels.stream().filter(ManagedTunnel::isAlive).count();
            scrape.add(Metric.PEER_TUNNELS_UP, labels, up);
        }
        control.tunnels()
                .peersAlive()
                .forEach(peer -> NodeMetrics.addPeer(scrape, names.of(peer.siteId()), peer));
    }

    private void addReadiness(Scrape scrape, SiteReadiness assessed, PeerLabels names) {
        Labels recovery = Labels.of("transport", Transport.RECOVERY.name());
        ReadinessMetrics.OF_SITE.add(scrape, recovery, assessed.site());
        if (assessed.altWan() != null) {
            Labels altWan = Labels.of("transport", Transport.ALT_WAN.name());
            ReadinessMetrics.OF_SITE.add(scrape, altWan, assessed.altWan());
        }
        for (Link link : control.setup().own().links()) {
            Labels labels = Labels.of("link", link.name());
            ReadinessMetrics.OF_LINK.add(scrape, labels, assessed.links().get(link.index()));
        }
        assessed.peers().stream()
                .filter(PeerReadiness::isExpected)
                .forEach(peer -> addPeer(scrape, peer, names.of(peer.siteId())));
    }

    private static void addPeer(Scrape scrape, PeerReadiness peer, String name) {
        Labels labels = Labels.of("peer", name);
        scrape.add(Metric.PEER_READY, labels, peer.isConnected());
        if (!peer.faults().isEmpty()) {
            var first = peer.faults().getFirst();
            Labels fault =
                    labels.with("reason", first.code().name()).with("side", first.side().name());
            scrape.add(Metric.PEER_FAULT, fault, 1);
        }
    }
}
