package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.NextHop;

/**
 * Echoes that prove a tunnel: an IP packet as large as the tunnel takes, which walks as a host's
 * packet does (decoder, firewall, route, seal; open, decoder, guard, firewall) and comes back the
 * same way. What it may not do is leave a tunnel's end: it reaches neither a LAN nor the host, and
 * only the tunnel under test carries it, whatever carries the site's packets at the moment.
 *
 * <p>Owned by the lan agent.
 */
public final class ProofEcho {
    private final ForwardingView forwarding;
    private final TunnelNews news;
    private final Drops drops;
    private final PacketPool pool;

    public ProofEcho(ForwardingView forwarding, TunnelNews news, Drops drops, PacketPool pool) {
        this.forwarding = forwarding;
        this.news = news;
        this.drops = drops;
        this.pool = pool;
    }

    /** Puts a request of ours in the batch, to walk from the packet decoder on. */
    public void begin(Tunnel tunnel, Proof proof, long nowNs, PacketBatch batch) {
        int length = proof.isFullSize() ? tunnel.mtu() : Proof.SMALL_LENGTH;
        int ipVersion = proof.destination().isIpv4() ? 4 : 6;
        if (length < ProofPacket.lengthMin(ipVersion)) {
            drops.count(DropReason.TUNNEL_NOT_READY);
            return;
        }
        PacketBuffer packet = pool.acquire();
        if (packet == null) {
            drops.count(DropReason.POOL_EXHAUSTED);
            return;
        }
        packet.reset(length);
        packet.ipVersion = ipVersion;
        ProofPacket.writeRequest(packet, tunnel.index(), proof.sequence(), nowNs);
        if (!address(packet, proof)) {
            drops.drop(packet, DropReason.PROOF_NO_PATH);
            return;
        }
        packet.contentType = ContentType.PROOF;
        packet.ingressTunnel = tunnel.index(); // by which it leaves again
        packet.isFromHost = true;
        packet.isAnswer = true; // a ping between the same addresses does not follow it
        batch.add(packet);
    }

    /** From an address of ours; false when we have none of that family. */
    private boolean address(PacketBuffer packet, Proof proof) {
        LocalAddresses local = forwarding.current().local();
        if (packet.ipVersion == 4) {
            int source = local.ipv4(PacketBuffer.NONE);
            ProofPacket.seal4(packet, true, source, proof.destination().toIpv4());
            return source != 0;
        }
        int position = local.ipv6Index(PacketBuffer.NONE);
        if (position < 0) {
            return false;
        }
        Ipv6Header.writeSource(
                packet.memory(),
                packet.offset(),
                local.ipv6High(position),
                local.ipv6Low(position));
        Ipv6Header.writeDestination(
                packet.memory(),
                packet.offset(),
                proof.destination().high(),
                proof.destination().low());
        ProofPacket.seal6(packet, true);
        return true;
    }

    /** Of what came by tunnels: turns requests round, tells control of replies. */
    public void process(PacketBatch batch) {
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer packet = batch.get(i);
            if (packet.contentType != ContentType.PROOF || walksOn(packet)) {
                batch.set(kept++, packet);
            }
        }
        batch.truncate(kept);
    }

    private boolean walksOn(PacketBuffer packet) {
        Tunnel tunnel = forwarding.current().tunnels().get(packet.ingressTunnel);
        if (!ProofPacket.isSound(packet) || tunnel == null || tunnel.isToPop()) {
            drops.drop(packet, DropReason.PROOF_MALFORMED);
            return false;
        }
        if (ProofPacket.isRequest(packet) && isForUs(packet)) {
            turn(packet, tunnel);
            return true;
        }
        if (ProofPacket.isReply(packet) && isForUs(packet)) {
            news.onProof(
                    packet.ingressTunnel,
                    ProofPacket.sequence(packet),
                    packet.length(),
                    ProofPacket.sentNs(packet),
                    packet.receivedNs);
            pool.release(packet);
            return false;
        }
        drops.drop(packet, DropReason.PROOF_MALFORMED);
        return false;
    }

    /** Ours are the networks on our own ports; we answer in the name of all hosts there. */
    private boolean isForUs(PacketBuffer packet) {
        Fib fib = forwarding.current().fib();
        FiveTuple tuple = packet.tuple;
        int route =
                packet.ipVersion == 4
                        ? fib.lookup4((int) tuple.destinationLow)
                        : fib.lookup6(tuple.destinationHigh, tuple.destinationLow);
        if (route == Fib.NO_ROUTE) {
            return false;
        }
        NextHop.Kind kind = fib.nextHop(route).kind();
        return kind == NextHop.Kind.LAN || kind == NextHop.Kind.HOST;
    }

    /** The reply, cut to what this end of the tunnel takes. */
    private void turn(PacketBuffer packet, Tunnel tunnel) {
        FiveTuple tuple = packet.tuple;
        packet.truncate(Math.min(packet.length(), tunnel.mtu()));
        long sourceHigh = tuple.sourceHigh;
        long sourceLow = tuple.sourceLow;
        tuple.sourceHigh = tuple.destinationHigh;
        tuple.sourceLow = tuple.destinationLow;
        tuple.destinationHigh = sourceHigh;
        tuple.destinationLow = sourceLow;
        if (packet.ipVersion == 4) {
            ProofPacket.seal4(packet, false, (int) tuple.sourceLow, (int) sourceLow);
            return;
        }
        Ipv6Header.writeSource(packet.memory(), packet.offset(), tuple.sourceHigh, tuple.sourceLow);
        Ipv6Header.writeDestination(packet.memory(), packet.offset(), sourceHigh, sourceLow);
        ProofPacket.seal6(packet, false);
    }
}
