package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.Ipv4Fragmenter;
import io.spillway.dataplane.header.Ipv6Extensions;
import io.spillway.dataplane.header.MssClamp;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.observe.DropReason;

/**
 * Makes packets fit a tunnel: TCP is told a smaller segment size, what may be fragmented is, the
 * rest goes back with the tunnel's MTU in an ICMP error.
 *
 * <p>Owned by the data-plane agent.
 */
public final class TunnelFit {
    private final Exits exits;
    private final IcmpReporter icmp;
    private final Drops drops;
    private final PacketPool pool;

    public TunnelFit(Exits exits, IcmpReporter icmp, Drops drops, PacketPool pool) {
        this.exits = exits;
        this.icmp = icmp;
        this.drops = drops;
        this.pool = pool;
    }

    /** Whether the packet walks on to {@code tunnel} as it is; else it has a new owner. */
    boolean fits(PacketBuffer packet, SiteExit site, Tunnel tunnel) {
        int mtu = tunnel.mtu();
        clampMss(packet, site.clampMtu() > 0 ? Math.min(site.clampMtu(), mtu) : mtu);
        if (packet.length() <= mtu) {
            return true;
        }
        int fragments =
                packet.ipVersion == 4
                        ? Ipv4Fragmenter.count(
                                packet.memory(), packet.offset(), packet.length(), mtu)
                        : 0;
        if (fragments == 0) {
            icmp.report(packet, DropReason.PACKET_TOO_BIG, mtu);
            drops.drop(packet, DropReason.PACKET_TOO_BIG);
        } else {
            fragment(packet, mtu, fragments);
        }
        return false;
    }

    /** Lowers the MSS that a SYN announces, so that the far end's segments fit {@code mtu}. */
    void clampMss(PacketBuffer packet, int mtu) {
        boolean isSyn =
                packet.protocol == TcpHeader.PROTOCOL
                        && !packet.isLaterFragment
                        && TcpHeader.isSyn(
                                packet.memory(), packet.offset() + packet.transportOffset);
        if (!isSyn) {
            return;
        }
        if (packet.ipVersion == 4) {
            MssClamp.clampIpv4(packet.memory(), packet.offset(), mtu, true);
        } else {
            long walk = Ipv6Extensions.walk(packet.memory(), packet.offset());
            MssClamp.clampIpv6(packet.memory(), packet.offset(), walk, mtu, true);
        }
    }

    private void fragment(PacketBuffer packet, int mtu, int count) {
        for (int index = 0; index < count; index++) {
            PacketBuffer fragment = pool.acquire();
            if (fragment == null) {
                drops.count(DropReason.POOL_EXHAUSTED);
                break;
            }
            fragment.reset(0);
            int length =
                    Ipv4Fragmenter.write(
                            packet.memory(),
                            packet.offset(),
                            mtu,
                            index,
                            fragment.memory(),
                            fragment.offset());
            fragment.reset(length);
            fragment.contentType = packet.contentType;
            fragment.exit = packet.exit;
            fragment.isAnswer = packet.isAnswer;
            exits.offer(fragment);
        }
        pool.release(packet);
    }
}
