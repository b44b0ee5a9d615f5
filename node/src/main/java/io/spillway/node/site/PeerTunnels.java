package io.spillway.node.site;

import io.spillway.control.directory.TunnelPlan;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;

/** The tunnels to peers, by key and by site, so that nobody looks at all for one. */
final class PeerTunnels {
    private final Map<TunnelPlan.Key, ManagedTunnel> all = new HashMap<>();
    private final NavigableMap<Long, Map<TunnelPlan.Key, ManagedTunnel>> bySite = new TreeMap<>();

    /** Null: there is none. */
    ManagedTunnel get(TunnelPlan.Key key) {
        return all.get(key);
    }

    Map<TunnelPlan.Key, ManagedTunnel> all() {
        return Collections.unmodifiableMap(all);
    }

    /** Those to one site, in the order of their coming. */
    Map<TunnelPlan.Key, ManagedTunnel> to(long siteId) {
        return Collections.unmodifiableMap(bySite.getOrDefault(siteId, Map.of()));
    }

    NavigableSet<Long> sites() {
        return Collections.unmodifiableNavigableSet(bySite.navigableKeySet());
    }

    void put(TunnelPlan.Key key, ManagedTunnel tunnel) {
        all.put(key, tunnel);
        bySite.computeIfAbsent(key.siteId(), _ -> new LinkedHashMap<>()).put(key, tunnel);
    }

    /** What was there, or null. */
    ManagedTunnel remove(TunnelPlan.Key key) {
        ManagedTunnel removed = all.remove(key);
        Map<TunnelPlan.Key, ManagedTunnel> ofSite = bySite.get(key.siteId());
        if (ofSite != null) {
            ofSite.remove(key);
            if (ofSite.isEmpty()) {
                bySite.remove(key.siteId());
            }
        }
        return removed;
    }
}
