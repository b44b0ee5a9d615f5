package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.node.ExplainAnswers;
import io.spillway.node.SiteConfig;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code spillway explain} is told at a site. On control's thread. */
final class SiteExplain implements ExplainAnswers.Names {
    private static final String HOST = "host";
    private static final String CLOUD = "cloud";

    private final SiteControl control;
    private final List<String> lans;
    private final boolean hasHostPort;

    SiteExplain(SiteConfig config, SiteControl control) {
        this(
                control,
                config.lan().stream()
                        .flatMap(port -> port.networks().stream())
                        .map(SiteConfig.Network::name)
                        .toList(),
                config.hostPort().enabled());
    }

    /**
     * @param lans names of the networks by index, in the order of the configuration
     */
    SiteExplain(SiteControl control, List<String> lans, boolean hasHostPort) {
        this.control = control;
        this.lans = lans;
        this.hasHostPort = hasHostPort;
    }

    ObjectNode answer(JsonNode request) {
        return ExplainAnswers.answer(request, control.forwarding().last(), control.rib(), this);
    }

    @Override
    public Tunnel ingress(String name) {
        if (name.equals(HOST) || lans.contains(name)) {
            return null;
        }
        Stream<ManagedTunnel> tunnels =
                name.equals(CLOUD)
                        ? control.tunnels().bestPopTunnels().stream()
                        : control.directory().peers().stream()
                                .filter(peer -> peer.site().name().equals(name))
                                .flatMap(it -> control.tunnels().toPeer(it.siteId()).stream());
        return tunnels.findFirst()
                .map(ManagedTunnel::tunnel)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        name
                                                + ": expected one of "
                                                + String.join(", ", lans)
                                                + ", host, cloud, or a site with a tunnel"));
    }

    @Override
    public boolean hasHostPort() {
        return hasHostPort;
    }

    @Override
    public String site(long siteId) {
        Peer peer = control.directory().peer(siteId);
        String id = Long.toUnsignedString(siteId);
        return peer == null ? id : id + " (" + peer.site().name() + ")";
    }

    @Override
    public String transport(long siteId) {
        return control.machine().transportOf(siteId).name();
    }

    @Override
    public String lan(int index) {
        return lans.get(index);
    }

    @Override
    public String way(Tunnel tunnel) {
        String whose = tunnel.isToPop() ? control.channel().popName() : site(tunnel.siteId());
        return whose + " " + control.tunnels().describeWay(tunnel.link(), tunnel.remote());
    }
}
