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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongToIntFunction;

/**
 * The PoP's routes and the sites' living tunnels as generations of the data plane. Owned by
 * control.
 */
final class PopForwarding {
    private final PopSetup setup;
    private final Rib rib;
    private final TunnelKeeper keeper;
    private final DataPlaneCommands commands;
    private Fib fib = Fib.EMPTY;
    private long ribVersion = -1;
    private long generation;
    private List<Integer> lastExits = List.of();

    PopForwarding(PopSetup setup, Rib rib, TunnelKeeper keeper, DataPlaneCommands commands) {
        this.setup = setup;
        this.rib = rib;
        this.keeper = keeper;
        this.commands = commands;
    }

    long generation() {
        return generation;
    }

    /**
     * @param sites by their dense index
     */
    void publishIfDue(Collection<AttachedSite> sites, LongToIntFunction indexOf) {
        List<Integer> exits = fingerprint(sites);
        if (rib.version() == ribVersion && exits.equals(lastExits)) {
            return;
        }
        if (rib.version() != ribVersion) {
            ribVersion = rib.version();
            fib = rib.toFib(generation + 1, indexOf);
        }
        lastExits = publish(sites) ? exits : List.of();
    }

    private boolean publish(Collection<AttachedSite> sites) {
        generation++;
        SiteExit[] exits = new SiteExit[sites.size()];
        for (AttachedSite site : sites) {
            exits[site.index()] = exit(site);
        }
        List<Tunnel> tunnels = keeper.tunnels().stream().map(ManagedTunnel::tunnel).toList();
        TunnelTable table = TunnelTable.of(tunnels);
        return commands.publish(
                new Forwarding(generation, 0, 0, fib, List.of(exits), table, setup.local()));
    }

    private static SiteExit exit(AttachedSite site) {
        List<Tunnel> wanted = site.wanted().stream().map(ManagedTunnel::tunnel).toList();
        return new SiteExit(site.id(), wanted, 0, false, site.links().size() > 1);
    }

    /** Changes whenever a publication is due because of tunnels. */
    private static List<Integer> fingerprint(Collection<AttachedSite> sites) {
        List<Integer> marks = new ArrayList<>();
        for (AttachedSite site : sites) {
            List<ManagedTunnel> wanted = site.wanted();
            marks.add(-1 - site.index());
            for (ManagedTunnel tunnel : site.tunnels()) {
                marks.add(wanted.contains(tunnel) ? tunnel.tunnel().index() : -1);
                marks.add(tunnel.tunnel().index());
            }
        }
        return marks;
    }
}
