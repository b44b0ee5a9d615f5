package io.spillway.node.site;

import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.readiness.SiteReadiness;
import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.forward.Proof;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.routing.rib.Rib;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Whether recovery would work: proves tunnels, says what is missing and why, tells and keeps it,
 * holds drills. Owned by control, which says what happens.
 */
final class SiteProving {
    private final DataPlaneCommands commands;
    private final SiteTunnels tunnels;
    private final SiteProofs proofs;
    private final SiteReadinessWatch watch;
    private final SiteReports reports;
    private Drill drill;
    private int drills;
    private long nowNs;

    SiteProving(
            SiteSetup setup,
            PeerDirectory directory,
            Rib rib,
            SiteTunnels tunnels,
            SitePunching punching,
            SiteForwarding forwarding,
            SiteEvents events,
            SiteControl.Surroundings around,
            long nowNs) {
        this.tunnels = tunnels;
        this.nowNs = nowNs;
        commands = around.dataPlane().commands();
        proofs =
                new SiteProofs(setup, tunnels, rib, forwarding, this::send, around.random(), nowNs);
        watch =
                new SiteReadinessWatch(
                        setup, directory, tunnels, punching, proofs, around.credentials());
        reports = new SiteReports(setup, directory, tunnels, events, around, nowNs);
    }

    private boolean send(ManagedTunnel tunnel, Proof proof) {
        return commands.sendProof(tunnel.tunnel(), proof);
    }

    /**
     * After routes and tunnels were published; about ten times a second.
     *
     * @param sites whose turn it is
     */
    void poll(Set<Long> sites, long now) {
        nowNs = now;
        proofs.poll(sites, now);
        if (drill != null) {
            drill.poll(now);
        }
        if (reports.isLookDue(now)) {
            reports.look(assess(), now);
        }
    }

    /** Of this moment. */
    SiteReadiness assess() {
        return watch.assess(nowNs);
    }

    /** What the kernel and the data plane say. */
    SiteReadinessWatch watch() {
        return watch;
    }

    SiteProofs proofs() {
        return proofs;
    }

    SiteReports reports() {
        return reports;
    }

    /** An echo of ours came back. */
    void onProof(ManagedTunnel tunnel, int sequence, int length, long sentNs, long receivedNs) {
        if (!Drill.isOfDrill(sequence)) {
            proofs.onProof(tunnel, sequence, length, sentNs, receivedNs);
        } else if (drill != null) {
            int index = tunnel.tunnel().index();
            drill.onProof(index, sequence, length, receivedNs - sentNs);
        }
    }

    void onUnreachable(int link, InetSocketAddress remote, int code) {
        watch.onUnreachable(link, remote, code, nowNs);
    }

    void onRefused(int link, InetSocketAddress remote, String reason) {
        watch.onRefused(link, remote, reason, nowNs);
    }

    /**
     * Proves every tunnel to that site, or to all.
     *
     * @param siteId 0: to all
     * @param onEnd called once, on control's thread
     * @return false when one is under way
     */
    boolean beginDrill(long siteId, Consumer<Drill> onEnd) {
        if (drill != null) {
            return false;
        }
        drill = new Drill(drills++, this::send, ended -> end(ended, onEnd), nowNs);
        tunnels.toPeers()
                .forEach(
                        (key, tunnel) -> {
                            boolean isMeant = siteId == 0 || key.siteId() == siteId;
                            if (isMeant && tunnel.isAlive()) {
                                drill.add(key, tunnel, proofs.targets(key.siteId()));
                            }
                        });
        return true;
    }

    private void end(Drill ended, Consumer<Drill> onEnd) {
        drill = null;
        onEnd.accept(ended);
    }
}
