package io.spillway.routing.bgp;

/**
 * What is taken of a neighbour's routes: what its list permits, up to its limit, with a next hop
 * that can be one. The rest is as if it had been withdrawn.
 */
final class RouteImport implements UpdateReader.Sink {
    private static final int PERCENT = 100;
    private static final int CLASS_D = 0xE;

    private final RouteTable routes;
    private final PathOwner owner;
    private final NeighbourConfig config;
    private final NeighbourCounters counters;
    private boolean isWarned;
    private boolean isWarningDue;
    private boolean isExceeded;
    private boolean isExceededDue;
    private boolean isIpv4Ended;
    private boolean isIpv6Ended;

    RouteImport(RouteTable routes, int owner, NeighbourConfig config, NeighbourCounters counters) {
        this.routes = routes;
        this.owner = routes.owner(owner);
        this.config = config;
        this.counters = counters;
    }

    /** A new session: nothing is told yet. */
    void begin() {
        isWarned = false;
        isWarningDue = false;
        isExceeded = false;
        isExceededDue = false;
        isIpv4Ended = false;
        isIpv6Ended = false;
    }

    @Override
    public void announce(
            boolean isIpv4, long high, long low, int length, PathAttributes attributes) {
        if (!isUnicast(isIpv4, high, length)
                || !config.accept().permits(isIpv4, high, low, length)) {
            counters.filtered++;
            withdraw(isIpv4, high, low, length);
        } else if (!isNextHop(attributes)) {
            counters.badNextHops++;
            withdraw(isIpv4, high, low, length);
        } else if (hasRoom(isIpv4, high, low, length)) {
            routes.family(isIpv4).announce(owner.index(), high, low, length, attributes);
            warn();
        } else {
            counters.overLimit++;
            isExceededDue |= !isExceeded;
            isExceeded = true;
        }
    }

    private static boolean isUnicast(boolean isIpv4, long high, int length) {
        int first = (int) (high >>> 56);
        if (isIpv4) {
            return first >>> 4 < CLASS_D && first != 127 && (first != 0 || length == 0);
        }
        return first != 0xFF && high >>> 54 != 0x3FA; // multicast, link-local
    }

    /** Neither nobody nor many. Whether packets reach it is {@link NextHopCheck}'s to say. */
    private static boolean isNextHop(PathAttributes attributes) {
        long high = attributes.nextHopHigh;
        long low = attributes.nextHopLow;
        boolean isIpv4 = attributes.isNextHopIpv4;
        int first = (int) (high >>> 56);
        boolean isMany = isIpv4 ? first >>> 4 >= CLASS_D : first == 0xFF;
        return !isMany && (high | low) != 0 && !(isIpv4 && first == 127);
    }

    private boolean hasRoom(boolean isIpv4, long high, long low, int length) {
        return owner.count() < config.routeLimit()
                || routes.family(isIpv4).has(owner.index(), high, low, length);
    }

    private void warn() {
        long warning = (long) config.routeLimit() * config.warningPercent() / PERCENT;
        if (!isWarned && owner.count() > warning) {
            isWarned = true;
            isWarningDue = true;
        }
    }

    @Override
    public void withdraw(boolean isIpv4, long high, long low, int length) {
        routes.family(isIpv4).withdraw(owner.index(), high, low, length);
    }

    @Override
    public void endOfRib(boolean isIpv4) {
        isIpv4Ended |= isIpv4;
        isIpv6Ended |= !isIpv4;
        routes.family(isIpv4).withdrawAll(owner.index(), true);
    }

    boolean hasEnded(boolean isIpv4) {
        return isIpv4 ? isIpv4Ended : isIpv6Ended;
    }

    boolean takeWarning() {
        boolean isDue = isWarningDue;
        isWarningDue = false;
        return isDue;
    }

    /** The first route over the limit has come. */
    boolean takeExceeded() {
        boolean isDue = isExceededDue;
        isExceededDue = false;
        return isDue;
    }

    /** Routes were ignored that there is room for now; the neighbour must tell them again. */
    boolean isRefreshDue() {
        if (isExceeded && owner.count() < config.routeLimit()) {
            isExceeded = false;
            return true;
        }
        return false;
    }
}
