package io.spillway.node.pop;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.path.Rehearsal;
import io.spillway.node.ExplainAnswers;
import io.spillway.node.channel.EndpointText;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a packet that is asked about may come in and go out at a PoP, by name. On control's thread.
 */
final class PopDoors implements ExplainAnswers.Names {
    /** Our own kernel, by which the Internet answers. */
    static final String INTERNET = "internet";

    private static final String EXPECTED = "expected a site or node with a tunnel";

    private final PopControl control;

    PopDoors(PopControl control) {
        this.control = control;
    }

    @Override
    public Tunnel ingress(String name) {
        if (name.equals(INTERNET)) {
            throw new IllegalArgumentException(name + ": expected with --proto");
        }
        return ofSites(name)
                .or(() -> ofNode(name))
                .map(ManagedTunnel::tunnel)
                .orElseThrow(() -> new IllegalArgumentException(name + ": " + EXPECTED));
    }

    private Optional<ManagedTunnel> ofSites(String name) {
        return control.sites().stream()
                .filter(site -> site.name().equals(name))
                .flatMap(site -> site.tunnels().stream())
                .findFirst();
    }

    private Optional<ManagedTunnel> ofNode(String name) {
        return control.mesh().nodes().stream()
                .filter(node -> node.name().equals(name))
                .map(PeerNode::tunnel)
                .findFirst();
    }

    /**
     * By which a packet comes from the site that has this address.
     *
     * @throws IllegalArgumentException when there is none
     */
    Tunnel ofSource(IpAddress source, Forwarding now) {
        Fib fib = now.fib();
        int route =
                source.isIpv4()
                        ? fib.lookup4(source.toIpv4())
                        : fib.lookup6(source.high(), source.low());
        NextHop hop = route == Fib.NO_ROUTE ? null : fib.nextHop(route);
        boolean isOfSite = hop != null && hop.kind() == NextHop.Kind.SITE;
        long siteId = isOfSite ? now.sites().get(hop.index()).siteId() : 0;
        return control.sites().stream()
                .filter(site -> isOfSite && site.id() == siteId)
                .flatMap(PopDoors::tunnels)
                .findFirst()
                .map(ManagedTunnel::tunnel)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "--in: " + EXPECTED + ", since none leads to " + source));
    }

    private static Stream<ManagedTunnel> tunnels(AttachedSite site) {
        return site.away() == null ? site.tunnels().stream() : Stream.of(site.away().tunnel());
    }

    /** In words. */
    @Override
    public String doorName(Rehearsal.Door door) {
        if (door.tunnel() == PacketBuffer.NONE) {
            return INTERNET;
        }
        return way(control.forwarding().last().tunnels().get(door.tunnel()));
    }

    @Override
    public boolean hasHostPort() {
        return control.setup().internetAddress() != null;
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

    @Override
    public String transport(Tunnel tunnel) {
        return transport(tunnel.siteId());
    }

    /** A PoP has none. */
    @Override
    public String lan(int index) {
        return Integer.toString(index);
    }

    @Override
    public String internet() {
        return "the Internet";
    }

    @Override
    public String way(Tunnel tunnel) {
        return (tunnel.isToPop() ? "node" : "site " + site(tunnel.siteId()))
                + " at "
                + EndpointText.of(tunnel.remote());
    }
}
