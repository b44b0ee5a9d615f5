package io.spillway.node.site;

import io.spillway.routing.bgp.NextHopCheck;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where packets for a next hop go: to itself in our LAN networks, or to the router there that a
 * static route names. Routes that were learned lead to none, so that none depends on another.
 * Immutable.
 */
final class LanNextHops implements NextHopCheck {
    private final Map<Prefix, Integer> lans = new HashMap<>();
    private final Map<Prefix, NextHop> routers = new HashMap<>();
    private final Set<IpAddress> own = new HashSet<>();

    /**
     * @param routes of the site itself
     */
    LanNextHops(List<SiteSetup.LocalRoute> routes) {
        for (SiteSetup.LocalRoute route : routes) {
            if (route.nextHop().isOnLink()) {
                lans.put(route.prefix(), route.nextHop().index());
            } else if (route.nextHop().kind() == NextHop.Kind.HOST) {
                own.add(route.prefix().address());
            } else if (route.nextHop().kind() == NextHop.Kind.LAN && !route.prefix().isDefault()) {
                routers.put(route.prefix(), route.nextHop());
            }
        }
    }

    @Override
    public String fault(IpAddress nextHop) {
        if (own.contains(nextHop)) {
            return "its next hop " + nextHop + " is our own address";
        }
        return lanOf(nextHop) < 0 && routerTo(nextHop) == null
                ? "its next hop " + nextHop + " is in no LAN network, nor behind a static route"
                : "";
    }

    /** Only for one without a {@link #fault}. */
    NextHop via(IpAddress nextHop) {
        int lan = lanOf(nextHop);
        return lan < 0 ? routerTo(nextHop) : NextHop.via(lan, nextHop);
    }

    /** By the longest prefix; null: none. */
    private NextHop routerTo(IpAddress address) {
        Prefix longest = null;
        for (Prefix prefix : routers.keySet()) {
            boolean isLonger = longest == null || prefix.length() > longest.length();
            if (isLonger && prefix.contains(address)) {
                longest = prefix;
            }
        }
        return routers.get(longest);
    }

    /** Index of the LAN interface; negative: none. */
    private int lanOf(IpAddress address) {
        for (Map.Entry<Prefix, Integer> lan : lans.entrySet()) {
            if (lan.getKey().contains(address)) {
                return lan.getValue();
            }
        }
        return -1;
    }
}
