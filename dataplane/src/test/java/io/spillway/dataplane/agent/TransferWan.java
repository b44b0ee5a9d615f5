package io.spillway.dataplane.agent;

import io.spillway.dataplane.sim.PrivateHost;
import io.spillway.dataplane.sim.PrivateNetwork;
import io.spillway.tap.NetworkDevice;
import io.spillway.tap.UdpConfig;
import io.spillway.tap.UdpSocket;
import java.net.InetSocketAddress;

/**
 * What joins two sites: the loopback of the calling thread's namespace, or a wire between that
 * namespace and a second one.
 *
 * <pre>
 *   site 1 == 127.0.0.1 == site 2
 *   site 1 == wan1 192.0.2.1, 2001:db8::1 == wan2 192.0.2.2, 2001:db8::2 == site 2
 * </pre>
 *
 * <p>The wire is honest: a veth carries a message of many datagrams whole unless it is told not to.
 */
final class TransferWan implements AutoCloseable {
    enum Kind {
        LOOPBACK,
        WIRE,
        WIRE_IPV6
    }

    private static final int IPV4_UDP_LENGTH = 20 + 8;
    private static final int IPV6_UDP_LENGTH = 40 + 8;
    private static final int BUFFER_LENGTH = 8 << 20;
    private static final String HONEST =
            " tx-udp-segmentation off tso off gro on rx-udp-gro-forwarding on";

    private static final String PING = "ping -c 1 -i 0.1 -w 10 ";

    private final Kind kind;
    private final PrivateHost far;

    TransferWan(Kind kind) throws Exception {
        this.kind = kind;
        far = kind == Kind.LOOPBACK ? null : new PrivateHost();
        if (far != null) {
            PrivateNetwork.requireProgram("ethtool");
            PrivateNetwork.requireProgram("ping");
            PrivateNetwork.ip("link add wan1 type veth peer name wan2 netns " + far.namespace());
            far.call(() -> setUp(2));
            setUp(1);
            // Else the first SYN may wait for the wire, and be sent twice.
            PrivateNetwork.run(PING + "192.0.2.2");
            PrivateNetwork.run(PING + "2001:db8::2");
        }
    }

    private static Void setUp(int end) throws Exception {
        PrivateNetwork.run("ethtool -K wan" + end + HONEST);
        NetworkDevice.setUp("wan" + end);
        PrivateNetwork.ip("addr add 192.0.2." + end + "/24 dev wan" + end);
        PrivateNetwork.ip("addr add 2001:db8::" + end + "/64 dev wan" + end + " nodad");
        return null;
    }

    UdpSocket open(int site, boolean receiveCoalescing) throws Exception {
        var local = new InetSocketAddress(address(site), 0);
        var config = new UdpConfig(null, local, receiveCoalescing, BUFFER_LENGTH);
        return site == 2 && far != null
                ? far.call(() -> UdpSocket.open(config))
                : UdpSocket.open(config);
    }

    private String address(int site) {
        return switch (kind) {
            case LOOPBACK -> "127.0.0.1";
            case WIRE -> "192.0.2." + site;
            case WIRE_IPV6 -> "2001:db8::" + site;
        };
    }

    /** Takes packets of that many bytes from now on, and not one byte more. */
    void mtu(int mtu) throws Exception {
        if (far == null) {
            NetworkDevice.setMtu("lo", mtu);
            return;
        }
        NetworkDevice.setMtu("wan1", mtu);
        far.call(
                () -> {
                    NetworkDevice.setMtu("wan2", mtu);
                    return null;
                });
    }

    /** Bytes of IP and UDP in front of a datagram. */
    int headersLength() {
        return kind == Kind.WIRE_IPV6 ? IPV6_UDP_LENGTH : IPV4_UDP_LENGTH;
    }

    @Override
    public void close() {
        if (far != null) {
            far.close();
        }
    }
}
