package io.spillway.dataplane.forward;

import java.util.Collection;

/** The tunnels by index. Immutable; a tunnel keeps its index for life, so holes are normal. */
public final class TunnelTable {
    public static final TunnelTable EMPTY = new TunnelTable(new Tunnel[0]);

    private final Tunnel[] tunnels;

    private TunnelTable(Tunnel[] tunnels) {
        this.tunnels = tunnels;
    }

    public static TunnelTable of(Collection<Tunnel> tunnels) {
        int length = tunnels.stream().mapToInt(Tunnel::index).max().orElse(-1) + 1;
        Tunnel[] byIndex = new Tunnel[length];
        for (Tunnel tunnel : tunnels) {
            byIndex[tunnel.index()] = tunnel;
        }
        return new TunnelTable(byIndex);
    }

    /** Null where there is none (any more). */
    public Tunnel get(int index) {
        return index < tunnels.length ? tunnels[index] : null;
    }
}
