package io.spillway.node.pop;

import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.SiteExit;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelTable;
import io.spillway.node.RouteTables;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelKeeper;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.rib.Rib;
import java.util.List;

/**
 * The PoP's routes and the sites' living tunnels as generations of the data plane. Owned by
 * control.
 */
final class PopForwarding {
    /** Of an index that belongs to no site. */
    private static final SiteExit NOWHERE =
            SiteExit.atPop(0, List.of(), List.of(), List.of(), false);

    private final PopSetup setup;
    private final Rib rib;
    private final RouteTables tables;
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
            SiteRegister sites,
            DataPlaneCommands commands) {
        this.setup = setup;
        this.rib = rib;
        tables = new RouteTables(rib);
        this.keeper = keeper;
        this.sites = sites;
        this.commands = commands;
    }

    long generation() {
        return generation;
    }

    /** As last published. */
    Forwarding last() {
        return last;
    }

    RouteTables tables() {
        return tables;
    }

    /** A site's tunnel came, went, speaks or is silent. */
    void due() {
        isDue = true;
    }

    /** Publishes if anything changed since the last time. */
    void publishIfDue(long nowNs) {
        Fib before = fib;
        if (rib.version() != ribVersion || tables.isBehind()) {
            ribVersion = rib.version();
            fib = tables.install(generation + 1, sites::indexOf);
        }
        boolean haveRoutesChanged = fib != before;
        if (isDue || last.sites().size() != sites.byIndex().size()) {
            last = all(++generation, nowNs);
        } else if (haveRoutesChanged) {
            last = last.with(++generation, fib);
        } else {
            return;
        }
        isDue = !commands.publish(last);
    }

    private Forwarding all(long generation, long nowNs) {
        List<SiteExit> exits =
                sites.byIndex().stream()
                        .map(site -> site == null ? NOWHERE : exit(site, nowNs))
                        .toList();
        List<Tunnel> tunnels = keeper.tunnels().stream().map(ManagedTunnel::tunnel).toList();
        TunnelTable table = TunnelTable.of(tunnels);
        return new Forwarding(generation, 0, 0, fib, exits, table, setup.local())
                .withDirectInternet();
    }

    private static SiteExit exit(AttachedSite site, long nowNs) {
        List<Tunnel> own = site.wanted().stream().map(ManagedTunnel::tunnel).toList();
        List<Tunnel> origins = site.claims().origins(nowNs);
        PeerNode away = site.away();
        if (away != null) {
            List<Tunnel> node = List.of(away.tunnel().tunnel());
            return SiteExit.atPop(site.id(), node, own, origins, false);
        }
        return SiteExit.atPop(site.id(), own, own, origins, site.links().size() > 1);
    }
}
