package io.spillway.node.site;

import io.spillway.control.recovery.RecoveryEvent;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Role;
import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.RelayEndpoint;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelKeeper;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a site's tunnels ask and tell. Owned by control. */
final class SiteTunnelOwner implements TunnelKeeper.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(SiteTunnelOwner.class);

    private final SiteControl site;

    SiteTunnelOwner(SiteControl site) {
        this.site = site;
    }

    @Override
    public ManagedTunnel tunnelFor(int link, InetSocketAddress remote, PeerIdentity peer) {
        return site.tunnels().accept(link, remote, peer);
    }

    @Override
    public boolean isExpected(ManagedTunnel tunnel, PeerIdentity peer) {
        return tunnel.tunnel().isToPop()
                ? peer.role() == Role.POP
                : peer.role() == Role.SITE && peer.siteId() == tunnel.tunnel().siteId();
    }

    @Override
    public void onEstablished(ManagedTunnel tunnel) {
        LOG.info(
                "tunnel to {} {}: established",
                tunnel.peer().name(),
                describeWay(tunnel.tunnel().link(), tunnel.tunnel().remote()));
        site.onEstablished(tunnel);
    }

    @Override
    public void onRefused(int link, InetSocketAddress remote, String reason) {
        site.proving().onRefused(link, remote, reason);
    }

    @Override
    public void onProof(
            ManagedTunnel tunnel, int sequence, int length, long sentNs, long receivedNs) {
        site.proving().onProof(tunnel, sequence, length, sentNs, receivedNs);
    }

    @Override
    public void onMoved(ManagedTunnel tunnel) {
        LOG.info(
                "tunnel to {}: moved, now {}",
                tunnel.peer().name(),
                describeWay(tunnel.tunnel().link(), tunnel.tunnel().remote()));
        site.memory().noteChange(site.nowNs());
    }

    @Override
    public void onFlags(ManagedTunnel tunnel, int flags) {
        if (!tunnel.tunnel().isToPop()) {
            long siteId = tunnel.tunnel().siteId();
            boolean hasLeft = (flags & Probe.LEFT_CLOUD) != 0;
            if (hasLeft != site.machine().saysLeftCloud(siteId)) {
                site.tell(new RecoveryEvent.PeerLeftCloud(siteId, hasLeft));
            }
        }
    }

    @Override
    public void onPathReply(long siteId, long sentNs) {
        site.tell(new RecoveryEvent.PathAnswered(siteId, sentNs));
    }

    @Override
    public int threadOfRelay(InetSocketAddress remote) {
        ManagedTunnel carrier = site.tunnels().carrier(RelayEndpoint.via(remote));
        return carrier == null ? 0 : carrier.tunnel().wanThread();
    }

    @Override
    public String describeWay(int link, InetSocketAddress remote) {
        return site.tunnels().describeWay(link, remote);
    }

    @Override
    public void onStun(int link, InetSocketAddress remote, byte[] datagram) {
        site.punching().onStun(link, remote, datagram);
    }

    @Override
    public int probeFlags() {
        return site.forwarding().linkFlags()
                | (site.machine().isTellingLeft() ? Probe.LEFT_CLOUD : 0);
    }
}
