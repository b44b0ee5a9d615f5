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
import java.util.List;
import java.util.Map;

/**
 * The PoP's routes and the sites' living tunnels as generations of the data plane. Owned by
 * control.
 */
final class PopForwarding {
    /**
     * All routes are put in order anew for each change; where they are many, the next one waits so
     * long for each of them.
     */
    private static final long ROUTE_NS = 2_000L;

    private final PopSetup setup;
    private final Rib rib;
    private final TunnelKeeper keeper;
    private final Map<Long, AttachedSite> sites;
    private final DataPlaneCommands commands;
    private Fib fib = Fib.EMPTY;
    private long ribVersion = -1;
    private long routesNs;
    private long generation;
    private boolean isDue = true;

    /**
     * @param sites all by ID, a view
     */
    PopForwarding(
            PopSetup setup,
            Rib rib,
            TunnelKeeper keeper,
            Map<Long, AttachedSite> sites,
            DataPlaneCommands commands,
            long nowNs) {
        this.setup = setup;
        this.rib = rib;
        this.keeper = keeper;
        this.sites = sites;
        this.commands = commands;
        routesNs = nowNs;
    }

    long generation() {
        return generation;
    }

    /** A site's tunnel came, went, speaks or is silent. */
    void due() {
        isDue = true;
    }

    /** Publishes if anything changed since the last time. */
    void publishIfDue(long nowNs) {
        if (rib.version() != ribVersion && nowNs - routesNs >= 0) {
            ribVersion = rib.version();
            fib = rib.toFib(generation + 1, this::indexOf);
            routesNs = nowNs + routeCount() * ROUTE_NS;
            isDue = true;
        }
        if (isDue) {
            isDue = !publish();
        }
    }

    private int indexOf(long siteId) {
        AttachedSite site = sites.get(siteId);
        return site == null ? -1 : site.index();
    }

    private long routeCount() {
        return sites.values().stream()
                .filter(site -> site.prefixes() != null)
                .mapToLong(site -> site.prefixes().size())
                .sum();
    }

    private boolean publish() {
        generation++;
        SiteExit[] exits = new SiteExit[sites.size()];
        for (AttachedSite site : sites.values()) {
            exits[site.index()] = exit(site);
        }
        List<Tunnel> tunnels = keeper.tunnels().stream().map(ManagedTunnel::tunnel).toList();
        TunnelTable table = TunnelTable.of(tunnels);
        return commands.publish(
                new Forwarding(generation, 0, 0, fib, List.of(exits), table, setup.local()));
    }

    private static SiteExit exit(AttachedSite site) {
        List<Tunnel> living = site.living().stream().map(ManagedTunnel::tunnel).toList();
        return new SiteExit(site.id(), living, 0, false);
    }
}
