package io.spillway.dataplane.forward;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;

/** The tunnels by index. Immutable; a tunnel keeps its index for life, so holes are normal. */
public final class TunnelTable {
    public static final TunnelTable EMPTY = of(List.of());

    private final Tunnel[] tunnels;
    private final BitSet silent = new BitSet();
    private final Long2ObjectHashMap<Tunnel> carriers = new Long2ObjectHashMap<>();

    private TunnelTable(Tunnel[] tunnels) {
        this.tunnels = tunnels;
    }

    public static TunnelTable of(Collection<Tunnel> tunnels) {
        return of(tunnels, List.of(), List.of());
    }

    /**
     * @param carriers of what is relayed: a direct tunnel to each site that has one that lives
     * @param silent those of the tunnels whose far end was given up, though they have a session
     */
    public static TunnelTable of(
            Collection<Tunnel> tunnels, Collection<Tunnel> carriers, Collection<Tunnel> silent) {
        int length = tunnels.stream().mapToInt(Tunnel::index).max().orElse(-1) + 1;
        Tunnel[] byIndex = new Tunnel[length];
        for (Tunnel tunnel : tunnels) {
            byIndex[tunnel.index()] = tunnel;
        }
        TunnelTable table = new TunnelTable(byIndex);
        carriers.forEach(tunnel -> table.carriers.put(tunnel.siteId(), tunnel));
        silent.forEach(tunnel -> table.silent.set(tunnel.index()));
        return table;
    }

    /** The direct tunnel to that site; null: none lives. */
    Tunnel carrier(long siteId) {
        return carriers.get(siteId);
    }

    /** One with a session whose far end was not given up; null: none has that index. */
    Tunnel answering(int index) {
        Tunnel tunnel = silent.get(index) ? null : get(index);
        return tunnel != null && tunnel.isUp() ? tunnel : null;
    }

    /** Null where there is none (any more). */
    public Tunnel get(int index) {
        return index < tunnels.length ? tunnels[index] : null;
    }
}
