package io.spillway.dataplane.forward;

import java.util.Collection;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;

/** The tunnels by index. Immutable; a tunnel keeps its index for life, so holes are normal. */
public final class TunnelTable {
    public static final TunnelTable EMPTY = of(List.of());

    private final Tunnel[] tunnels;
    private final Long2ObjectHashMap<Tunnel> carriers = new Long2ObjectHashMap<>();

    private TunnelTable(Tunnel[] tunnels) {
        this.tunnels = tunnels;
    }

    public static TunnelTable of(Collection<Tunnel> tunnels) {
        return of(tunnels, List.of());
    }

    /**
     * @param carriers of what is relayed: a direct tunnel to each site that has one that lives
     */
    public static TunnelTable of(Collection<Tunnel> tunnels, Collection<Tunnel> carriers) {
        int length = tunnels.stream().mapToInt(Tunnel::index).max().orElse(-1) + 1;
        Tunnel[] byIndex = new Tunnel[length];
        for (Tunnel tunnel : tunnels) {
            byIndex[tunnel.index()] = tunnel;
        }
        TunnelTable table = new TunnelTable(byIndex);
        carriers.forEach(tunnel -> table.carriers.put(tunnel.siteId(), tunnel));
        return table;
    }

    /** The direct tunnel to that site; null: none lives. */
    Tunnel carrier(long siteId) {
        return carriers.get(siteId);
    }

    /** Null where there is none (any more). */
    public Tunnel get(int index) {
        return index < tunnels.length ? tunnels[index] : null;
    }
}
