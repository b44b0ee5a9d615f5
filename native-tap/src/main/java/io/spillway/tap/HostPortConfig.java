package io.spillway.tap;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What {@link HostPort#open} is to make.
 *
 * @param device name of the TUN device.
 * @param gateways addresses the kernel shall own on it.
 * @param bridges LAN bridges of this machine that TAP ports are attached to; may be empty.
 * @param tunnels where this machine's tunnels end; may be empty.
 * @param table number of a routing table that belongs to Spillway alone, and of its rules.
 */
public record HostPortConfig(
        String device,
        List<GatewayAddress> gateways,
        List<String> bridges,
        List<TunnelPort> tunnels,
        int table) {
    public static final String DEFAULT_DEVICE = "spw-host";
    public static final int DEFAULT_TABLE = 20049;

    /** Occurs inside nftables' quotes, where a star would mean more than one device. */
    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private static final int PORT_MAX = 65535;

    /** 253 default, 254 main, 255 local; the kernel needs those. */
    private static final int RESERVED_TABLE_MIN = 253;

    private static final int RESERVED_TABLE_MAX = 255;

    /** A local UDP port on a WAN device. */
    public record TunnelPort(String device, int port) {
        public TunnelPort {
            checkName(device);
            if (port <= 0 || port > PORT_MAX) {
                throw new IllegalArgumentException("tunnel port " + port + " on " + device);
            }
        }
    }

    public HostPortConfig {
        checkName(device);
        gateways = List.copyOf(gateways);
        if (gateways.isEmpty()) {
            throw new IllegalArgumentException("host port " + device + " has no gateway address");
        }
        bridges = List.copyOf(bridges);
        bridges.forEach(HostPortConfig::checkName);
        tunnels = List.copyOf(tunnels);
        if (table <= 0 || (table >= RESERVED_TABLE_MIN && table <= RESERVED_TABLE_MAX)) {
            throw new IllegalArgumentException("routing table " + table + " is not free for use");
        }
    }

    boolean hasIpv4() {
        return gateways.stream().anyMatch(GatewayAddress::isIpv4);
    }

    boolean hasIpv6() {
        return !gateways.stream().allMatch(GatewayAddress::isIpv4);
    }

    static void checkName(String device) {
        TapConfig.checkName(device);
        if (!DEVICE.matcher(device).matches()) {
            throw new IllegalArgumentException(
                    "device name " + device + ": letters, digits, '.', '_', '-' only");
        }
    }
}
