package io.spillway.dataplane.forward;

import io.spillway.crypto.record.RecordSealer;
import io.spillway.dataplane.buffer.DatagramBatch;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.observe.DropReason;

/**
 * Seals one tunnel's packets into a datagram batch: the cipher reads the slot that the port wrote
 * and writes what the socket sends.
 *
 * <p>Owned by the data-plane agent.
 */
public final class TunnelSealer {
    /** The inner content type of RFC 9146 goes behind the packet, our type byte in front of it. */
    private static final int INNER_TYPE_LENGTH = 1;

    static {
        if (ContentType.LENGTH > PacketPool.HEADROOM || INNER_TYPE_LENGTH > PacketPool.TAILROOM) {
            throw new ExceptionInInitializerError("no room for the inner types");
        }
    }

    private final Drops drops;
    private final PacketPool pool;

    public TunnelSealer(Drops drops, PacketPool pool) {
        this.drops = drops;
        this.pool = pool;
    }

    /**
     * Seals from the front of {@code packets} until it is empty or {@code datagrams} takes no more.
     * What was sealed or dropped has left {@code packets}.
     */
    public void process(Tunnel tunnel, PacketBatch packets, DatagramBatch datagrams) {
        datagrams.start(tunnel.link(), tunnel.endpointAddress());
        int done = 0;
        while (done < packets.size() && seal(tunnel, packets.get(done), datagrams)) {
            done++;
        }
        packets.removeFirst(done);
    }

    /** False when the packet must wait for the next datagram batch. */
    private boolean seal(Tunnel tunnel, PacketBuffer packet, DatagramBatch datagrams) {
        if (!tunnel.isReady()) {
            drops.drop(packet, DropReason.TUNNEL_NOT_READY);
            return true;
        }
        int overhead = tunnel.session().sealer().overhead();
        boolean isOversized = packet.length() > tunnel.mtu();
        int recordLength = packet.length() + ContentType.LENGTH + overhead;
        if (!datagrams.hasRoom(recordLength) || (isOversized && datagrams.count() > 0)) {
            return false;
        }
        append(tunnel, packet, datagrams);
        if (isOversized) {
            datagrams.close(); // a padded probe: the kernel may refuse it, and then it alone
        }
        return true;
    }

    private void append(Tunnel tunnel, PacketBuffer packet, DatagramBatch datagrams) {
        int packetLength = packet.length();
        packet.push(ContentType.LENGTH);
        int type = packet.isAnswer ? packet.contentType | ContentType.ANSWER : packet.contentType;
        packet.memory().putByte(packet.offset(), (byte) type);
        RecordSealer sealer = tunnel.session().sealer();
        int length =
                sealer.seal(
                        packet.memory(),
                        packet.offset(),
                        packet.length(),
                        datagrams.memory(),
                        datagrams.nextOffset());
        if (length == 0) {
            drops.drop(packet, DropReason.TUNNEL_EXHAUSTED);
            return;
        }
        datagrams.append(length);
        if (packet.contentType == ContentType.PACKET) {
            tunnel.packetsSent().count(packetLength);
        }
        pool.release(packet);
    }
}
