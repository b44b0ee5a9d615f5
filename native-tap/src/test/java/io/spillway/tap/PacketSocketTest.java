package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PacketSocketTest {
    private static final int IPV4 = 0x0800;
    private static final int HEADERS_LENGTH = 28;
    private static final int RING_PACKETS = 131_072;

    private final byte[] packet = new byte[PacketSocket.CAPTURED_LENGTH_MAX + 4];

    @Test
    void shouldSeeAPacketOnItsWayOutAndIn() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (PacketSocket socket = PacketSocket.open("lo")) {
                        byte[] payload = {1, 2, 3, 4, 5};
                        long beforeNs = System.currentTimeMillis() * 1_000_000;
                        send(payload, 1);

                        await(socket);
                        assertEquals(PacketSocket.OUTGOING, socket.packetType());
                        assertEquals(IPV4, socket.etherType());
                        assertEquals(HEADERS_LENGTH + payload.length, socket.length());
                        assertTrue(Math.abs(socket.timeNs() - beforeNs) < 60_000_000_000L);
                        assertEquals(socket.length(), socket.read(packet, 4));
                        assertArrayEquals(payload, payloadAt(4, payload.length));
                        socket.release();
                        await(socket);
                        assertEquals(0, socket.packetType());
                        socket.release();
                        assertFalse(socket.hasPacket());
                    }
                });
    }

    @Test
    void shouldCutLongPacketsAndSayTheirLength() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (PacketSocket socket = PacketSocket.open(null)) {
                        send(new byte[1000], 1);

                        await(socket);
                        assertEquals(HEADERS_LENGTH + 1000, socket.length());
                        assertEquals(PacketSocket.CAPTURED_LENGTH_MAX, socket.read(packet, 0));
                    }
                });
    }

    @Test
    void shouldGoRoundTheRingAndCountWhatItHadNoRoomFor() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (PacketSocket socket = PacketSocket.open("lo")) {
                        send(new byte[1], RING_PACKETS / 2 + 10);
                        assertEquals(RING_PACKETS, drain(socket));
                        assertEquals(20, socket.dropped());
                        assertEquals(0, socket.dropped());

                        send(new byte[1], 5);
                        assertEquals(10, drain(socket));
                    }
                });
    }

    @Test
    void shouldNameADeviceThatIsMissing() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    var e = assertThrows(LinuxException.class, () -> PacketSocket.open("eth9"));

                    assertTrue(e.getMessage().contains("eth9: ENODEV"), e.getMessage());
                });
    }

    private static void await(PacketSocket socket) {
        Native.await(() -> socket.hasPacket() ? 1 : -Errno.EAGAIN);
        assertTrue(socket.hasPacket());
    }

    private static int drain(PacketSocket socket) {
        int count = 0;
        for (; socket.hasPacket(); count++) {
            socket.release();
        }
        return count;
    }

    private byte[] payloadAt(int offset, int length) {
        int from = offset + HEADERS_LENGTH;
        return Arrays.copyOfRange(packet, from, from + length);
    }

    private static void send(byte[] payload, int count) throws Exception {
        try (DatagramSocket sender = new DatagramSocket();
                DatagramSocket receiver =
                        new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            var datagram =
                    new DatagramPacket(payload, payload.length, receiver.getLocalSocketAddress());
            for (int i = 0; i < count; i++) {
                sender.send(datagram);
            }
        }
    }
}
