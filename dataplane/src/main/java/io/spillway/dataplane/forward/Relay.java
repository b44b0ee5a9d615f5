package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.buffer.ReadyFlag;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.tap.DatagramDevice;
import io.spillway.tap.EndpointAddress;
import io.spillway.tap.Errno;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A WAN link without a socket: its datagrams travel inside the tunnels of a third site, which hands
 * them on and cannot read them, since they are handshakes and records of the two ends (L11). Their
 * endpoints are {@link RelayEndpoint}s.
 *
 * <pre>
 *   site A                      site B                     site C
 *   tunnel to C, link relay
 *     record -> Relay.send
 *       tunnel to B ==RELAY==> Relay.onRelay
 *                                tunnel to C ==RELAY==> Relay.onRelay
 *                                                         Relay.receive -> record
 *
 *   content: | destination site (8) | origin site (8) | datagram |
 * </pre>
 *
 * <p>The way is short and copies once at each end: pairs use it until they find their own.
 *
 * <p>Owned by a WAN agent.
 */
public final class Relay implements DatagramDevice {
    /** Bytes in front of the datagram. */
    public static final int HEADER_LENGTH = 16;

    private static final int DESTINATION_OFFSET = 0;
    private static final int ORIGIN_OFFSET = 8;
    private static final int RING_CAPACITY = 256;
    private static final InetSocketAddress NOWHERE = RelayEndpoint.of(0, 0);

    private final ForwardingView forwarding;
    private final Exits exits;
    private final Drops drops;
    private final PacketPool pool;
    private final ReadyFlag ready;
    private final PacketRing arrived;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    /**
     * @param ready of its link: raised for what arrives
     */
    public Relay(
            ForwardingView forwarding, Exits exits, Drops drops, PacketPool pool, ReadyFlag ready) {
        this.forwarding = forwarding;
        this.exits = exits;
        this.drops = drops;
        this.pool = pool;
        this.ready = ready;
        arrived = new PacketRing(pool, Math.min(RING_CAPACITY, Math.max(1, pool.slotCount() / 4)));
    }

    /** Takes what a tunnel brought: for us, or for a neighbour of ours. */
    void onRelay(PacketBuffer content) {
        if (content.length() <= HEADER_LENGTH) {
            drops.drop(content, DropReason.RELAY_MALFORMED);
            return;
        }
        Forwarding now = forwarding.current();
        Tunnel ingress = now.tunnels().get(content.ingressTunnel);
        long destination = get(content, DESTINATION_OFFSET);
        if (ingress == null || ingress.isToPop()) {
            drops.drop(content, DropReason.RELAY_FOREIGN_ORIGIN);
        } else if (destination == now.ownSiteId()) {
            arrive(content, ingress.siteId());
        } else {
            handOn(content, destination, ingress.siteId(), now);
        }
    }

    /** The place of the destination, which is known, tells from now on who relayed. */
    private void arrive(PacketBuffer content, long via) {
        content.memory().putLong(content.offset() + DESTINATION_OFFSET, via, ByteOrder.BIG_ENDIAN);
        if (arrived.offer(content)) {
            ready.set();
        } else {
            drops.drop(content, DropReason.RING_FULL);
        }
    }

    /** Only what the neighbour itself has to say, and only to a neighbour: one step, no loop. */
    private void handOn(PacketBuffer content, long destination, long neighbour, Forwarding now) {
        if (get(content, ORIGIN_OFFSET) != neighbour) {
            drops.drop(content, DropReason.RELAY_FOREIGN_ORIGIN);
            return;
        }
        Tunnel next = now.tunnels().carrier(destination);
        if (next == null || destination == neighbour) {
            drops.drop(content, DropReason.RELAY_NO_PATH);
            return;
        }
        content.exit = Exit.tunnel(next.index());
        exits.offer(content);
        exits.flush();
    }

    @Override
    public int receive(long address, int length, long endpointAddress) {
        PacketBuffer content = arrived.poll();
        if (content == null) {
            return -Errno.EAGAIN;
        }
        int datagramLength = content.length() - HEADER_LENGTH;
        if (datagramLength > length) {
            pool.release(content);
            return -Errno.EMSGSIZE;
        }
        view.wrap(address, datagramLength);
        view.putBytes(0, content.memory(), content.offset() + HEADER_LENGTH, datagramLength);
        long origin = get(content, ORIGIN_OFFSET);
        long via = get(content, DESTINATION_OFFSET);
        EndpointAddress.encodeIpv6(origin, via, RelayEndpoint.PORT, endpointAddress);
        pool.release(content);
        return datagramLength;
    }

    @Override
    public int receivedSegmentLength() {
        return 0;
    }

    @Override
    public int send(long address, int length, int segmentLength, long endpointAddress) {
        long via = EndpointAddress.ipv6Low(endpointAddress);
        Tunnel carrier = forwarding.current().tunnels().carrier(via);
        if (carrier == null) {
            return -Errno.ENETUNREACH;
        }
        int step = segmentLength == 0 ? length : segmentLength;
        for (int at = 0; at < length; at += step) {
            send(address + at, Math.min(step, length - at), endpointAddress, carrier);
        }
        exits.flush();
        return length;
    }

    private void send(long address, int length, long endpointAddress, Tunnel carrier) {
        PacketBuffer content = pool.acquire();
        if (content == null) {
            drops.count(DropReason.POOL_EXHAUSTED);
            return;
        }
        content.reset(HEADER_LENGTH + length);
        view.wrap(address, length);
        content.memory().putBytes(content.offset() + HEADER_LENGTH, view, 0, length);
        put(content, DESTINATION_OFFSET, EndpointAddress.ipv6High(endpointAddress));
        put(content, ORIGIN_OFFSET, forwarding.current().ownSiteId());
        content.contentType = ContentType.RELAY;
        content.exit = Exit.tunnel(carrier.index());
        exits.offer(content);
    }

    private static long get(PacketBuffer content, int field) {
        return content.memory().getLong(content.offset() + field, ByteOrder.BIG_ENDIAN);
    }

    private static void put(PacketBuffer content, int field, long value) {
        content.memory().putLong(content.offset() + field, value, ByteOrder.BIG_ENDIAN);
    }

    /** Nothing has arrived that was not received. */
    public boolean isEmpty() {
        return arrived.isEmpty();
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public InetSocketAddress localEndpoint() {
        return NOWHERE;
    }

    @Override
    public void close() {}
}
