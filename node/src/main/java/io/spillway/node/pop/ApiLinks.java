package io.spillway.node.pop;

import io.spillway.control.directory.Link;
import io.spillway.node.pop.api.InterfaceInfo;
import io.spillway.node.pop.api.InterfaceLinkState;
import io.spillway.node.pop.api.InterfaceSnapshot;
import io.spillway.node.pop.api.WanRecovery;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.ArrayList;
import java.util.List;

/**
 * A site's WAN links in the words of the API. Of links whose tunnels another node has, only what is
 * configured is known. Owned by control.
 */
final class ApiLinks {
    private static final String TO_POP = "CATO";
    private static final String ALT_WAN = "ALTERNATIVE";
    private static final String TUNNEL_LOST = "WAN_TUNNEL_DISCONNECTED";
    private static final long MS_PER_S = 1000;

    private final AttachedSite site;
    private final List<Link> links;
    private final String popName;
    private final ReportedRecovery recovery;
    private final long wallMs;

    /**
     * @param popName this node's
     */
    ApiLinks(
            AttachedSite site,
            List<Link> links,
            String popName,
            ReportedRecovery recovery,
            long wallMs) {
        this.site = site;
        this.links = links;
        this.popName = popName;
        this.recovery = recovery;
        this.wallMs = wallMs;
    }

    /** As events name it in {@code socket_interface_id}. */
    private static String id(int link) {
        return Integer.toString(link);
    }

    List<InterfaceInfo> infos() {
        return links.stream().map(ApiLinks::info).toList();
    }

    List<InterfaceSnapshot> snapshots() {
        return links.stream().map(this::snapshot).toList();
    }

    List<InterfaceLinkState> states() {
        return links.stream().map(this::state).toList();
    }

    /** Why a site that is attached here is less well off than it might be, by published reasons. */
    List<String> lost() {
        List<String> lost = new ArrayList<>();
        for (Link link : links) {
            if (!link.isAltWan() && living(link) == null) {
                lost.add(TUNNEL_LOST);
            }
        }
        return lost;
    }

    private static InterfaceInfo info(Link link) {
        return new InterfaceInfo(
                id(link.index()),
                link.name(),
                link.isAltWan() ? ALT_WAN : TO_POP,
                "wan_" + (link.index() + 1));
    }

    private InterfaceSnapshot snapshot(Link link) {
        ManagedTunnel living = living(link);
        boolean isLiving = living != null;
        WanRecovery detail = recovery.detail(link.index());
        return new InterfaceSnapshot(
                info(link),
                link.index(),
                isConnected(link),
                isLiving ? popName : null,
                isLiving ? living.tunnel().remote().getAddress().getHostAddress() : null,
                isLiving ? uptime(link) : null,
                recovery.status(detail),
                detail);
    }

    private InterfaceLinkState state(Link link) {
        Boolean isProven = living(link) == null ? null : Boolean.TRUE;
        return new InterfaceLinkState(
                id(link.index()), isProven, isProven, isProven, isConnected(link));
    }

    /** Null: another node has the site, and knows. */
    private Boolean isConnected(Link link) {
        return site.away() == null ? living(link) != null : null;
    }

    /** Null: the tunnel names another link than a moment ago. */
    private Integer uptime(Link link) {
        Long sinceMs = site.livingSinceMs(link.index());
        return sinceMs == null ? null : (int) Math.max(0, (wallMs - sinceMs) / MS_PER_S);
    }

    private ManagedTunnel living(Link link) {
        if (site.away() != null) {
            return null;
        }
        return site.living().stream()
                .filter(tunnel -> tunnel.remoteLink() == link.index())
                .findFirst()
                .orElse(null);
    }
}
