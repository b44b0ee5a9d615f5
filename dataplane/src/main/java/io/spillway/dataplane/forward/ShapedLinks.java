package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.shape.LinkShaper;

/**
 * The links whose bandwidth is known: what leaves by them waits in their queues, not in the
 * tunnels' rings. PROBEs and all else that keeps tunnels alive never wait, else a full link would
 * look like a dead one; but what they take of the link counts.
 *
 * <p>Owned by a WAN agent.
 */
public final class ShapedLinks {
    private final LinkShaper[] byLink;
    private final ForwardingView forwarding;
    private final Drops drops;
    private int turn;

    /**
     * @param byLink by link index; null where the bandwidth is unknown
     */
    public ShapedLinks(LinkShaper[] byLink, ForwardingView forwarding, Drops drops) {
        this.byLink = byLink.clone();
        this.forwarding = forwarding;
        this.drops = drops;
    }

    /** Whether the packet has a new owner; else it goes to the tunnel's ring. */
    boolean take(Tunnel tunnel, PacketBuffer packet) {
        LinkShaper shaper = tunnel.link() < byLink.length ? byLink[tunnel.link()] : null;
        if (shaper == null) {
            return false;
        }
        boolean isIp = TunnelSealer.isIpPacket(packet);
        if (!isIp && packet.contentType != ContentType.RELAY) {
            shaper.spend(packet.length() + tunnel.wireOverhead());
            return false;
        }
        packet.exit = Exit.tunnel(tunnel.index());
        packet.ipVersion = isIp ? packet.memory().getByte(packet.offset()) >>> 4 & 0xF : 0;
        shaper.offer(packet, tunnel.wireOverhead());
        return true;
    }

    /**
     * Fills {@code batch} with packets of one tunnel that may leave now; returns the tunnel, or
     * null. The links take turns.
     */
    Tunnel poll(PacketBatch batch) {
        Tunnel tunnel = null;
        for (int i = 0; i < byLink.length && tunnel == null; i++) {
            turn = turn + 1 < byLink.length ? turn + 1 : 0;
            tunnel = byLink[turn] == null ? null : poll(byLink[turn], batch);
        }
        return tunnel;
    }

    private Tunnel poll(LinkShaper shaper, PacketBatch batch) {
        TunnelTable tunnels = forwarding.current().tunnels();
        Tunnel tunnel = null;
        while (!batch.isFull() && shaper.peek() != null) {
            PacketBuffer packet = shaper.peek();
            Tunnel own = tunnels.get(Exit.index(packet.exit));
            if (own == null) {
                shaper.remove();
                drops.drop(packet, DropReason.TUNNEL_CLOSED);
                continue;
            }
            if (tunnel != null && own != tunnel) {
                break;
            }
            tunnel = own;
            shaper.remove();
            batch.add(packet);
        }
        return tunnel;
    }

    /** Whether a packet may leave now. */
    boolean isDue() {
        for (LinkShaper shaper : byLink) {
            if (shaper != null && shaper.isDue()) {
                return true;
            }
        }
        return false;
    }

    /** When one may leave, or the earlier {@code deadlineNs}. */
    long soonest(long deadlineNs) {
        long soonest = deadlineNs;
        for (LinkShaper shaper : byLink) {
            soonest = shaper == null ? soonest : shaper.soonest(soonest);
        }
        return soonest;
    }
}
