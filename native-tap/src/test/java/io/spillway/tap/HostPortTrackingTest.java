package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What the kernel's connection tracking sees of tunnels, of the LAN and of the host port. */
class HostPortTrackingTest {
    private static final int ETHERTYPE_IPV4 = 0x0800;

    @Test
    void shouldTrackTheHostPortButNoTunnelDatagram() throws Throwable {
        HostPortTest.run(
                () -> {
                    try (TapDevice wan = TapDevice.open(TapDeviceTest.ip("wan0"));
                            HostPort port = HostPort.open(HostPortTest.config(List.of()))) {
                        HostPortTest.bringUpWan();
                        try (DatagramSocket tunnel =
                                socket("198.51.100.2", HostPortTest.TUNNEL_PORT)) {
                            send(tunnel, "198.51.100.9", HostPortTest.TUNNEL_PORT);
                            sendBack(wan);
                            tunnel.receive(new DatagramPacket(new byte[100], 100));
                        }
                        assertEquals(0, trackedCount());

                        try (DatagramSocket own = socket("10.1.0.1", HostPortTest.TUNNEL_PORT)) {
                            send(own, "10.2.0.5", HostPortTest.TUNNEL_PORT);
                            sendBack(port.device());
                            own.receive(new DatagramPacket(new byte[100], 100));
                        }
                        assertEquals(1, trackedCount());
                    }
                });
    }

    /** The guard lets established ones in only, so what is not tracked is not let in. */
    @Test
    void shouldDropDatagramToGatewayThoughItIsForTheTunnelPort() throws Throwable {
        HostPortTest.run(
                () -> {
                    try (TapDevice wan = TapDevice.open(TapDeviceTest.ip("wan0"));
                            HostPort port = HostPort.open(HostPortTest.config(List.of()));
                            DatagramSocket own = socket("10.1.0.1", HostPortTest.TUNNEL_PORT)) {
                        HostPortTest.bringUpWan();
                        own.setSoTimeout(100);

                        UnsafeBuffer buffer = Native.buffer(2048);
                        int length =
                                EchoPackets.datagram(
                                        buffer,
                                        0,
                                        "198.51.100.9",
                                        "10.1.0.1",
                                        HostPortTest.TUNNEL_PORT);
                        assertEquals(length, wan.write(Gather.of(buffer.addressOffset(), length)));

                        assertThrows(
                                SocketTimeoutException.class,
                                () -> own.receive(new DatagramPacket(new byte[100], 100)));
                        assertEquals(
                                1,
                                HostPortTest.count(HostPortTest.nft(), "packets 1 "),
                                HostPortTest.nft());
                        assertEquals(HostPortConfig.DEFAULT_DEVICE, port.device().name());
                    }
                });
    }

    @Test
    void shouldTrackNoFrameThatCrossesTheLanBridge() throws Throwable {
        HostPortTest.run(
                () -> {
                    Path call = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
                    PrivateNetwork.require(Files.exists(call), "kernel without bridge netfilter");
                    Files.writeString(call, "1");
                    assertTrue(
                            BridgeNetfilter.active()
                                    .contains("net.bridge.bridge-nf-call-iptables"));
                    PrivateNetwork.ip("link add br-lan type bridge mcast_snooping 0");
                    PrivateNetwork.ip("link set br-lan up");
                    try (TapDevice lan = TapDevice.open(TapDeviceTest.ethernet("lan0"));
                            TapDevice ours = TapDevice.open(TapDeviceTest.ethernet("spw-lan"))) {
                        for (TapDevice each : List.of(lan, ours)) {
                            NetworkDevice.attachToBridge(each.name(), "br-lan");
                            NetworkDevice.setUp(each.name());
                        }
                        try (HostPort port =
                                HostPort.open(HostPortTest.config(List.of("br-lan")))) {
                            assertTrue(crossesBridge(lan, ours, 1));
                            assertTrue(crossesBridge(ours, lan, 2));
                            assertEquals(0, trackedCount(), port.device().name());
                        }
                        try (HostPort port = HostPort.open(HostPortTest.config(List.of()))) {
                            assertTrue(crossesBridge(lan, ours, 3));
                            assertEquals(1, trackedCount(), port.device().name());
                        }
                    }
                });
    }

    @Test
    void shouldFindNoBridgeNetfilterWhereItIsOff() throws Throwable {
        HostPortTest.run(
                () -> {
                    for (String call : BridgeNetfilter.active()) {
                        Files.writeString(Path.of("/proc/sys", call.replace('.', '/')), "0");
                    }

                    assertEquals(List.of(), BridgeNetfilter.active());
                });
    }

    private static DatagramSocket socket(String address, int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, port));
        socket.setSoTimeout(2000);
        return socket;
    }

    private static void send(DatagramSocket socket, String destination, int port)
            throws IOException {
        InetAddress address = InetAddress.ofLiteral(destination);
        socket.send(new DatagramPacket(new byte[40], 40, address, port));
    }

    /** Source and destination exchanged, which the checksums do not notice. */
    private static void sendBack(TapDevice tun) {
        UnsafeBuffer buffer = Native.buffer(2048);
        int read = Native.await(() -> TapDeviceTest.readIpv4(tun, buffer));
        int addresses = (tun.hasVnetHeader() ? VirtioNetHeader.LENGTH : 0) + 12;
        int ports = addresses + 8;
        int source = buffer.getInt(addresses);
        buffer.putInt(addresses, buffer.getInt(addresses + 4));
        buffer.putInt(addresses + 4, source);
        short sourcePort = buffer.getShort(ports);
        buffer.putShort(ports, buffer.getShort(ports + 2));
        buffer.putShort(ports + 2, sourcePort);
        assertEquals(read, tun.write(Gather.of(buffer.addressOffset(), read)));
    }

    /** A broadcast frame with an echo request inside. */
    private static boolean crossesBridge(TapDevice from, TapDevice to, int id) {
        UnsafeBuffer buffer = Native.buffer(2048);
        buffer.setMemory(0, 6, (byte) 0xFF);
        buffer.putBytes(6, new byte[] {2, 0, 0, 0, 0, 9});
        buffer.putShort(12, (short) ETHERTYPE_IPV4, ByteOrder.BIG_ENDIAN);
        int length = 14 + EchoPackets.request(buffer, 14, "10.1.0.9", "10.1.0.8", id);
        assertEquals(length, from.write(Gather.of(buffer.addressOffset(), length)));
        for (int i = 0; i < 50; i++) {
            boolean isRead = to.read(buffer.addressOffset(), 2048) == length;
            if (isRead && buffer.getShort(12, ByteOrder.BIG_ENDIAN) == ETHERTYPE_IPV4) {
                return true;
            }
            LockSupport.parkNanos(2_000_000);
        }
        return false;
    }

    private static int trackedCount() throws IOException {
        return Integer.parseInt(
                Sysctls.read(Path.of("/proc/sys/net/netfilter/nf_conntrack_count")));
    }
}
