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
 * Routers that packets can be given to: those in our LAN networks. Nothing else is one, so that no
 * next hop has to be looked up in another route. Immutable.
 */
final class LanNextHops implements NextHopCheck {
    private final Map<Prefix, Integer> lans = new HashMap<>();
    private final Set<IpAddress> own = new HashSet<>();

    /**
     * @param routes of the site itself; those of its networks and its own addresses count
     */
    LanNextHops(List<SiteSetup.LocalRoute> routes) {
        for (SiteSetup.LocalRoute route : routes) {
            if (route.nextHop().isOnLink()) {
                lans.put(route.prefix(), route.nextHop().index());
            } else if (route.nextHop().kind() == NextHop.Kind.HOST) {
                own.add(route.prefix().address());
            }
        }
    }

    @Override
    public String fault(IpAddress nextHop) {
        if (own.contains(nextHop)) {
            return "its next hop " + nextHop + " is our own address";
        }
        return lanOf(nextHop) < 0 ? "its next hop " + nextHop + " is in no LAN network" : "";
    }

    /** Only for one without a {@link #fault}. */
    NextHop via(IpAddress nextHop) {
        return NextHop.via(lanOf(nextHop), nextHop);
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
