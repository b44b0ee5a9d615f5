package io.spillway.node.site;

import io.spillway.node.SiteConfig;
import io.spillway.node.dhcp.DhcpCounters;
import io.spillway.node.dhcp.DhcpCounters.Count;
import io.spillway.node.dhcp.DhcpNetwork;
import io.spillway.node.dhcp.DhcpService;
import io.spillway.routing.fib.IpAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The DHCP relay of those LAN networks that have one, and what {@code status} says of it. */
final class SiteDhcp implements AutoCloseable {
    private final DhcpService service; // null: no network has one

    private SiteDhcp(DhcpService service) {
        this.service = service;
    }

    /** Needs the host port to stand, if a network has a relay. */
    static SiteDhcp open(SiteConfig config) throws IOException {
        List<DhcpNetwork> networks = new ArrayList<>();
        for (SiteConfig.Network network : config.networks().toList()) {
            if (network.dhcpRelay() != null) {
                networks.add(relayed(config, network));
            }
        }
        return new SiteDhcp(networks.isEmpty() ? null : DhcpService.open(networks));
    }

    /** Whose server is behind another site says so: leases then need that site. */
    private static DhcpNetwork relayed(SiteConfig config, SiteConfig.Network network)
            throws IOException {
        SiteConfig.DhcpRelay relay = network.dhcpRelay();
        Inet4Address server = inet(relay.server());
        boolean isHere =
                server.isLoopbackAddress() || NetworkInterface.getByInetAddress(server) != null;
        boolean isNear = isHere || config.networkTowards(relay.server()).isPresent();
        if (!isNear && !relay.throughTunnel()) {
            throw new IOException(
                    "dhcpRelay of network %s: server %s is neither this machine's nor in the LAN: expected throughTunnel: true"
                            .formatted(network.name(), relay.server()));
        }
        Inet4Address gateway = inet(network.gateway(true).orElseThrow());
        return new DhcpNetwork(network.name(), gateway, server, isHere);
    }

    private static Inet4Address inet(IpAddress address) {
        return (Inet4Address) InetAddress.ofLiteral(address.toString());
    }

    void describe(ObjectNode status) {
        if (service == null) {
            return;
        }
        ArrayNode list = status.putArray("dhcpRelay");
        for (int i = 0; i < service.networks().size(); i++) {
            DhcpNetwork network = service.networks().get(i);
            DhcpCounters counters = service.counters(i);
            list.addObject()
                    .put("network", network.name())
                    .put("server", network.server().getHostAddress())
                    .put("requests", counters.get(Count.REQUEST))
                    .put("replies", counters.get(Count.REPLY))
                    .put("malformed", counters.get(Count.MALFORMED))
                    .put("tooFar", counters.get(Count.TOO_FAR))
                    .put("foreign", counters.get(Count.FOREIGN));
        }
    }

    @Override
    public void close() {
        if (service != null) {
            service.close();
        }
    }
}
