package io.spillway.routing.bgp;

import io.spillway.routing.fib.IpAddress;

/**
 * What a neighbour is to be. Immutable, checked by whoever reads it from a file.
 *
 * @param address of the neighbour
 * @param holdTimeS what we offer: 0, or 3 to 65535
 * @param isPassive the neighbour calls, we never do
 * @param nextHopIpv4 our address that IPv4 packets come to; null: no IPv4 routes
 * @param nextHopIpv6 likewise
 * @param accept of what the neighbour tells
 * @param advertise of what it is told
 * @param isDefaultOriginated it is told a default route, whatever we know
 * @param routeLimit of the routes it tells, both families together
 * @param warningPercent of {@code routeLimit}: more are told of
 * @param isLimitFatal one more ends the session; else it is ignored
 * @param metric the MULTI_EXIT_DISC of our own routes
 */
public record NeighbourConfig(
        IpAddress address,
        long peerAs,
        long localAs,
        int identifier,
        int holdTimeS,
        boolean isPassive,
        IpAddress nextHopIpv4,
        IpAddress nextHopIpv6,
        PrefixList accept,
        PrefixList advertise,
        boolean isDefaultOriginated,
        int routeLimit,
        int warningPercent,
        boolean isLimitFatal,
        long metric) {
    boolean isExternal() {
        return peerAs != localAs;
    }
}
