package io.spillway.node.tunnel;

import io.spillway.control.mtu.PathMtu;
import io.spillway.control.recovery.Liveness;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.observe.DropTotals;
import java.net.Inet4Address;
import java.net.InetSocketAddress;

/**
 * Turns every tunnel's {@link PathMtu}: sends the probes that it asks for, padded, and tells the
 * data plane what it found. Owned by control.
 */
final class PathMtuProbing {
    /**
     * Inside a carrier that has the least itself: its 1200 bytes less all headers, as if over IPv6.
     */
    private static final int BASE_RELAYED = 1120;

    /** By then the data plane has done as it was told, and the change is seen. */
    private static final long APPLIED_NS = 20_000_000L;

    private final DataPlaneCommands commands;
    private final DropTotals drops;
    private final long raiseIntervalNs;
    private long refusedSeen;

    /**
     * @param raiseIntervalNs between attempts to send larger packets
     */
    PathMtuProbing(DataPlane dataPlane, long raiseIntervalNs) {
        this.raiseIntervalNs = raiseIntervalNs;
        commands = dataPlane.commands();
        drops = dataPlane.counters();
        refusedSeen = drops.dropped(DropReason.WAN_MESSAGE_SIZE);
    }

    /**
     * Of a new tunnel.
     *
     * @param isRelayed its packets go by way of a third site
     */
    PathMtu open(boolean isRelayed, InetSocketAddress remote, int linkMtu, long nowNs) {
        boolean isIpv4 = remote.getAddress() instanceof Inet4Address;
        int base = isIpv4 ? PathMtu.BASE_IPV4 : PathMtu.BASE_IPV6;
        return new PathMtu(isRelayed ? BASE_RELAYED : base, linkMtu, raiseIntervalNs, nowNs);
    }

    /**
     * Whether the kernel refused something for its size since this was asked last: it knows a
     * device that takes less than we send. Which one, the tunnels find out.
     */
    boolean isRefused() {
        long refused = drops.dropped(DropReason.WAN_MESSAGE_SIZE);
        boolean isAny = refused != refusedSeen;
        refusedSeen = refused;
        return isAny;
    }

    /**
     * Of a tunnel with a session.
     *
     * @param flags of our PROBEs
     */
    void poll(ManagedTunnel managed, int flags, long nowNs) {
        managed.isMtuChanging = false;
        Liveness liveness = managed.liveness();
        PathMtu pathMtu = managed.pathMtu();
        if (liveness.state() == Liveness.State.DOWN) {
            return;
        }
        pathMtu.poll(nowNs, liveness.replyWaitNs(), managed.tunnel().packetsSent().packets());
        for (int size = pathMtu.nextProbe(); size != 0; size = pathMtu.nextProbe()) {
            long sequence = liveness.onProbeSent(nowNs, true);
            Probe probe = new Probe(flags, (int) sequence, 0, size);
            if (!commands.sendProbe(managed.tunnel(), probe)) {
                break; // it goes out at the next turn
            }
            pathMtu.onProbeSent(sequence, nowNs);
        }
        apply(managed);
    }

    private void apply(ManagedTunnel managed) {
        int size = managed.pathMtu().size();
        if (size != managed.pathMtuApplied && commands.setPathMtu(managed.tunnel(), size)) {
            managed.pathMtuApplied = size;
            managed.isMtuChanging = true;
        }
    }

    /** When {@link #poll} has something to do next, of a tunnel with a session. */
    long deadlineNs(ManagedTunnel managed, long laterNs, long nowNs) {
        boolean isProbing = managed.liveness().state() != Liveness.State.DOWN;
        long dueNs = managed.isMtuChanging ? nowNs + APPLIED_NS : managed.pathMtu().deadlineNs();
        return isProbing && dueNs - laterNs < 0 ? dueNs : laterNs;
    }
}
