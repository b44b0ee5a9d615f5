package io.spillway.dataplane.shape;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.header.UdpHeader;
import org.agrona.DirectBuffer;

/**
 * The flow of a packet as a number, from its bytes: what we make ourselves, fragments for one,
 * never passed the packet decoder. Fragments have no ports here, so that all of a packet stay in
 * order.
 */
final class FlowHash {
    private FlowHash() {}

    /**
     * Of an IP packet, or of content that begins with the 16 bytes that tell its flow.
     *
     * @param key unknown to others, so that nobody can aim at another's queue
     */
    static int of(PacketBuffer packet, long key) {
        DirectBuffer memory = packet.memory();
        int offset = packet.offset();
        long hash =
                switch (packet.ipVersion) {
                    case 4 -> ofIpv4(memory, offset, key);
                    case 6 -> ofIpv6(memory, offset, key);
                    default -> ofLongs(memory, offset, 2, key);
                };
        return (int) (FiveTuple.mix(hash) >>> 32);
    }

    private static long ofIpv4(DirectBuffer memory, int offset, long key) {
        int protocol = Ipv4Header.protocol(memory, offset);
        long hash = ofLongs(memory, offset + Ipv4Header.SOURCE_OFFSET, 1, key ^ protocol);
        boolean hasPorts = hasPorts(protocol) && !Ipv4Header.isFragment(memory, offset);
        int transport = offset + Ipv4Header.headerLength(memory, offset);
        return hasPorts ? withPorts(memory, transport, hash) : hash;
    }

    private static long ofIpv6(DirectBuffer memory, int offset, long key) {
        int protocol = Ipv6Header.nextHeader(memory, offset);
        long hash = ofLongs(memory, offset + Ipv6Header.SOURCE_OFFSET, 4, key ^ protocol);
        return hasPorts(protocol) ? withPorts(memory, offset + Ipv6Header.LENGTH, hash) : hash;
    }

    private static boolean hasPorts(int protocol) {
        return protocol == TcpHeader.PROTOCOL || protocol == UdpHeader.PROTOCOL;
    }

    /** Both ports are the first four bytes of either header. */
    private static long withPorts(DirectBuffer memory, int transport, long hash) {
        return FiveTuple.mix(hash) ^ memory.getInt(transport, BIG_ENDIAN);
    }

    private static long ofLongs(DirectBuffer memory, int offset, int count, long key) {
        long hash = key;
        for (int i = 0; i < count; i++) {
            hash = FiveTuple.mix(hash) ^ memory.getLong(offset + i * Long.BYTES, BIG_ENDIAN);
        }
        return hash;
    }
}
