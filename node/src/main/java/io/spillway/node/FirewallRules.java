package io.spillway.node;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the firewall before a site must let pass, exactly (R150): for the one who runs that
 * firewall, in words or for nftables.
 */
public final class FirewallRules {
    private static final String NFT_HEAD =
            """
            # For the router before site %s. To take it away: nft delete table inet spillway_%d
            # A table cannot lift what another drops: where yours does, its chain needs the rules.
            table inet spillway_%d {
              chain forward {
                type filter hook forward priority filter - 1;
                ct state established,related accept
            """;

    private final SiteConfig config;
    private final String ip;

    private FirewallRules(SiteConfig config) {
        this.config = config;
        ip = config.pops().getFirst().address() instanceof Inet4Address ? "ip" : "ip6";
    }

    public static FirewallRules of(SiteConfig config) {
        return new FirewallRules(config);
    }

    /** One line a rule. */
    public String text() {
        List<String> lines = new ArrayList<>();
        String site = config.site().name();
        for (SiteConfig.Link link : config.links()) {
            String from = text(link) + " UDP port " + link.port();
            if (link.isAltWan()) {
                lines.add("both %s <-> the other sites' Alt WAN addresses, UDP".formatted(from));
                continue;
            }
            for (SiteConfig.Pop pop : config.pops()) {
                String to = pop.address().getHostAddress();
                lines.add(
                        "out  %s -> %s UDP ports %d, %d: tunnels, and STUN"
                                .formatted(from, to, pop.tunnelPort(), pop.alternatePort()));
                lines.add(
                        "out  %s any port -> %s TCP port %d: the control channel"
                                .formatted(text(link), to, pop.channelPort()));
            }
            lines.add("out  %s -> any address, any UDP port: the other sites".formatted(from));
            if (hasStatic(link)) {
                lines.add(
                        "in   any address, any UDP port -> %s UDP port %d, forwarded to %s"
                                .formatted(
                                        link.offCloud().publicIp().getHostAddress(),
                                        link.offCloud().publicStaticPort(),
                                        from));
            }
        }
        lines.add("in   answers to all of these, by state; ICMP errors about them");
        return "Site " + site + ", before its WAN links:\n" + String.join("\n", lines) + "\n";
    }

    /** A table of its own; what it accepts, it accepts of this site only. */
    public String nft() {
        long id = config.site().id();
        StringBuilder rules = new StringBuilder(NFT_HEAD.formatted(config.site().name(), id, id));
        Set<String> accepted = new LinkedHashSet<>(); // links without an address are one to it
        Set<String> forwards = new LinkedHashSet<>();
        for (SiteConfig.Link link : config.links()) {
            String from = source(link) + "udp sport " + link.port();
            if (link.isAltWan()) {
                accepted.add(from + " accept comment \"Alt WAN\"");
                accepted.add(destination(link) + "udp dport " + link.port() + " accept");
                continue;
            }
            for (SiteConfig.Pop pop : config.pops()) {
                String to = ip + " daddr " + pop.address().getHostAddress();
                String ports = "{ %d, %d }".formatted(pop.tunnelPort(), pop.alternatePort());
                accepted.add(from + " " + to + " udp dport " + ports + " accept");
                accepted.add(source(link) + to + " tcp dport " + pop.channelPort() + " accept");
            }
            accepted.add(from + " accept comment \"other sites\"");
            if (hasStatic(link)) {
                accepted.add("ct status dnat udp dport " + link.port() + " accept");
                forwards.add(forward(link));
            }
        }
        accepted.forEach(each -> rule(rules, each));
        rules.append("  }\n");
        if (!forwards.isEmpty()) {
            rules.append("  chain lead {\n");
            rule(rules, "type nat hook prerouting priority dstnat;");
            forwards.forEach(each -> rule(rules, each));
            rules.append("  }\n");
        }
        return rules.append("}\n").toString();
    }

    private String forward(SiteConfig.Link link) {
        SiteConfig.OffCloud offCloud = link.offCloud();
        String to = link.address() == null ? null : link.address().getHostAddress();
        String port = "udp dport " + offCloud.publicStaticPort();
        String rule = ip + " daddr " + offCloud.publicIp().getHostAddress() + " " + port;
        return to == null
                ? "# "
                        + rule
                        + ": dnat to the address of "
                        + link.device()
                        + ", port "
                        + link.port()
                : rule + " dnat " + ip + " to " + endpoint(to, link.port());
    }

    private String endpoint(String address, int port) {
        return (ip.equals("ip") ? address : "[" + address + "]") + ":" + port;
    }

    private static void rule(StringBuilder rules, String rule) {
        rules.append("    ").append(rule).append('\n');
    }

    private String source(SiteConfig.Link link) {
        return link.address() == null ? "" : ip + " saddr " + link.address().getHostAddress() + " ";
    }

    private String destination(SiteConfig.Link link) {
        return link.address() == null ? "" : ip + " daddr " + link.address().getHostAddress() + " ";
    }

    private static String text(SiteConfig.Link link) {
        InetAddress address = link.address();
        return link.name()
                + " ("
                + link.device()
                + (address == null ? "" : ", " + address.getHostAddress())
                + ")";
    }

    private static boolean hasStatic(SiteConfig.Link link) {
        return link.offCloud().publicIp() != null;
    }
}
