package io.spillway.dataplane.forward;

import java.util.List;

/** How packets for one site leave: its transport's tunnels at this moment. Immutable. */
public final class SiteExit {
    private final long siteId;
    private final Tunnel[] tunnels;
    private final int clampMtu;
    private final boolean isProhibited;
    private final boolean isShared;

    /**
     * @param tunnels of the transport in use; empty: the site cannot be reached
     * @param clampMtu smallest MTU among all transports the site may use now, so that a cut does
     *     not shrink a running TCP session; 0: no clamp
     * @param isProhibited no transport may be used: recovery is off at either end (D50)
     * @param isShared flows are spread over several tunnels, though there may be one at the moment
     */
    public SiteExit(
            long siteId,
            List<Tunnel> tunnels,
            int clampMtu,
            boolean isProhibited,
            boolean isShared) {
        this.siteId = siteId;
        this.tunnels = tunnels.toArray(Tunnel[]::new);
        this.clampMtu = clampMtu;
        this.isProhibited = isProhibited;
        this.isShared = isShared;
    }

    /** One that never has more than one tunnel, or whose flows need not stay where they are. */
    public SiteExit(long siteId, List<Tunnel> tunnels, int clampMtu, boolean isProhibited) {
        this(siteId, tunnels, clampMtu, isProhibited, tunnels.size() > 1);
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

    /** Each flow is to stay on its tunnel, of which there is one at least. */
    boolean isSpread() {
        return isShared && tunnels.length > 0;
    }

    /** Null when there is none. */
    Tunnel first() {
        return tunnels.length == 0 ? null : tunnels[0];
    }

    /**
     * A new flow's tunnel, where there is any: the same at both ends if they have the same ones up.
     */
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
