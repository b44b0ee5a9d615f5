package io.spillway.node.site;

import io.spillway.node.SiteConfig;
import io.spillway.node.dns.DnsCounters;
import io.spillway.node.dns.DnsCounters.Count;
import io.spillway.node.dns.DnsService;
import io.spillway.node.dns.DnsZone;
import io.spillway.routing.fib.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What answers at the site's service address while the cloud is lost, and what {@code status} says
 * of it. The kernel owns the address on the host port all the time; whether packets go there is
 * routing's to say ({@link OffCloudRoutes}).
 *
 * <p>Servers of internal zones are asked from a gateway address, which other sites know and whose
 * packets the kernel sends back into the data plane; all other servers as the kernel's own routes
 * lead.
 */
final class SiteDns implements AutoCloseable {
    private final InetAddress address;
    private final DnsService service; // null: none

    private SiteDns(InetAddress address, DnsService service) {
        this.address = address;
        this.service = service;
    }

    /** Needs the host port to stand, if names are configured. */
    static SiteDns open(SiteConfig config, RandomGenerator random) throws IOException {
        SiteConfig.Dns dns = config.dns();
        if (dns == null) {
            return new SiteDns(null, null);
        }
        InetAddress address = inet(dns.serviceAddress());
        InetSocketAddress listen = new InetSocketAddress(address, DnsService.PORT);
        return new SiteDns(address, DnsService.open(listen, zones(config, dns), random));
    }

    private static List<DnsZone> zones(SiteConfig config, SiteConfig.Dns dns) {
        List<DnsZone> zones = new ArrayList<>();
        for (SiteConfig.DnsZone zone : dns.zones()) {
            zones.add(new DnsZone(zone.name(), ends(config, zone.servers(), true)));
        }
        zones.add(new DnsZone("", ends(config, dns.upstream(), false)));
        return zones;
    }

    private static List<DnsZone.Ends> ends(
            SiteConfig config, List<IpAddress> servers, boolean isInternal) {
        return servers.stream()
                .map(
                        server ->
                                new DnsZone.Ends(
                                        isInternal ? gateway(config, server.isIpv4()) : null,
                                        new InetSocketAddress(inet(server), DnsService.PORT)))
                .toList();
    }

    private static InetAddress gateway(SiteConfig config, boolean isIpv4) {
        return config.networks()
                .flatMap(network -> network.gateway(isIpv4).stream())
                .map(SiteDns::inet)
                .findFirst()
                .orElseThrow();
    }

    private static InetAddress inet(IpAddress address) {
        return InetAddress.ofLiteral(address.toString());
    }

    /**
     * @param isOurs packets to the service address come here at the moment
     */
    void describe(ObjectNode status, boolean isOurs) {
        if (service == null) {
            return;
        }
        ObjectNode node = status.putObject("dns");
        node.put("serviceAddress", address.getHostAddress());
        node.put("answeredBy", isOurs ? "this site" : "the PoP");
        node.put("outstanding", service.outstanding());
        node.put("refused", service.others().get(Count.REFUSED));
        node.put("malformed", service.others().get(Count.MALFORMED));
        ArrayNode zones = node.putArray("zones");
        for (int zone = 0; zone < service.zones().size(); zone++) {
            String name = service.zones().get(zone).name();
            describe(
                    zones.addObject().put("zone", name.isEmpty() ? "all others" : name),
                    service.counters(zone));
        }
    }

    private static void describe(ObjectNode node, DnsCounters counters) {
        node.put("answered", counters.get(Count.ANSWERED));
        node.put("failed", counters.get(Count.FAILED));
        node.put("timeouts", counters.get(Count.TIMEOUT));
        node.put("mismatched", counters.get(Count.MISMATCHED));
    }

    @Override
    public void close() {
        if (service != null) {
            service.close();
        }
    }
}
