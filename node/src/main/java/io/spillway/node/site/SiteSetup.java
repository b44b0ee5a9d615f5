package io.spillway.node.site;

import io.spillway.control.directory.Site;
import io.spillway.control.readiness.ProofConfig;
import io.spillway.control.recovery.RecoveryConfig;
import io.spillway.dataplane.forward.LocalAddresses;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.RouteSource;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What control must know of this site's configuration and machine. Immutable.
 *
 * @param own with its WAN links and their local endpoints, index by index those of {@code linkMtus}
 * @param linkMtus largest IP packet each link takes, bytes
 * @param ports UDP ports of the links' sockets
 * @param popName as configured
 * @param popTunnel where the PoP's tunnels end
 * @param stunServers ports of the PoP that answer how they see a link
 * @param routes of the LAN, and the gateways' own addresses
 * @param advertised prefixes that other sites reach here
 * @param local sources of our ICMP errors
 * @param probeIntervalNs of the PoP tunnels
 */
public record SiteSetup(
        Site own,
        List<Integer> linkMtus,
        List<Integer> ports,
        String popName,
        InetSocketAddress popTunnel,
        List<InetSocketAddress> stunServers,
        List<LocalRoute> routes,
        List<Prefix> advertised,
        LocalAddresses local,
        long probeIntervalNs,
        RecoveryConfig recovery,
        ProofConfig proofs) {

    /** A route that needs no peer. */
    public record LocalRoute(RouteSource source, Prefix prefix, NextHop nextHop) {}

    /** Of a link of the data plane: ours, or the one that other sites relay. */
    String linkName(int link) {
        return link < own.links().size() ? own.links().get(link).name() : "relay";
    }

    public SiteSetup {
        linkMtus = List.copyOf(linkMtus);
        ports = List.copyOf(ports);
        stunServers = List.copyOf(stunServers);
        routes = List.copyOf(routes);
        advertised = List.copyOf(advertised);
    }
}
