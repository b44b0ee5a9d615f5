package io.spillway.node;

import io.spillway.node.SiteConfig.Dns;
import io.spillway.node.SiteConfig.DnsZone;
import io.spillway.routing.fib.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What must hold between the values of {@code dns} and no schema can say. */
final class DnsChecks {
    private final SiteConfig config;
    private final Dns dns;
    private final ConfigTree tree;

    DnsChecks(SiteConfig config, ConfigTree tree) {
        this.config = config;
        this.tree = tree;
        dns = config.dns();
    }

    void check() {
        if (!config.hostPort().enabled()) {
            tree.mistake("hostPort.enabled", "false: expected true, since dns needs the host port");
        }
        config.networkOf(dns.serviceAddress())
                .ifPresent(
                        network ->
                                tree.mistake(
                                        "dns.serviceAddress",
                                        dns.serviceAddress()
                                                + ": expected none of the LAN's, is in network "
                                                + network.name()));
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < dns.zones().size(); i++) {
            zone("dns.zones[" + i + "]", dns.zones().get(i), names);
        }
        servers("dns.upstream", dns.upstream());
    }

    private void zone(String key, DnsZone zone, Map<String, String> names) {
        String lower = zone.name().toLowerCase(Locale.ROOT);
        String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        String first = names.putIfAbsent(name, key + ".name");
        if (first != null) {
            tree.mistake(
                    key + ".name", zone.name() + ": expected another value than " + first + " has");
        }
        servers(key + ".servers", zone.servers());
        for (int i = 0; i < zone.servers().size(); i++) {
            IpAddress server = zone.servers().get(i);
            if (config.networks().allMatch(lan -> lan.gateway(server.isIpv4()).isEmpty())) {
                tree.mistake(
                        key + ".servers[" + i + "]",
                        server + ": expected the family of a gateway of the LAN");
            }
        }
    }

    private void servers(String key, List<IpAddress> servers) {
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).equals(dns.serviceAddress())) {
                tree.mistake(
                        key + "[" + i + "]",
                        servers.get(i) + ": expected another address than dns.serviceAddress");
            }
        }
    }
}
