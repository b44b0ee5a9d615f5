package io.spillway.routing.bgp;

import io.spillway.routing.fib.IpAddress;

/** Neighbour configurations of tests. */
final class Neighbours {
    static final long AS_A = 65_001;
    static final long AS_B = 4_200_000_002L;

    private static final int ROUTE_LIMIT = 1_000_000;
    private static final int WARNING_PERCENT = 75;

    private Neighbours() {}

    static NeighbourConfig config(int own, long localAs, int other, long peerAs) {
        return new NeighbourConfig(
                IpAddress.parse("192.0.2." + other),
                peerAs,
                localAs,
                0xC000_0200 | own,
                60,
                false,
                IpAddress.parse("192.0.2." + own),
                IpAddress.parse("2001:db8::" + own),
                PrefixList.ANY,
                PrefixList.ANY,
                false,
                ROUTE_LIMIT,
                WARNING_PERCENT,
                false,
                100);
    }

    static NeighbourConfig passive(NeighbourConfig c) {
        return new NeighbourConfig(
                c.address(),
                c.peerAs(),
                c.localAs(),
                c.identifier(),
                c.holdTimeS(),
                true,
                c.nextHopIpv4(),
                c.nextHopIpv6(),
                c.accept(),
                c.advertise(),
                c.isDefaultOriginated(),
                c.routeLimit(),
                c.warningPercent(),
                c.isLimitFatal(),
                c.metric());
    }

    static NeighbourConfig hold(NeighbourConfig c, int holdTimeS) {
        return new NeighbourConfig(
                c.address(),
                c.peerAs(),
                c.localAs(),
                c.identifier(),
                holdTimeS,
                c.isPassive(),
                c.nextHopIpv4(),
                c.nextHopIpv6(),
                c.accept(),
                c.advertise(),
                c.isDefaultOriginated(),
                c.routeLimit(),
                c.warningPercent(),
                c.isLimitFatal(),
                c.metric());
    }

    static NeighbourConfig limit(NeighbourConfig c, int limit, boolean isFatal) {
        return new NeighbourConfig(
                c.address(),
                c.peerAs(),
                c.localAs(),
                c.identifier(),
                c.holdTimeS(),
                c.isPassive(),
                c.nextHopIpv4(),
                c.nextHopIpv6(),
                c.accept(),
                c.advertise(),
                c.isDefaultOriginated(),
                limit,
                WARNING_PERCENT,
                isFatal,
                c.metric());
    }

    static NeighbourConfig lists(
            NeighbourConfig c, PrefixList accept, PrefixList advertise, boolean isDefault) {
        return new NeighbourConfig(
                c.address(),
                c.peerAs(),
                c.localAs(),
                c.identifier(),
                c.holdTimeS(),
                c.isPassive(),
                c.nextHopIpv4(),
                c.nextHopIpv6(),
                accept,
                advertise,
                isDefault,
                c.routeLimit(),
                c.warningPercent(),
                c.isLimitFatal(),
                c.metric());
    }
}
