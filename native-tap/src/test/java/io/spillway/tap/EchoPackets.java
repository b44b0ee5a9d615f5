package io.spillway.tap;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.net.InetAddress;
import org.agrona.MutableDirectBuffer;

/** ICMP echo requests and UDP datagrams in IPv4, for tests. */
final class EchoPackets {
    private static final int ICMP = 1;
    private static final int UDP = 17;
    private static final int IP_LENGTH = 20;
    private static final int LENGTH = IP_LENGTH + 8 + 32;

    private EchoPackets() {}

    static int request(
            MutableDirectBuffer buffer, int offset, String source, String destination, int id) {
        putHeader(buffer, offset, ICMP, source, destination);
        buffer.putByte(offset + IP_LENGTH, (byte) 8);
        buffer.putShort(offset + IP_LENGTH + 4, (short) id, BIG_ENDIAN);
        putChecksum(buffer, offset + IP_LENGTH, LENGTH - IP_LENGTH, offset + IP_LENGTH + 2);
        return LENGTH;
    }

    /** From and to the same port, without a checksum. */
    static int datagram(
            MutableDirectBuffer buffer, int offset, String source, String destination, int port) {
        putHeader(buffer, offset, UDP, source, destination);
        buffer.putShort(offset + IP_LENGTH, (short) port, BIG_ENDIAN);
        buffer.putShort(offset + IP_LENGTH + 2, (short) port, BIG_ENDIAN);
        buffer.putShort(offset + IP_LENGTH + 4, (short) (LENGTH - IP_LENGTH), BIG_ENDIAN);
        return LENGTH;
    }

    static boolean isReply(MutableDirectBuffer buffer, int offset, int id) {
        return buffer.getByte(offset + 9) == ICMP
                && buffer.getByte(offset + IP_LENGTH) == 0
                && (buffer.getShort(offset + IP_LENGTH + 4, BIG_ENDIAN) & 0xFFFF) == id;
    }

    private static void putHeader(
            MutableDirectBuffer buffer,
            int offset,
            int protocol,
            String source,
            String destination) {
        buffer.setMemory(offset, LENGTH, (byte) 0);
        buffer.putByte(offset, (byte) 0x45);
        buffer.putShort(offset + 2, (short) LENGTH, BIG_ENDIAN);
        buffer.putByte(offset + 8, (byte) 64);
        buffer.putByte(offset + 9, (byte) protocol);
        buffer.putBytes(offset + 12, InetAddress.ofLiteral(source).getAddress());
        buffer.putBytes(offset + 16, InetAddress.ofLiteral(destination).getAddress());
        putChecksum(buffer, offset, IP_LENGTH, offset + 10);
    }

    private static void putChecksum(MutableDirectBuffer buffer, int start, int length, int field) {
        int sum = 0;
        for (int i = start; i < start + length; i += 2) {
            sum += buffer.getShort(i, BIG_ENDIAN) & 0xFFFF;
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum += sum >>> 16;
        buffer.putShort(field, (short) ~sum, BIG_ENDIAN);
    }
}
