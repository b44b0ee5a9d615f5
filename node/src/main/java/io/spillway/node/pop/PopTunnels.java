package io.spillway.node.pop;

import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Role;
import io.spillway.node.channel.EndpointText;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelKeeper;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose a tunnel is that ends at the PoP, and what follows from what it tells. Owned by control.
 */
final class PopTunnels implements TunnelKeeper.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(PopTunnels.class);

    private final PopSetup setup;
    private final SiteRegister sites;
    private final NodeMesh mesh;
    private final Rivals rivals;
    private final StunAnswers stun;
    private final Runnable onTunnel;
    private final Consumer<AttachedSite> onMoved;
    private TunnelKeeper keeper;

    /**
     * @param onTunnel packets may take other tunnels from now on
     * @param onMoved a site is seen elsewhere
     */
    PopTunnels(
            PopSetup setup,
            SiteRegister sites,
            NodeMesh mesh,
            Rivals rivals,
            StunAnswers stun,
            Runnable onTunnel,
            Consumer<AttachedSite> onMoved) {
        this.setup = setup;
        this.sites = sites;
        this.mesh = mesh;
        this.rivals = rivals;
        this.stun = stun;
        this.onTunnel = onTunnel;
        this.onMoved = onMoved;
    }

    /** Before any tunnel is opened. */
    void start(TunnelKeeper tunnelKeeper) {
        keeper = tunnelKeeper;
    }

    @Override
    public ManagedTunnel tunnelFor(int link, InetSocketAddress remote, PeerIdentity peer) {
        if (peer.role() == Role.POP) {
            return mesh.tunnelFor(remote, peer);
        }
        AttachedSite site = sites.site(peer.siteId(), peer.name());
        if (site == null) {
            return null;
        }
        String rival = rivals.of(site, peer);
        if (rival != null) {
            LOG.warn("tunnel of {} at {} refused: {}", peer.name(), remote, rival);
            return null;
        }
        return site.tunnels().stream()
                .filter(tunnel -> tunnel.tunnel().link() == link)
                .filter(tunnel -> tunnel.tunnel().remote().equals(remote))
                .findFirst()
                .orElseGet(() -> open(site, link, remote));
    }

    private ManagedTunnel open(AttachedSite site, int link, InetSocketAddress remote) {
        ManagedTunnel opened = keeper.open(link, site.id(), remote, setup.linkMtu(), false);
        site.tunnels().add(opened);
        onTunnel.run();
        return opened;
    }

    @Override
    public boolean isExpected(ManagedTunnel tunnel, PeerIdentity peer) {
        return tunnel.tunnel().isToPop()
                ? mesh.isExpected(tunnel, peer)
                : peer.role() == Role.SITE && peer.siteId() == tunnel.tunnel().siteId();
    }

    @Override
    public void onEstablished(ManagedTunnel tunnel) {
        LOG.info("tunnel of {} at {}: established", tunnel.peer().name(), tunnel.tunnel().remote());
        onTunnel.run();
    }

    @Override
    public void onMoved(ManagedTunnel tunnel) {
        AttachedSite site = sites.find(tunnel.tunnel().siteId());
        LOG.info("tunnel of {}: moved to {}", tunnel.peer().name(), tunnel.tunnel().remote());
        if (site != null) {
            onMoved.accept(site);
        }
    }

    @Override
    public void onFlags(ManagedTunnel tunnel, int flags) {
        AttachedSite site = sites.find(tunnel.tunnel().siteId());
        if (site != null && site.probeFlags(flags)) {
            onTunnel.run();
        }
    }

    /** The far ends ask for paths through us; we ask for none. */
    @Override
    public void onPathReply(long siteId, long sentNs) {}

    @Override
    public int probeFlags() {
        return 0;
    }

    @Override
    public String describeWay(int link, InetSocketAddress remote) {
        return "at " + EndpointText.of(remote);
    }

    /** A PoP has nobody relay for it. */
    @Override
    public int threadOfRelay(InetSocketAddress remote) {
        return 0;
    }

    @Override
    public void onStun(int link, InetSocketAddress remote, byte[] datagram) {
        stun.answer(link, remote, datagram);
    }
}
