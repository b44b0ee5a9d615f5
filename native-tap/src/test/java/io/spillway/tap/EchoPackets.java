package io.spillway.tap;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.net.InetAddress;
import org.agrona.MutableDirectBuffer;

/** ICMP echo requests in IPv4, for tests. */
final class EchoPackets {
    private static final int IP_LENGTH = 20;
    private static final int LENGTH = IP_LENGTH + 8 + 32;

    private EchoPackets() {}

    static int request(
            MutableDirectBuffer buffer, int offset, String source, String destination, int id) {
        buffer.setMemory(offset, LENGTH, (byte) 0);
        buffer.putByte(offset, (byte) 0x45);
        buffer.putShort(offset + 2, (short) LENGTH, BIG_ENDIAN);
        buffer.putByte(offset + 8, (byte) 64);
        buffer.putByte(offset + 9, (byte) 1);
        buffer.putBytes(offset + 12, InetAddress.ofLiteral(source).getAddress());
        buffer.putBytes(offset + 16, InetAddress.ofLiteral(destination).getAddress());
        buffer.putByte(offset + IP_LENGTH, (byte) 8);
        buffer.putShort(offset + IP_LENGTH + 4, (short) id, BIG_ENDIAN);
        putChecksum(buffer, offset, IP_LENGTH, offset + 10);
        putChecksum(buffer, offset + IP_LENGTH, LENGTH - IP_LENGTH, offset + IP_LENGTH + 2);
        return LENGTH;
    }

    static boolean isReply(MutableDirectBuffer buffer, int offset, int id) {
        return buffer.getByte(offset + 9) == 1
                && buffer.getByte(offset + IP_LENGTH) == 0
                && (buffer.getShort(offset + IP_LENGTH + 4, BIG_ENDIAN) & 0xFFFF) == id;
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
