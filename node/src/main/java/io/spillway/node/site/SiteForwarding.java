package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.recovery.Liveness;
import io.spillway.control.recovery.RecoveryMachine;
import io.spillway.control.recovery.RecoveryState;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns what control has decided into the data plane's next generation, when something changed:
 * ways are chosen anew only to the sites of which something did. Owned by control.
 */
final class SiteForwarding {
    private final SiteSetup setup;
    private final PeerDirectory directory;
    private final Rib rib;
    private final RouteTables tables;
    private final RecoveryMachine machine;
    private final SiteTunnels tunnels;
    private final TunnelKeeper keeper;
    private final SiteInternet internet;
    private final DataPlaneCommands commands;
    private final long popLinks;
    private Fib fib = Fib.EMPTY;
    private Forwarding last = Forwarding.EMPTY;
    private long ribVersion = -1;
    private int indexCount = -1;
    private long generation;
    private final Set<Long> dueSites = new HashSet<>();
    private final List<SiteExit> exits = new ArrayList<>(); // by index, as they were last chosen
    private final Map<Long, Tunnel> carriers = new HashMap<>();
    private List<Tunnel> toPop = List.of();
    private int popMtu;
    private boolean isDue = true;
    private int linkFlags;
    private long nowNs;

    /** Of the sites that are in the cloud, since when. */
    private final Map<Long, Long> cloudSinceNs = new HashMap<>();

    SiteForwarding(
            SiteSetup setup,
            PeerDirectory directory,
            Rib rib,
            RecoveryMachine machine,
            SiteTunnels tunnels,
            TunnelKeeper keeper,
            SiteInternet internet,
            DataPlaneCommands commands) {
        this.setup = setup;
        this.internet = internet;
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

    /** Routes have changed that are not published yet. */
    boolean isBehind() {
        return tables.isBehind();
    }

    /** As last published. */
    Forwarding last() {
        return last;
    }

    /** As last published, but as if the site were attached to its PoP, or had lost it. */
    Forwarding assuming(boolean isInCloud) {
        List<SiteExit> assumed = new ArrayList<>();
        for (SiteExit exit : last.sites()) {
            assumed.add(assumedExit(exit.siteId(), isInCloud));
        }
        return new Forwarding(
                last.generation(),
                last.ownSiteId(),
                last.probeFlags(),
                last.fib(),
                assumed,
                cloudExit(isInCloud ? toPop : List.of()),
                !isInCloud && internet.leadsOut(),
                last.tunnels(),
                last.local());
    }

    private SiteExit assumedExit(long siteId, boolean isInCloud) {
        Transport transport = assumedTransport(siteId, isInCloud);
        List<Tunnel> likely =
                switch (transport) {
                    case CLOUD -> toPop;
                    case ALT_WAN, RECOVERY -> list(tunnels.likely(siteId, transport));
                    case NONE -> List.of();
                };
        return exit(siteId, transport, likely);
    }

    /** By the tunnels that are up now. */
    Transport assumedTransport(long siteId, boolean isInCloud) {
        if (isInCloud) {
            return Transport.CLOUD;
        }
        if (tunnels.isReachable(siteId, Transport.ALT_WAN)) {
            return Transport.ALT_WAN;
        }
        boolean isReachable = tunnels.isReachable(siteId, Transport.RECOVERY);
        return isReachable && !isExcluded(siteId) ? Transport.RECOVERY : Transport.NONE;
    }

    /** How packets to each site leave, as last published. */
    List<SiteExit> exits() {
        return last.sites();
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

    /** A transport, a flag or the directory changed. */
    void due() {
        isDue = true;
    }

    /** A tunnel to that site changed; 0: to a PoP. */
    void due(long siteId) {
        isDue |= siteId == 0;
        dueSites.add(siteId);
    }

    /** To which the next publication chooses a way anew. */
    Set<Long> dueSites() {
        return isDue ? tunnels.sites() : Set.copyOf(dueSites);
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
    boolean publishIfDue(long now) {
        nowNs = now;
        int before = linkFlags;
        boolean haveRoutesChanged = haveRoutesChanged();
        if (isDue) {
            chooseAll();
            last = forwarding(++generation);
        } else if (!dueSites.isEmpty()) {
            dueSites.forEach(this::choose);
            last = forwarding(++generation);
        } else if (haveRoutesChanged) {
            last = last.with(++generation, fib);
        } else {
            return false;
        }
        dueSites.clear();
        isDue = !commands.publish(last);
        return linkFlags != before;
    }

    private void chooseAll() {
        toPop = tunnels.bestPopTunnels().stream().map(ManagedTunnel::tunnel).toList();
        linkFlags = Probe.links(toPop.stream().map(Tunnel::link).toList());
        popMtu = smallestMtu(tunnels.toPop());
        exits.clear();
        carriers.clear();
        for (int index = 0; index < directory.indexCount(); index++) {
            exits.add(null);
            choose(directory.siteAt(index));
        }
    }

    private void choose(long siteId) {
        int index = directory.indexOf(siteId);
        if (index == PeerDirectory.NO_INDEX) {
            return;
        }
        exits.set(index, exit(siteId));
        ManagedTunnel carrier = tunnels.carrier(siteId);
        if (carrier == null) {
            carriers.remove(siteId);
        } else {
            carriers.put(siteId, carrier.tunnel());
        }
    }

    private Forwarding forwarding(long generation) {
        int flags = linkFlags | (machine.isTellingLeft() ? Probe.LEFT_CLOUD : 0);
        List<Tunnel> all = keeper.tunnels().stream().map(ManagedTunnel::tunnel).toList();
        return new Forwarding(
                generation,
                setup.own().id(),
                flags,
                fib,
                exits,
                cloudExit(cloud()),
                internet.isDirect(),
                TunnelTable.of(all, carriers.values(), silent()),
                setup.local());
    }

    private SiteExit cloudExit(List<Tunnel> toCloud) {
        return new SiteExit(setup.own().id(), toCloud, popMtu, false, popLinks > 1);
    }

    /** What comes back by the PoP leaves by it as long as we are attached to one. */
    private List<Tunnel> cloud() {
        return machine.state() == RecoveryState.CLOUD ? toPop : List.of();
    }

    private List<Tunnel> silent() {
        return keeper.tunnels().stream()
                .filter(tunnel -> tunnel.liveness().state() == Liveness.State.DOWN)
                .map(ManagedTunnel::tunnel)
                .toList();
    }

    private SiteExit exit(long siteId) {
        Transport transport = machine.transportOf(siteId);
        List<Tunnel> chosen =
                switch (transport) {
                    case CLOUD -> toPop;
                    case ALT_WAN, RECOVERY -> peerTunnel(siteId, transport);
                    case NONE -> List.of();
                };
        if (transport == Transport.CLOUD) {
            cloudSinceNs.putIfAbsent(siteId, nowNs);
        } else {
            cloudSinceNs.remove(siteId);
        }
        return exit(siteId, transport, chosen);
    }

    private SiteExit exit(long siteId, Transport transport, List<Tunnel> chosen) {
        boolean isProhibited = transport == Transport.NONE && isExcluded(siteId);
        boolean isShared = transport == Transport.CLOUD && popLinks > 1;
        int clampMtu = clampMtu(siteId);
        var exit = new SiteExit(siteId, chosen, clampMtu, isProhibited, isShared);
        if (transport == Transport.CLOUD) {
            return exit.inCloud(
                    direct(siteId, Transport.RECOVERY, clampMtu),
                    direct(siteId, Transport.ALT_WAN, clampMtu),
                    settledNs(siteId));
        }
        return transport == Transport.ALT_WAN && !chosen.isEmpty() ? exit.onAltWan() : exit;
    }

    /** For those whom a rule sends off the cloud; null: nothing lives there. */
    private SiteExit direct(long siteId, Transport transport, int clampMtu) {
        List<Tunnel> direct =
                tunnels.direct(siteId, transport).stream().map(ManagedTunnel::tunnel).toList();
        return direct.isEmpty() ? null : new SiteExit(siteId, direct, clampMtu, false, true);
    }

    /** Until then the site may still send as it did off the cloud, although we do not. */
    private long settledNs(long siteId) {
        return cloudSinceNs.getOrDefault(siteId, nowNs) + RecoveryMachine.OLD_TRANSPORT_NS;
    }

    /** Recovery is off at either end; else the site is merely not reached yet. */
    private boolean isExcluded(long siteId) {
        Peer peer = directory.peer(siteId);
        return !directory.isOwnRecoverable() || peer != null && !peer.site().isRecoverable();
    }

    private List<Tunnel> peerTunnel(long siteId, Transport transport) {
        return list(tunnels.chosen(siteId, transport));
    }

    private static List<Tunnel> list(ManagedTunnel tunnel) {
        return tunnel == null ? List.of() : List.of(tunnel.tunnel());
    }

    /** Smallest MTU of all that may carry the site's packets now or after a cut. */
    private int clampMtu(long siteId) {
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
        boolean isSame = rib.version() == ribVersion && directory.indexCount() == indexCount;
        if (isSame && !isBehind()) {
            return false;
        }
        isDue |= directory.indexCount() != indexCount;
        ribVersion = rib.version();
        indexCount = directory.indexCount();
        Fib before = fib;
        fib = tables.install(generation + 1, directory::indexOf);
        return fib != before;
    }
}
