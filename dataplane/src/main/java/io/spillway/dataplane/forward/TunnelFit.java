package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.Ipv4Fragmenter;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Extensions;
import io.spillway.dataplane.header.MssClamp;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.header.TransportChecksum;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.segment.Segmenter;

/**
 * Makes packets fit a tunnel: TCP is told a smaller segment size, what may be fragmented is, the
 * rest goes back with the tunnel's MTU in an ICMP error.
 *
 * <p>Owned by the lan agent.
 */
public final class TunnelFit {
    private final ForwardingView forwarding;
    private final Exits exits;
    private final IcmpReporter icmp;
    private final Drops drops;
    private final PacketPool pool;
    private final Segmenter segmenter = new Segmenter();

    public TunnelFit(
            ForwardingView forwarding,
            Exits exits,
            IcmpReporter icmp,
            Drops drops,
            PacketPool pool) {
        this.forwarding = forwarding;
        this.exits = exits;
        this.icmp = icmp;
        this.drops = drops;
        this.pool = pool;
    }

    /**
     * Whether the packet, or all it stands for, walks on to a tunnel to {@code site} as it is; else
     * it has a new owner. Of a super-frame its packets must fit, not itself.
     *
     * @param mtu of the tunnel at this moment: control may change it at any time
     */
    boolean fits(PacketBuffer packet, SiteExit site, int mtu) {
        if (isSyn(packet)) {
            clampMss(packet, site.clampMtu() > 0 ? Math.min(site.clampMtu(), mtu) : mtu);
        }
        int largest =
                packet.segmentLength > 0
                        ? packet.payloadOffset + packet.segmentLength
                        : packet.length();
        if (largest <= mtu) {
            return true;
        }
        boolean mayCut =
                packet.ipVersion == 4 && Ipv4Header.mayFragment(packet.memory(), packet.offset());
        if (!mayCut) {
            refuse(packet, mtu);
        } else if (packet.segmentLength > 0) {
            fragmentSegments(packet, mtu);
        } else {
            fragmentTrain(packet, mtu);
        }
        return false;
    }

    /** As above, of what leaves by a LAN port: only the tunnel it came by matters. */
    void clampMss(PacketBuffer packet) {
        if (isSyn(packet)) {
            clampMss(packet, Integer.MAX_VALUE);
        }
    }

    private static boolean isSyn(PacketBuffer packet) {
        return packet.protocol == TcpHeader.PROTOCOL
                && !packet.isLaterFragment
                && TcpHeader.isSyn(packet.memory(), packet.offset() + packet.transportOffset);
    }

    /**
     * Lowers the MSS that a SYN announces, so that both ends' segments fit {@code mtu} and the
     * tunnel it came by: what answers it goes back there.
     */
    private void clampMss(PacketBuffer packet, int mtu) {
        int smallest = Math.min(mtu, arrivalMtu(packet));
        if (packet.ipVersion == 4) {
            MssClamp.clampIpv4(
                    packet.memory(), packet.offset(), smallest, !packet.isChecksumPartial);
        } else {
            long walk = Ipv6Extensions.walk(packet.memory(), packet.offset());
            MssClamp.clampIpv6(
                    packet.memory(), packet.offset(), walk, smallest, !packet.isChecksumPartial);
        }
    }

    private int arrivalMtu(PacketBuffer packet) {
        int index = packet.ingressTunnel;
        Tunnel tunnel =
                index == PacketBuffer.NONE ? null : forwarding.current().tunnels().get(index);
        int mtu = tunnel == null ? 0 : tunnel.mtu();
        return mtu == 0 ? Integer.MAX_VALUE : mtu;
    }

    private void refuse(PacketBuffer packet, int mtu) {
        icmp.report(packet, DropReason.PACKET_TOO_BIG, mtu);
        drops.drop(packet, DropReason.PACKET_TOO_BIG);
    }

    private void fragmentSegments(PacketBuffer superFrame, int mtu) {
        segmenter.start(superFrame);
        superFrame.segmentLength = 0;
        superFrame.packetCount(1);
        while (segmenter.hasNext()) {
            segmenter.next();
            superFrame.isChecksumPartial = true;
            if (superFrame.length() <= mtu) {
                exits.offer(superFrame); // a shorter last one
                return;
            }
            fragment(superFrame, mtu);
        }
        pool.release(superFrame);
    }

    private void fragmentTrain(PacketBuffer first, int mtu) {
        PacketBuffer packet = first;
        while (packet != null) {
            PacketBuffer rest = packet.detach();
            packet.exit = first.exit;
            packet.isAnswer = first.isAnswer;
            if (packet.length() <= mtu) {
                exits.offer(packet);
            } else if (fragment(packet, mtu)) {
                pool.release(packet);
            } else {
                refuse(packet, mtu);
            }
            packet = rest;
        }
    }

    /** Cuts a packet that does not fit; it stays the caller's. False when it cannot be cut. */
    private boolean fragment(PacketBuffer packet, int mtu) {
        TransportChecksum.complete(packet);
        int count = Ipv4Fragmenter.count(packet.memory(), packet.offset(), packet.length(), mtu);
        for (int index = 0; index < count; index++) {
            PacketBuffer fragment = pool.acquire();
            if (fragment == null) {
                drops.count(DropReason.POOL_EXHAUSTED);
                break;
            }
            int length =
                    Ipv4Fragmenter.write(
                            packet.memory(),
                            packet.offset(),
                            mtu,
                            index,
                            fragment.memory(),
                            fragment.offset());
            fragment.reset(length);
            fragment.exit = packet.exit;
            fragment.isAnswer = packet.isAnswer;
            exits.offer(fragment);
        }
        return count > 0;
    }
}
