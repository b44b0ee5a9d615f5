package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.IcmpErrors;
import io.spillway.dataplane.header.IcmpRateLimiter;
import io.spillway.dataplane.header.Icmpv6Errors;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.segment.Segmenter;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * Tells a sender why its packet died: a new ICMP packet, rate-limited, that leaves by the door the
 * packet came in by.
 *
 * <p>Owned by the lan agent.
 */
public final class IcmpReporter {
    private static final int ERRORS_PER_SECOND = 1000;
    private static final int ERRORS_BURST = 100;

    private final ForwardingView forwarding;
    private final PortRoutes ports;
    private final Exits exits;
    private final Drops drops;
    private final PacketPool pool;
    private final NanoClock clock;
    private final IcmpRateLimiter limiter;
    private final Segmenter segmenter = new Segmenter();

    public IcmpReporter(
            ForwardingView forwarding,
            PortRoutes ports,
            Exits exits,
            Drops drops,
            PacketPool pool,
            NanoClock clock) {
        this.forwarding = forwarding;
        this.ports = ports;
        this.exits = exits;
        this.drops = drops;
        this.pool = pool;
        this.clock = clock;
        limiter = new IcmpRateLimiter(ERRORS_PER_SECOND, ERRORS_BURST, clock.nanoTime());
    }

    /**
     * Sends the error that belongs to {@code reason}, if one may be sent about this packet. The
     * caller keeps the packet, of which there may be less afterwards: what is quoted is its first,
     * whole.
     *
     * @param mtu for {@link DropReason#PACKET_TOO_BIG}, else 0
     */
    public void report(PacketBuffer packet, DropReason reason, int mtu) {
        if (!limiter.tryAcquire(clock.nanoTime())) {
            drops.count(DropReason.ICMP_RATE_LIMITED);
            return;
        }
        PacketBuffer error = pool.acquire();
        if (error == null) {
            drops.count(DropReason.POOL_EXHAUSTED);
            return;
        }
        segmenter.reduce(packet);
        int length =
                packet.ipVersion == 4
                        ? writeIpv4(packet, reason, mtu, error)
                        : writeIpv6(packet, reason, mtu, error);
        if (length == 0) {
            pool.release(error);
            return;
        }
        error.reset(length);
        sendBack(error, packet);
    }

    private int writeIpv4(PacketBuffer packet, DropReason reason, int mtu, PacketBuffer error) {
        int source = forwarding.current().local().ipv4(packet.ingressInterface);
        if (source == 0) {
            return 0;
        }
        DirectBuffer in = packet.memory();
        int offset = packet.offset();
        int length = packet.length();
        return switch (reason) {
            case TTL_EXCEEDED ->
                    IcmpErrors.timeExceeded(
                            in, offset, length, source, error.memory(), error.offset());
            case PACKET_TOO_BIG ->
                    IcmpErrors.fragmentationNeeded(
                            in, offset, length, mtu, source, error.memory(), error.offset());
            case ROUTE_PROHIBITED, FIREWALL_BLOCKED, NETWORK_ISOLATED ->
                    IcmpErrors.prohibited(
                            in, offset, length, source, error.memory(), error.offset());
            case ROUTE_MISSING ->
                    IcmpErrors.netUnreachable(
                            in, offset, length, source, error.memory(), error.offset());
            default ->
                    IcmpErrors.hostUnreachable(
                            in, offset, length, source, error.memory(), error.offset());
        };
    }

    private int writeIpv6(PacketBuffer packet, DropReason reason, int mtu, PacketBuffer error) {
        LocalAddresses local = forwarding.current().local();
        int position = local.ipv6Index(packet.ingressInterface);
        if (position < 0) {
            return 0;
        }
        long high = local.ipv6High(position);
        long low = local.ipv6Low(position);
        DirectBuffer in = packet.memory();
        int offset = packet.offset();
        int length = packet.length();
        return switch (reason) {
            case TTL_EXCEEDED ->
                    Icmpv6Errors.timeExceeded(
                            in, offset, length, high, low, error.memory(), error.offset());
            case PACKET_TOO_BIG ->
                    Icmpv6Errors.packetTooBig(
                            in, offset, length, mtu, high, low, error.memory(), error.offset());
            case ROUTE_PROHIBITED, FIREWALL_BLOCKED, NETWORK_ISOLATED ->
                    Icmpv6Errors.prohibited(
                            in, offset, length, high, low, error.memory(), error.offset());
            case ROUTE_MISSING ->
                    Icmpv6Errors.noRoute(
                            in, offset, length, high, low, error.memory(), error.offset());
            default ->
                    Icmpv6Errors.addressUnreachable(
                            in, offset, length, high, low, error.memory(), error.offset());
        };
    }

    private void sendBack(PacketBuffer error, PacketBuffer packet) {
        if (packet.ingressTunnel != PacketBuffer.NONE) {
            error.exit = Exit.tunnel(packet.ingressTunnel);
        } else if (packet.isFromHost) {
            error.exit = Exit.port(ports.hostPort());
        } else {
            error.egressInterface = packet.ingressInterface;
            error.exit = Exit.port(ports.portOf(packet.ingressInterface));
            error.ipVersion = packet.ipVersion;
            error.nextHopMac = packet.ingressMac;
        }
        exits.offer(error);
    }
}
