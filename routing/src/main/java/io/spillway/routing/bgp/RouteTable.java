package io.spillway.routing.bgp;

/**
 * The routes of all neighbours and our own, of both families. Not thread safe.
 *
 * <p>Of neighbours' paths the {@link DecisionProcess} chooses. What we originate is told instead of
 * them, since the caller originates only what is in use here.
 */
final class RouteTable {
    /** Attribute sets together; a neighbour that sends more is not believed any more. */
    private static final long ATTRIBUTE_BYTES_MAX = 256L << 20;

    private final AttributeTable attributes;
    private final PathOwner[] owners;
    private final FamilyRoutes ipv4;
    private final FamilyRoutes ipv6;

    RouteTable(int neighbourCount, NextHopCheck nextHops) {
        attributes = new AttributeTable(ATTRIBUTE_BYTES_MAX, nextHops);
        owners = new PathOwner[PathOwner.FIRST_NEIGHBOUR + neighbourCount];
        for (int i = 0; i < owners.length; i++) {
            owners[i] = new PathOwner(i);
        }
        ipv4 = new FamilyRoutes(attributes, owners, true);
        ipv6 = new FamilyRoutes(attributes, owners, false);
    }

    AttributeTable attributes() {
        return attributes;
    }

    FamilyRoutes family(boolean isIpv4) {
        return isIpv4 ? ipv4 : ipv6;
    }

    PathOwner owner(int index) {
        return owners[index];
    }
}
