package io.spillway.dataplane.header;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Set;

/** The slow obvious parser of packets that {@link PacketDecoder} took. */
final class SlowPacket {
    private static final Set<Integer> EIGHT_BYTE_UNITS = Set.of(0, 43, 60, 135, 139, 140);

    private SlowPacket() {}

    static String describe(byte[] packet) {
        return packet[0] >>> 4 == 4 ? ipv4(packet) : ipv6(packet);
    }

    private static String ipv4(byte[] packet) {
        int header = (packet[0] & 0xF) * 4;
        boolean isLater = (Packets.get16(packet, 6) & 0x1FFF) != 0;
        return line(
                dotted(packet, 12), dotted(packet, 16), packet, header, packet[9] & 0xFF, isLater);
    }

    private static String ipv6(byte[] packet) {
        int next = packet[6] & 0xFF;
        int at = 40;
        boolean isLater = false;
        while (!isLater && (EIGHT_BYTE_UNITS.contains(next) || next == 44 || next == 51)) {
            int length = (packet[at + 1] & 0xFF) * 8 + 8;
            if (next == 44) {
                length = 8;
                isLater = (Packets.get16(packet, at + 2) & 0xFFF8) != 0;
            } else if (next == 51) {
                length = (packet[at + 1] & 0xFF) * 4 + 8;
            }
            next = packet[at] & 0xFF;
            at += length;
        }
        return line(hex(packet, 8), hex(packet, 24), packet, at, next, isLater);
    }

    private static String line(
            String source, String target, byte[] packet, int at, int protocol, boolean isLater) {
        int sourcePort = 0;
        int targetPort = 0;
        if (!isLater && (protocol == 6 || protocol == 17)) {
            sourcePort = Packets.get16(packet, at);
            targetPort = Packets.get16(packet, at + 2);
        } else if (!isLater && isEcho(protocol, packet, at)) {
            sourcePort = Packets.get16(packet, at + 4);
            targetPort = sourcePort;
        }
        return "%s %d %s %d %d".formatted(source, sourcePort, target, targetPort, protocol);
    }

    private static boolean isEcho(int protocol, byte[] packet, int at) {
        int type = at < packet.length ? packet[at] & 0xFF : -1;
        return protocol == 1 && (type == 8 || type == 0)
                || protocol == 58 && (type == 128 || type == 129);
    }

    private static String dotted(byte[] packet, int at) {
        return "%d.%d.%d.%d"
                .formatted(
                        packet[at] & 0xFF,
                        packet[at + 1] & 0xFF,
                        packet[at + 2] & 0xFF,
                        packet[at + 3] & 0xFF);
    }

    private static String hex(byte[] packet, int at) {
        return new BigInteger(1, Arrays.copyOfRange(packet, at, at + 16)).toString(16);
    }
}
