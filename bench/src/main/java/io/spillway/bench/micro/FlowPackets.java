package io.spillway.bench.micro;

import java.nio.ByteBuffer;

/**
 * Packets between two hosts, flow by flow, as a host's kernel sends them. The checksum of IPv4 is
 * right; that of TCP and UDP is any number, since no step measured here computes it.
 */
final class FlowPackets {
    static final int IPV4_HEADER_LENGTH = 20;
    static final int IPV6_HEADER_LENGTH = 40;

    private static final byte TCP = 6;
    private static final byte UDP = 17;
    private static final int TCP_HEADER_LENGTH = 20;
    private static final int UDP_HEADER_LENGTH = 8;

    private static final short DONT_FRAGMENT = 0x4000;
    private static final byte TTL = 64;
    private static final byte DATA_OFFSET = 5 << 4;
    private static final byte ACK = 0x10;
    private static final short WINDOW = 512;
    private static final short CHECKSUM = 0x5a5a;
    private static final int PORT = 443;

    private FlowPackets() {}

    /**
     * RFC 9293 §3.1.
     *
     * @param flow its source port, counted from the destination's
     */
    static byte[] tcp(int ipVersion, int flow, int sequence, int payloadLength) {
        ByteBuffer packet = ip(ipVersion, TCP, TCP_HEADER_LENGTH + payloadLength);
        packet.putShort((short) (PORT + 1 + flow)).putShort((short) PORT);
        packet.putInt(sequence).putInt(0).put(DATA_OFFSET).put(ACK).putShort(WINDOW);
        packet.putShort(CHECKSUM);
        return packet.array();
    }

    /** RFC 768. */
    static byte[] udp(int ipVersion, int flow, int payloadLength) {
        ByteBuffer packet = ip(ipVersion, UDP, UDP_HEADER_LENGTH + payloadLength);
        packet.putShort((short) (PORT + 1 + flow)).putShort((short) PORT);
        packet.putShort((short) (UDP_HEADER_LENGTH + payloadLength)).putShort(CHECKSUM);
        return packet.array();
    }

    private static ByteBuffer ip(int version, byte protocol, int length) {
        return version == 4 ? ipv4(protocol, length) : ipv6(protocol, length);
    }

    /** RFC 791 §3.1. */
    private static ByteBuffer ipv4(byte protocol, int length) {
        ByteBuffer packet = ByteBuffer.allocate(IPV4_HEADER_LENGTH + length);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity());
        packet.putShort((short) 0).putShort(DONT_FRAGMENT).put(TTL).put(protocol);
        packet.putShort((short) 0).putInt(0x0a01_0001).putInt(0x0a02_0001);
        return packet.putShort(10, checksum(packet));
    }

    /** RFC 8200 §3. */
    private static ByteBuffer ipv6(byte protocol, int length) {
        ByteBuffer packet = ByteBuffer.allocate(IPV6_HEADER_LENGTH + length);
        packet.putInt(0x6000_0000).putShort((short) length).put(protocol).put(TTL);
        packet.putLong(0xfd00_0001L << 32).putLong(1);
        return packet.putLong(0xfd00_0002L << 32).putLong(1);
    }

    private static short checksum(ByteBuffer header) {
        int sum = 0;
        for (int offset = 0; offset < IPV4_HEADER_LENGTH; offset += Short.BYTES) {
            sum += header.getShort(offset) & 0xffff;
        }
        return (short) ~((sum & 0xffff) + (sum >>> Short.SIZE));
    }
}
