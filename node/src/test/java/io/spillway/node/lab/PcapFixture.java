package io.spillway.node.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes captures as tcpdump -i any would: IPv4 packets below a "cooked" v2 header. */
final class PcapFixture {
    private static final int SLL2_LENGTH = 20;
    private static final int IP_LENGTH = 20;
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    PcapFixture() {
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4);
        header.putInt(16, 65535).putInt(20, PcapReader.LINK_LINUX_SLL2);
        file.writeBytes(header.array());
    }

    /** A UDP datagram that went out; payload as given, of a length that only the header tells. */
    PcapFixture udp(
            long micros, String from, String to, int port, int payloadLength, byte... payload) {
        ByteBuffer transport = ByteBuffer.allocate(8 + payload.length);
        transport.putShort((short) port).putShort((short) port);
        transport.putShort((short) (payloadLength + 8)).putShort((short) 0).put(payload);
        return ipv4(micros, from, to, CapturedPacket.UDP, 0, transport.array());
    }

    PcapFixture tcp(long micros, String from, String to, int port, byte... payload) {
        ByteBuffer transport = ByteBuffer.allocate(20 + payload.length);
        transport.putShort((short) 50000).putShort((short) port);
        transport.put(20, payload);
        return ipv4(micros, from, to, CapturedPacket.TCP, 0, transport.array());
    }

    PcapFixture ipv4(
            long micros, String from, String to, int protocol, int fragment, byte[] transport) {
        ByteBuffer packet = ByteBuffer.allocate(SLL2_LENGTH + IP_LENGTH + transport.length);
        packet.putShort(0, (short) CapturedPacket.IPV4).put(10, (byte) 4);
        packet.put(SLL2_LENGTH, (byte) 0x45).put(SLL2_LENGTH + 9, (byte) protocol);
        packet.putShort(SLL2_LENGTH + 6, (short) fragment);
        packet.put(SLL2_LENGTH + 12, address(from)).put(SLL2_LENGTH + 16, address(to));
        packet.put(SLL2_LENGTH + IP_LENGTH, transport);
        return record(micros, packet.array());
    }

    PcapFixture etherType(long micros, int etherType) {
        ByteBuffer packet = ByteBuffer.allocate(SLL2_LENGTH + 28);
        packet.putShort(0, (short) etherType);
        return record(micros, packet.array());
    }

    private PcapFixture record(long micros, byte[] packet) {
        ByteBuffer header = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt((int) (micros / 1_000_000)).putInt((int) (micros % 1_000_000));
        header.putInt(packet.length).putInt(packet.length);
        file.writeBytes(header.array());
        file.writeBytes(packet);
        return this;
    }

    private static byte[] address(String dotted) {
        byte[] address = new byte[4];
        String[] parts = dotted.split("\\.");
        for (int i = 0; i < 4; i++) {
            address[i] = (byte) Integer.parseInt(parts[i]);
        }
        return address;
    }

    byte[] bytes() {
        return file.toByteArray();
    }

    Path write(Path target) throws IOException {
        return Files.write(target, bytes());
    }
}
