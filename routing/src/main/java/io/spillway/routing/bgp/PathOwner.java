package io.spillway.routing.bgp;

/** Who tells paths: this site, the cloud, or a neighbour. Owned by its {@link RouteTable}. */
final class PathOwner {
    /** Connected and static routes of this site: before anything a neighbour tells. */
    static final int OWN = 0;

    /** Routes of other sites: behind what neighbours tell, as in the Rib. */
    static final int CLOUD = 1;

    static final int FIRST_NEIGHBOUR = 2;

    private static final int OWN_RANK = 0;
    private static final int NEIGHBOUR_RANK = 1;
    private static final int CLOUD_RANK = 2;

    private final int index;
    private boolean isExternal;
    private int identifier;
    private int ipv4Count;
    private int ipv6Count;

    PathOwner(int index) {
        this.index = index;
    }

    void describe(boolean isExternalNow, int identifierNow) {
        isExternal = isExternalNow;
        identifier = identifierNow;
    }

    void add(boolean isIpv4, int count) {
        if (isIpv4) {
            ipv4Count += count;
        } else {
            ipv6Count += count;
        }
    }

    int index() {
        return index;
    }

    boolean isNeighbour() {
        return index >= FIRST_NEIGHBOUR;
    }

    int rank() {
        return index == OWN ? OWN_RANK : index == CLOUD ? CLOUD_RANK : NEIGHBOUR_RANK;
    }

    boolean isExternal() {
        return isExternal;
    }

    int identifier() {
        return identifier;
    }

    int count() {
        return ipv4Count + ipv6Count;
    }

    int count(boolean isIpv4) {
        return isIpv4 ? ipv4Count : ipv6Count;
    }
}
