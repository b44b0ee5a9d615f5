package io.spillway.dataplane.forward;

import java.util.List;

/** How packets for one site leave: its transport's tunnels at this moment. Immutable. */
public final class SiteExit {
    private final long siteId;
    private final Tunnel[] tunnels;
    private final int clampMtu;
    private final boolean isProhibited;

    /**
     * @param tunnels of the transport in use; empty: the site cannot be reached
     * @param clampMtu smallest MTU among all transports the site may use now, so that a cut does
     *     not shrink a running TCP session; 0: no clamp
     * @param isProhibited no transport may be used: recovery is off at either end (D50)
     */
    public SiteExit(long siteId, List<Tunnel> tunnels, int clampMtu, boolean isProhibited) {
        this.siteId = siteId;
        this.tunnels = tunnels.toArray(Tunnel[]::new);
        this.clampMtu = clampMtu;
        this.isProhibited = isProhibited;
    }

    public long siteId() {
        return siteId;
    }

    boolean isProhibited() {
        return isProhibited;
    }

    int clampMtu() {
        return clampMtu;
    }

    /** Several tunnels share the flows. */
    boolean isSpread() {
        return tunnels.length > 1;
    }

    /** Null when there is none. */
    Tunnel first() {
        return tunnels.length == 0 ? null : tunnels[0];
    }

    /** A new flow's tunnel, of several: the same at both ends if they have the same ones up. */
    Tunnel choose(int flowHash) {
        return tunnels[Math.floorMod(flowHash, tunnels.length)];
    }

    /** The one with that {@link Tunnel#index()}, or null. */
    Tunnel tunnel(int index) {
        for (Tunnel tunnel : tunnels) {
            if (tunnel.index() == index) {
                return tunnel;
            }
        }
        return null;
    }
}
