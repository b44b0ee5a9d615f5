package io.spillway.routing.bgp;

/** Who tells paths: we, or a neighbour. Owned by its {@link RouteTable}. */
final class PathOwner {
    /** What we say of ourselves and of other sites: told instead of any neighbour's path. */
    static final int ORIGINATED = 0;

    static final int FIRST_NEIGHBOUR = 1;

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
