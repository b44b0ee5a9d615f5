package io.spillway.tap;

import java.net.InetAddress;

/**
 * A unicast route of the kernel, one per next hop.
 *
 * @param destination all zero with prefix length 0 for a default route.
 * @param gateway null when the destination is on the link.
 * @param linkIndex 0 when the kernel names none.
 * @param table 254 is main.
 */
public record KernelRoute(
        InetAddress destination,
        int prefixLength,
        InetAddress gateway,
        int linkIndex,
        int table,
        long metric) {
    public static final int TABLE_MAIN = 254;

    public boolean isDefault() {
        return prefixLength == 0;
    }
}
