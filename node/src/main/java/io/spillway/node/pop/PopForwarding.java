package io.spillway.node.pop;

import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.SiteExit;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelTable;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelKeeper;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.rib.Rib;
import io.spillway.routing.rib.RouteInstaller;
import java.util.List;

/**
 * The PoP's routes and the sites' living tunnels as generations of the data plane. Owned by
 * control.
 */
final class PopForwarding {
    private final PopSetup setup;
    private final Rib rib;
    private final RouteInstaller installer;
    private final TunnelKeeper keeper;
    private final SiteRegister sites;
    private final DataPlaneCommands commands;
    private Fib fib = Fib.EMPTY;
    private Forwarding last = Forwarding.EMPTY;
    private long ribVersion = -1;
    private long generation;
    private boolean isDue = true;

    /**
     * @param sites all
     */
    PopForwarding(
            PopSetup setup,
            Rib rib,
            TunnelKeeper keeper,
<<<<<<< HEAD
            SiteRegister sites,
            DataPlaneCommands commands,
            long nowNs) {
=======
            Map<Long, AttachedSite> sites,
            DataPlaneCommands commands) {
>>>>>>> main
        this.setup = setup;
        this.rib = rib;
        installer = new RouteInstaller(rib);
        this.keeper = keeper;
        this.sites = sites;
        this.commands = commands;
    }

    long generation() {
        return generation;
    }

    /** A site's tunnel came, went, speaks or is silent. */
    void due() {
        isDue = true;
    }

    /** Publishes if anything changed since the last time. */
    void publishIfDue() {
        boolean haveRoutesChanged = rib.version() != ribVersion;
        if (haveRoutesChanged) {
            ribVersion = rib.version();
<<<<<<< HEAD
            fib = rib.toFib(generation + 1, sites::indexOf);
            routesNs = nowNs + routeCount() * ROUTE_NS;
            isDue = true;
        }
        if (isDue) {
            isDue = !publish(nowNs);
=======
            fib = installer.install(generation + 1, this::indexOf);
        }
        if (isDue || last.sites().size() != sites.size()) {
            last = all(++generation);
        } else if (haveRoutesChanged) {
            last = last.with(++generation, fib);
        } else {
            return;
>>>>>>> main
        }
        isDue = !commands.publish(last);
    }

<<<<<<< HEAD
    private long routeCount() {
        return sites.all().stream()
                .filter(site -> site.prefixes() != null)
                .mapToLong(site -> site.prefixes().size())
                .sum();
    }

    private boolean publish(long nowNs) {
        generation++;
        SiteExit[] exits = new SiteExit[sites.all().size()];
        for (AttachedSite site : sites.all()) {
            exits[site.index()] = exit(site, nowNs);
=======
    private int indexOf(long siteId) {
        AttachedSite site = sites.get(siteId);
        return site == null ? -1 : site.index();
    }

    private Forwarding all(long generation) {
        SiteExit[] exits = new SiteExit[sites.size()];
        for (AttachedSite site : sites.values()) {
            exits[site.index()] = exit(site);
>>>>>>> main
        }
        List<Tunnel> tunnels = keeper.tunnels().stream().map(ManagedTunnel::tunnel).toList();
        TunnelTable table = TunnelTable.of(tunnels);
        return new Forwarding(generation, 0, 0, fib, List.of(exits), table, setup.local());
    }

    private static SiteExit exit(AttachedSite site, long nowNs) {
        List<Tunnel> own = site.living().stream().map(ManagedTunnel::tunnel).toList();
        PeerNode away = site.away();
        List<Tunnel> used = away == null ? own : List.of(away.tunnel().tunnel());
        return SiteExit.atPop(site.id(), used, own, site.claims().origins(nowNs));
    }
}
