package io.spillway.dataplane.forward;

import java.util.List;

/** How packets for one site leave: its transport's tunnels at this moment. Immutable. */
public final class SiteExit {
    private final long siteId;
    private static final Tunnel[] NONE = {};

    private final Tunnel[] tunnels;
    private final Tunnel[] own;
    private final Tunnel[] origins;
    private final int clampMtu;
    private final boolean isProhibited;

    /**
     * @param tunnels of the transport in use; empty: the site cannot be reached
     * @param clampMtu smallest MTU among all transports the site may use now, so that a cut does
     *     not shrink a running TCP session; 0: no clamp
     * @param isProhibited no transport may be used: recovery is off at either end (D50)
     */
    public SiteExit(long siteId, List<Tunnel> tunnels, int clampMtu, boolean isProhibited) {
        this(siteId, tunnels.toArray(Tunnel[]::new), NONE, NONE, clampMtu, isProhibited);
    }

    private SiteExit(
            long siteId,
            Tunnel[] tunnels,
            Tunnel[] own,
            Tunnel[] origins,
            int clampMtu,
            boolean isProhibited) {
        this.siteId = siteId;
        this.tunnels = tunnels;
        this.own = own;
        this.origins = origins;
        this.clampMtu = clampMtu;
        this.isProhibited = isProhibited;
    }

    /**
     * At a PoP node.
     *
     * @param tunnels the site's own, or the one to the node that it is attached to
     * @param own to the site itself, whether or not they are those
     * @param origins to the nodes from which its packets may come
     */
    public static SiteExit atPop(
            long siteId, List<Tunnel> tunnels, List<Tunnel> own, List<Tunnel> origins) {
        return new SiteExit(
                siteId,
                tunnels.toArray(Tunnel[]::new),
                own.toArray(Tunnel[]::new),
                origins.toArray(Tunnel[]::new),
                0,
                false);
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
        return choose(tunnels, flowHash);
    }

    /** As {@link #choose}, without the way by another node: that was gone already. */
    Tunnel chooseOwn(int flowHash) {
        return choose(own, flowHash);
    }

    private static Tunnel choose(Tunnel[] among, int flowHash) {
        return switch (among.length) {
            case 0 -> null;
            case 1 -> among[0];
            default -> among[Math.floorMod(flowHash, among.length)];
        };
    }

    /** Whether the site is, or was a moment ago, attached to the node at that tunnel's far end. */
    boolean mayComeBy(Tunnel node) {
        for (Tunnel origin : origins) {
            if (origin == node) {
                return true;
            }
        }
        return false;
    }
}
