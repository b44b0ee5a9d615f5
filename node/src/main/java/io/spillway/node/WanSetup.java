package io.spillway.node;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.Threading;
import io.spillway.dataplane.agent.ThreadingMode;
import io.spillway.tap.NetworkDevice;
import io.spillway.tap.UdpConfig;
import io.spillway.tap.UdpSocket;
import io.spillway.tap.UdpSocketGroup;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;

/** Opens WAN sockets as the configuration of a link says. */
public final class WanSetup {
    private WanSetup() {}

    /** Where a device is to come: nothing leaves by it but for this machine itself. */
    private static final String NOWHERE = "lo";

    private static final int DEFAULT_MTU = 1500;

    /**
     * A link's sockets, one for each WAN thread, bound to the device; where there is none yet, they
     * wait for {@link UdpSocket#rebind}.
     *
     * @param address null: whichever the device has at the moment, so that it may change or come
     *     late
     */
    public static List<UdpSocket> open(
            String device, InetAddress address, int port, boolean isIpv4, Threading threading)
            throws IOException {
        boolean isThere = isThere(device);
        InetAddress local =
                address == null ? InetAddress.ofLiteral(isIpv4 ? "0.0.0.0" : "::") : address;
        UdpConfig config =
                new UdpConfig(
                        isThere ? device : NOWHERE,
                        new InetSocketAddress(local, port),
                        true,
                        UdpConfig.DEFAULT_BUFFER_LENGTH,
                        !isThere);
        return threading.mode() == ThreadingMode.SHARED
                ? List.of(UdpSocket.open(config))
                : UdpSocketGroup.open(config, DataPlane.STEERING, threading.wanThreads());
    }

    public static boolean isThere(String device) throws IOException {
        return NetworkInterface.getByName(device) != null;
    }

    /** The device's, or what most have where there is none yet, or less where configured; bytes. */
    public static int mtu(int configured, String device) throws IOException {
        return mtu(configured, isThere(device) ? NetworkDevice.mtu(device) : DEFAULT_MTU);
    }

    /** As above, of a device that takes so much. */
    public static int mtu(int configured, int ofDevice) {
        return configured > 0 ? Math.min(configured, ofDevice) : ofDevice;
    }

    /** The device's first address of that family at the moment; null: it has none. */
    public static InetAddress addressOf(String device, boolean isIpv4) throws IOException {
        NetworkInterface found = NetworkInterface.getByName(device);
        return found == null
                ? null
                : found.inetAddresses()
                        .filter(address -> address instanceof Inet4Address == isIpv4)
                        .filter(address -> !address.isLinkLocalAddress())
                        .findFirst()
                        .orElse(null);
    }
}
