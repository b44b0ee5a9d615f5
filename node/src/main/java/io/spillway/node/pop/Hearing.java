package io.spillway.node.pop;

import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelKeeper;
import java.util.List;

/** Which tunnels of the sites speak, and which have been silent for so long that they end. */
final class Hearing {
    /** A site probes its PoP tunnels ten times a second; one that is silent so long has left. */
    private static final long SILENT_MAX_NS = 1_000_000_000L;

    /** A tick that comes so late was our own stall, not the sites' silence. */
    private static final long STALL_NS = 100_000_000L;

    /** Silent tunnels are kept so long, since a site behind a cut path comes back on them. */
    private static final long FORGET_TUNNEL_NS = 120_000_000_000L;

    private final TunnelKeeper keeper;
    private final Runnable onForgotten;
    private long stalledNs;
    private long nowNs;

    /**
     * @param onForgotten a tunnel was closed
     */
    Hearing(TunnelKeeper keeper, Runnable onForgotten, long nowNs) {
        this.keeper = keeper;
        this.onForgotten = onForgotten;
        this.nowNs = nowNs;
    }

    /** To be called at every tick. */
    void time(long now) {
        long late = now - nowNs;
        nowNs = now;
        stalledNs = late > STALL_NS ? now : stalledNs;
    }

    /** Whether other tunnels of the site speak than before. */
    boolean note(AttachedSite site, long wallMs) {
        boolean wasHere = site.isHere();
        boolean isNews = site.note(tunnel -> isHeard(tunnel, wasHere), wallMs);
        forgetSilentTunnels(site);
        return isNews;
    }

    /** After a stall of ours everybody gets the time to speak again. */
    private boolean isHeard(ManagedTunnel tunnel, boolean wasHere) {
        long quiet = nowNs - tunnel.heardNs();
        boolean hasSpoken = tunnel.hasSession() && tunnel.remoteLink() >= 0;
        boolean isStalled = stalledNs != 0 && nowNs - stalledNs < SILENT_MAX_NS;
        return hasSpoken && (quiet < SILENT_MAX_NS || (isStalled && wasHere));
    }

    private void forgetSilentTunnels(AttachedSite site) {
        boolean isAnyOld = false;
        for (ManagedTunnel tunnel : site.tunnels()) {
            isAnyOld |= isOld(tunnel);
        }
        if (isAnyOld) {
            forgetOldTunnels(site);
        }
    }

    private boolean isOld(ManagedTunnel tunnel) {
        return nowNs - tunnel.heardNs() > FORGET_TUNNEL_NS;
    }

    private void forgetOldTunnels(AttachedSite site) {
        for (ManagedTunnel tunnel : List.copyOf(site.tunnels())) {
            boolean isOther =
                    site.tunnels().stream()
                            .anyMatch(other -> other != tunnel && isHeard(other, site.isHere()));
            if (isOld(tunnel) && isOther) {
                site.tunnels().remove(tunnel);
                keeper.close(tunnel);
                onForgotten.run();
            }
        }
    }
}
