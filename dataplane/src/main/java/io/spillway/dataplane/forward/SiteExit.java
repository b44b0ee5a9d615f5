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

    /** The flow's tunnel, the same for all its packets; null when there is none. */
    Tunnel choose(int flowHash) {
        return switch (tunnels.length) {
            case 0 -> null;
            case 1 -> tunnels[0];
            default -> tunnels[Math.floorMod(flowHash, tunnels.length)];
        };
    }
}
