package io.spillway.routing.fib;

/**
 * Where packets of a route leave.
 *
 * <p>{@code index} is the LAN interface of a LAN next hop and the dense site index of a SITE next
 * hop, 0 otherwise. The gateway, left-aligned as in {@link IpAddress}, is of the family of the
 * route; 0 means on link: the destination itself is the neighbour. Only LAN next hops have one.
 */
public record NextHop(Kind kind, int index, long gatewayHigh, long gatewayLow) {

    /** What takes the packet. */
    public enum Kind {
        /** A neighbour on a LAN interface. */
        LAN,
        /** The appliance's own kernel, through the host port. */
        HOST,
        /** Another site, by whatever transport leads there now. */
        SITE,
        /** The Internet, by whatever way leads there now. */
        INTERNET,
        /** The PoP, which knows who serves the address. */
        CLOUD,
        /** Nobody: answered with ICMP unreachable. */
        UNREACHABLE,
        /** Nobody, on purpose: answered with ICMP administratively prohibited. */
        PROHIBITED
    }

    public static final NextHop HOST = new NextHop(Kind.HOST, 0, 0, 0);
    public static final NextHop INTERNET = new NextHop(Kind.INTERNET, 0, 0, 0);
    public static final NextHop CLOUD = new NextHop(Kind.CLOUD, 0, 0, 0);
    public static final NextHop UNREACHABLE = new NextHop(Kind.UNREACHABLE, 0, 0, 0);
    public static final NextHop PROHIBITED = new NextHop(Kind.PROHIBITED, 0, 0, 0);

    public NextHop {
        boolean hasIndex = kind == Kind.LAN || kind == Kind.SITE;
        if (index < 0 || index > 0 && !hasIndex) {
            throw new IllegalArgumentException("index " + index + " for a next hop " + kind);
        }
        if (kind != Kind.LAN && (gatewayHigh | gatewayLow) != 0) {
            throw new IllegalArgumentException("gateway for a next hop " + kind);
        }
    }

    public static NextHop onLink(int lanIndex) {
        return new NextHop(Kind.LAN, lanIndex, 0, 0);
    }

    public static NextHop via(int lanIndex, IpAddress gateway) {
        return new NextHop(Kind.LAN, lanIndex, gateway.high(), gateway.low());
    }

    public static NextHop site(int siteIndex) {
        return new NextHop(Kind.SITE, siteIndex, 0, 0);
    }

    public boolean isOnLink() {
        return kind == Kind.LAN && (gatewayHigh | gatewayLow) == 0;
    }

    /** The gateway of an IPv4 route in host order; 0 = on link. */
    public int gatewayIpv4() {
        return (int) (gatewayHigh >>> 32);
    }

    /** The gateway of a route of that family; the unspecified address = on link. */
    public IpAddress gateway(boolean isIpv4) {
        return new IpAddress(isIpv4, gatewayHigh, gatewayLow);
    }
}
