package io.spillway.routing.bgp;

/**
 * The routes of all neighbours and our own, of both families. Not thread safe.
 *
 * <p><b>Decision process</b> (RFC 4271 section 9.1), the first difference decides:
 *
 * <ol>
 *   <li>connected and static routes of this site, then what neighbours tell, then other sites'
 *   <li>the higher LOCAL_PREF; 100 where there is none
 *   <li>the shorter AS_PATH, an AS_SET counting as one
 *   <li>the lower ORIGIN
 *   <li>of paths by the same neighbouring AS, the lower MULTI_EXIT_DISC; 0 where there is none
 *   <li>external before internal
 *   <li>the lower BGP identifier
 *   <li>the neighbour that comes first in the configuration
 * </ol>
 */
final class RouteTable {
    /** Attribute sets together; a neighbour that sends more is not believed any more. */
    private static final long ATTRIBUTE_BYTES_MAX = 256L << 20;

    private final AttributeTable attributes = new AttributeTable(ATTRIBUTE_BYTES_MAX);
    private final PathOwner[] owners;
    private final FamilyRoutes ipv4;
    private final FamilyRoutes ipv6;

    RouteTable(int neighbourCount) {
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
