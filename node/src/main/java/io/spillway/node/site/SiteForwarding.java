package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.recovery.Liveness;
import io.spillway.control.recovery.RecoveryMachine;
import io.spillway.control.recovery.Transport;
import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.SiteExit;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelTable;
import io.spillway.node.RouteTables;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelKeeper;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.rib.Rib;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Turns what control has decided into the data plane's next generation, when something changed.
 * Owned by control.
 */
final class SiteForwarding {
    private final SiteSetup setup;
    private final PeerDirectory directory;
    private final Rib rib;
    private final RouteTables tables;
    private final RecoveryMachine machine;
    private final SiteTunnels tunnels;
    private final TunnelKeeper keeper;
    private final DataPlaneCommands commands;
    private final long popLinks;
    private Fib fib = Fib.EMPTY;
    private Forwarding last = Forwarding.EMPTY;
    private long ribVersion = -1;
    private int indexCount = -1;
    private long generation;
    private boolean isDue = true;
    private int linkFlags;

    SiteForwarding(
            SiteSetup setup,
            PeerDirectory directory,
            Rib rib,
            RecoveryMachine machine,
            SiteTunnels tunnels,
            TunnelKeeper keeper,
            DataPlaneCommands commands) {
        this.setup = setup;
        this.directory = directory;
        this.rib = rib;
        tables = new RouteTables(rib);
        this.machine = machine;
        this.tunnels = tunnels;
        this.keeper = keeper;
        this.commands = commands;
        popLinks = setup.own().links().stream().filter(link -> !link.isAltWan()).count();
    }

    long generation() {
        return generation;
    }

    RouteTables tables() {
        return tables;
    }

    /** Whether packets to that address go to that site, by the routes in force. */
    boolean leadsTo(IpAddress address, long siteId) {
        int route =
                address.isIpv4()
                        ? fib.lookup4(address.toIpv4())
                        : fib.lookup6(address.high(), address.low());
        if (route == Fib.NO_ROUTE) {
            return false;
        }
        NextHop hop = fib.nextHop(route);
        return hop.kind() == NextHop.Kind.SITE && directory.siteAt(hop.index()) == siteId;
    }

    /** A tunnel, a transport or a flag changed. */
    void due() {
        isDue = true;
    }

    /** What our PROBEs tell the PoP of our links, as of the last publication. */
    int linkFlags() {
        return linkFlags;
    }

    /**
     * Publishes if anything changed since the last time.
     *
     * @return whether the PoP is to send by other links from now on
     */
    boolean publishIfDue() {
        int before = linkFlags;
        boolean haveRoutesChanged = haveRoutesChanged();
        if (isDue) {
            last = all(++generation);
        } else if (haveRoutesChanged) {
            last = last.with(++generation, fib);
        } else {
            return false;
        }
        isDue = !commands.publish(last);
        return linkFlags != before;
    }

    private Forwarding all(long generation) {
        List<SiteExit> exits = new ArrayList<>();
        List<Tunnel> toPop = tunnels.bestPopTunnels().stream().map(ManagedTunnel::tunnel).toList();
        linkFlags = Probe.links(toPop.stream().map(Tunnel::link).toList());
        int popMtu = smallestMtu(tunnels.toPop());
        for (int index = 0; index < directory.indexCount(); index++) {
            exits.add(exit(directory.siteAt(index), toPop, popMtu));
        }
        int flags = linkFlags | (machine.isTellingLeft() ? Probe.LEFT_CLOUD : 0);
        List<Tunnel> all = keeper.tunnels().stream().map(ManagedTunnel::tunnel).toList();
        return new Forwarding(
                generation,
                setup.own().id(),
                flags,
                fib,
                exits,
                TunnelTable.of(all, carriers(), silent()),
                setup.local());
    }

    private List<Tunnel> carriers() {
        return tunnels.carriers().stream().map(ManagedTunnel::tunnel).toList();
    }

    private List<Tunnel> silent() {
        return keeper.tunnels().stream()
                .filter(tunnel -> tunnel.liveness().state() == Liveness.State.DOWN)
                .map(ManagedTunnel::tunnel)
                .toList();
    }

    private SiteExit exit(long siteId, List<Tunnel> toPop, int popMtu) {
        Transport transport = machine.transportOf(siteId);
        List<Tunnel> chosen =
                switch (transport) {
                    case CLOUD -> toPop;
                    case ALT_WAN, RECOVERY -> peerTunnel(siteId, transport);
                    case NONE -> List.of();
                };
        boolean isProhibited = transport == Transport.NONE && isExcluded(siteId);
        boolean isShared = transport == Transport.CLOUD && popLinks > 1;
        return new SiteExit(siteId, chosen, clampMtu(siteId, popMtu), isProhibited, isShared);
    }

    /** Recovery is off at either end; else the site is merely not reached yet. */
    private boolean isExcluded(long siteId) {
        Peer peer = directory.peer(siteId);
        return !directory.isOwnRecoverable() || peer != null && !peer.site().isRecoverable();
    }

    private List<Tunnel> peerTunnel(long siteId, Transport transport) {
        ManagedTunnel chosen = tunnels.chosen(siteId, transport);
        return chosen == null ? List.of() : List.of(chosen.tunnel());
    }

    /** Smallest MTU of all that may carry the site's packets now or after a cut. */
    private int clampMtu(long siteId, int popMtu) {
        int peerMtu = smallestMtu(tunnels.toPeer(siteId));
        return popMtu == 0 || peerMtu == 0 ? Math.max(popMtu, peerMtu) : Math.min(popMtu, peerMtu);
    }

    /** Of those that live; 0: none does. */
    private static int smallestMtu(Collection<ManagedTunnel> some) {
        int smallest = 0;
        for (ManagedTunnel tunnel : some) {
            int mtu = tunnel.isAlive() ? tunnel.tunnel().mtu() : 0;
            smallest = smallest == 0 || mtu > 0 && mtu < smallest ? mtu : smallest;
        }
        return smallest;
    }

    private boolean haveRoutesChanged() {
        if (rib.version() == ribVersion && directory.indexCount() == indexCount) {
            return false;
        }
        isDue |= directory.indexCount() != indexCount;
        ribVersion = rib.version();
        indexCount = directory.indexCount();
        fib = tables.install(generation + 1, directory::indexOf);
        return true;
    }
}
