package io.spillway.node.pop;

import io.spillway.dataplane.forward.Tunnel;
import io.spillway.node.ExplainAnswers;
import io.spillway.node.channel.EndpointText;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code spillway explain} is told at a PoP. On control's thread. */
final class PopExplain implements ExplainAnswers.Names {
    private static final List<String> OF_SITES = List.of("proto", "state", "vlan");

    private final PopControl control;

    PopExplain(PopControl control) {
        this.control = control;
    }

    ObjectNode answer(JsonNode request) {
        for (String option : OF_SITES) {
            if (request.has(option)) {
                return ExplainAnswers.refusal("--" + option + ": expected at a site only");
            }
        }
        return ExplainAnswers.answer(request, control.forwarding().last(), control.rib(), this);
    }

    @Override
    public Tunnel ingress(String name) {
        Optional<ManagedTunnel> ofSite =
                control.sites().stream()
                        .filter(site -> site.name().equals(name))
                        .flatMap(site -> site.tunnels().stream())
                        .findFirst();
        return ofSite.or(() -> ofNode(name))
                .map(ManagedTunnel::tunnel)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        name + ": expected a site or node with a tunnel"));
    }

    private Optional<ManagedTunnel> ofNode(String name) {
        return control.mesh().nodes().stream()
                .filter(node -> node.name().equals(name))
                .map(PeerNode::tunnel)
                .findFirst();
    }

    @Override
    public boolean hasHostPort() {
        return false;
    }

    @Override
    public String site(long siteId) {
        return control.sites().stream()
                .filter(site -> site.id() == siteId)
                .map(site -> Long.toUnsignedString(siteId) + " (" + site.name() + ")")
                .findFirst()
                .orElse(Long.toUnsignedString(siteId));
    }

    @Override
    public String transport(long siteId) {
        return control.sites().stream()
                .filter(site -> site.id() == siteId && site.away() != null)
                .map(site -> "node " + site.away().name())
                .findFirst()
                .orElse("attached here, or nowhere");
    }

    /** A PoP has none. */
    @Override
    public String lan(int index) {
        return Integer.toString(index);
    }

    @Override
    public String way(Tunnel tunnel) {
        return (tunnel.isToPop() ? "node" : "site " + site(tunnel.siteId()))
                + " at "
                + EndpointText.of(tunnel.remote());
    }
}
