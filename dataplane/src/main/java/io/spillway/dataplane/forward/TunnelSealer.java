package io.spillway.dataplane.forward;

import io.spillway.crypto.record.RecordSealer;
import io.spillway.dataplane.buffer.DatagramBatch;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.segment.Segmenter;

/**
 * Seals one tunnel's packets into a datagram batch: the cipher reads the slot that the port wrote
 * and writes what the socket sends.
 *
 * <p>Owned by a WAN agent.
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
    private final Segmenter segmenter = new Segmenter();

    /** The super-frame that the segmenter is at, or null. */
    private PacketBuffer cut;

    public TunnelSealer(Drops drops, PacketPool pool) {
        this.drops = drops;
        this.pool = pool;
    }

    /**
     * Seals from the front of {@code packets} until it is empty or {@code datagrams} takes no more.
     * What was sealed or dropped has left {@code packets}; a train or super-frame may go in parts,
     * so a batch is sealed to its end before another tunnel's is begun.
     */
    public void process(Tunnel tunnel, PacketBatch packets, DatagramBatch datagrams) {
        datagrams.start(tunnel.link(), tunnel.endpointAddress());
        int done = 0;
        while (done < packets.size()) {
            PacketBuffer packet = packets.get(done);
            if (!tunnel.isReady()) {
                cut = null;
                drops.drop(packet, DropReason.TUNNEL_NOT_READY);
                done++;
            } else if (!seal(tunnel, packet, datagrams)) {
                break;
            } else if (packet.next() == null) {
                pool.release(packet);
                done++;
            } else {
                packets.set(done, nextOfTrain(packet));
            }
        }
        packets.removeFirst(done);
    }

    private PacketBuffer nextOfTrain(PacketBuffer sealed) {
        PacketBuffer rest = sealed.detach();
        rest.isAnswer = sealed.isAnswer;
        pool.release(sealed);
        return rest;
    }

    /** False when the packet, or what is left of it, must wait for the next datagram batch. */
    private boolean seal(Tunnel tunnel, PacketBuffer packet, DatagramBatch datagrams) {
        if (packet.segmentLength == 0) {
            return sealSingle(tunnel, packet, packet.length(), datagrams);
        }
        if (cut != packet) {
            segmenter.start(packet);
            cut = packet;
        }
        while (segmenter.hasNext()) {
            if (!hasRoom(tunnel, segmenter.nextLength(), datagrams)) {
                return false;
            }
            segmenter.next();
            append(tunnel, packet, datagrams);
        }
        cut = null;
        return true;
    }

    private boolean sealSingle(
            Tunnel tunnel, PacketBuffer packet, int length, DatagramBatch datagrams) {
        boolean isElsewhere = packet.contentType == ContentType.PATH_CHECK;
        boolean isApart = length > tunnel.mtu() || isElsewhere;
        if (!hasRoom(tunnel, length, datagrams) || (isApart && datagrams.count() > 0)) {
            return false;
        }
        if (isElsewhere) {
            datagrams.start(tunnel.link(), tunnel.candidateAddress());
        }
        append(tunnel, packet, datagrams);
        if (isApart) {
            datagrams.close(); // goes alone: to another place, or where the kernel may refuse it
        }
        return true;
    }

    private static boolean hasRoom(Tunnel tunnel, int length, DatagramBatch datagrams) {
        int overhead = tunnel.session().sealer().overhead();
        return datagrams.hasRoom(length + ContentType.LENGTH + overhead);
    }

    private void append(Tunnel tunnel, PacketBuffer packet, DatagramBatch datagrams) {
        int packetLength = packet.length();
        packet.push(ContentType.LENGTH);
        packet.memory().putByte(packet.offset(), (byte) typeOf(packet));
        RecordSealer sealer = tunnel.session().sealer();
        int length =
                sealer.seal(
                        packet.memory(),
                        packet.offset(),
                        packet.length(),
                        datagrams.memory(),
                        datagrams.nextOffset());
        if (length == 0) {
            drops.count(DropReason.TUNNEL_EXHAUSTED);
            return;
        }
        datagrams.append(length, packet.captureId);
        if (isIpPacket(packet)) {
            tunnel.packetsSent().count(packetLength);
        }
    }

    private static int typeOf(PacketBuffer packet) {
        if (!isIpPacket(packet)) {
            return packet.contentType;
        }
        int type =
                packet.isChecksumPartial ? ContentType.PACKET_PARTIAL_CHECKSUM : ContentType.PACKET;
        return packet.isAnswer ? type | ContentType.ANSWER : type;
    }

    /** What we make ourselves says its type; the rest are packets. */
    static boolean isIpPacket(PacketBuffer packet) {
        return packet.contentType <= ContentType.PACKET_PARTIAL_CHECKSUM;
    }
}
