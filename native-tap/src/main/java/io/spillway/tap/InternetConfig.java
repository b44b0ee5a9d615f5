package io.spillway.tap;

import io.spillway.tap.HostPortConfig.TunnelPort;
import java.util.List;

/**
 * What {@link InternetForwarding#open} is to make.
 *
 * @param inside name of the TUN device that the data plane reads and writes.
 * @param outside devices that lead to the Internet; they may come and go.
 * @param tunnels where this machine's tunnels end, unless a {@link HostPort} knows of them.
 * @param isHostHidden nothing that comes in by {@code inside} is for this machine itself, but
 *     questions to its resolver.
 * @param resolver IPv4 address of {@code inside}, at which a resolver of this machine is asked;
 *     null: there is none.
 */
public record InternetConfig(
        String inside,
        List<String> outside,
        List<TunnelPort> tunnels,
        boolean isHostHidden,
        String resolver) {
    public InternetConfig {
        HostPortConfig.checkName(inside);
        outside = List.copyOf(outside);
        outside.forEach(HostPortConfig::checkName);
        tunnels = List.copyOf(tunnels);
        if (outside.isEmpty()) {
            throw new IllegalArgumentException("no device leads to the Internet");
        }
    }
}
