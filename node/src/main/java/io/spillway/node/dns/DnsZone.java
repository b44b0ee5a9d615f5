package io.spillway.node.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/**
 * Names that the same servers know.
 *
 * @param name of the zone, in lower case without a dot at its end; empty: all that is in no other
 * @param servers in the order in which they are asked; none: there is no answer
 */
public record DnsZone(String name, List<Ends> servers) {
    /**
     * One server.
     *
     * @param local address of ours that we ask from; null: whichever the kernel takes
     */
    public record Ends(InetAddress local, InetSocketAddress server) {}

    public DnsZone {
        String lower = name.toLowerCase(Locale.ROOT);
        name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        servers = List.copyOf(servers);
    }
}
