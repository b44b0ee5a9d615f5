package io.spillway.node.site;

import io.spillway.control.directory.Site;
import io.spillway.control.pop.PopChoice;
import io.spillway.control.readiness.ProofConfig;
import io.spillway.control.recovery.InternetConfig;
import io.spillway.control.recovery.LinkChoice;
import io.spillway.control.recovery.LinkQuality;
import io.spillway.control.recovery.RecoveryConfig;
import io.spillway.dataplane.forward.LocalAddresses;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.RouteSource;
import java.util.List;
import java.util.Set;

/**
 * What control must know of this site's configuration and machine. Immutable.
 *
 * @param own with its WAN links and their local endpoints, index by index those of {@code linkMtus}
 * @param linkMtus largest IP packet each link takes, bytes; at the start
 * @param ports UDP ports of the links' sockets
 * @param pops in order of preference; nodes of one PoP have its name
 * @param popChoice how long it takes to try others
 * @param routes of the LAN, and the gateways' own addresses
 * @param offCloudRoutes only while the cloud is lost
 * @param advertised prefixes that other sites reach here
 * @param local sources of our ICMP errors
 * @param probeIntervalNs of the PoP tunnels
 * @param pathMtuRaiseNs between attempts to send larger packets
 * @param preference among links that are equal in role
 * @param internet how its traffic to the Internet leaves
 * @param overLimit indices of links that the limit of links for direct tunnels leaves out
 */
public record SiteSetup(
        Site own,
        List<Integer> linkMtus,
        List<Integer> ports,
        List<PopAddress> pops,
        PopChoice.Config popChoice,
        List<LocalRoute> routes,
        List<LocalRoute> offCloudRoutes,
        List<Prefix> advertised,
        LocalAddresses local,
        long probeIntervalNs,
        long pathMtuRaiseNs,
        RecoveryConfig recovery,
        InternetConfig internet,
        ProofConfig proofs,
        Preference preference,
        Set<Integer> overLimit,
        BgpSetup bgp) {

    /** {@code recovery.linkChoice} and {@code linkQuality}. */
    public record Preference(LinkChoice.Mode choice, LinkQuality.Floor floor) {
        public static final Preference DEFAULT =
                new Preference(LinkChoice.Mode.RANDOM, LinkQuality.Floor.DEFAULT);
    }

    /** A route that needs no peer. */
    public record LocalRoute(RouteSource source, Prefix prefix, NextHop nextHop) {}

    /** Of a link of the data plane: ours, or the one that other sites relay. */
    String linkName(int link) {
        return link < own.links().size() ? own.links().get(link).name() : "relay";
    }

    public SiteSetup {
        linkMtus = List.copyOf(linkMtus);
        ports = List.copyOf(ports);
        pops = List.copyOf(pops);
        routes = List.copyOf(routes);
        offCloudRoutes = List.copyOf(offCloudRoutes);
        advertised = List.copyOf(advertised);
        overLimit = Set.copyOf(overLimit);
    }
}
