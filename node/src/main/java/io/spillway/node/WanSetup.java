package io.spillway.node;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.Threading;
import io.spillway.dataplane.agent.ThreadingMode;
import io.spillway.tap.LinuxException;
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

    /**
     * A link's sockets, one for each WAN thread, bound to the device.
     *
     * @param address null: whichever the device has at the moment, so that it may change or come
     *     late
     */
    public static List<UdpSocket> open(
            String link,
            String device,
            InetAddress address,
            int port,
            boolean isIpv4,
            Threading threading)
            throws IOException {
        if (NetworkInterface.getByName(device) == null) {
            throw new IOException("link " + link + ": device " + device + " does not exist");
        }
        InetAddress local =
                address == null ? InetAddress.ofLiteral(isIpv4 ? "0.0.0.0" : "::") : address;
        UdpConfig config =
                new UdpConfig(
                        device,
                        new InetSocketAddress(local, port),
                        true,
                        UdpConfig.DEFAULT_BUFFER_LENGTH);
        return threading.mode() == ThreadingMode.SHARED
                ? List.of(UdpSocket.open(config))
                : UdpSocketGroup.open(config, DataPlane.STEERING, threading.wanThreads());
    }

    /** The device's, or less where that is configured; bytes. */
    public static int mtu(int configured, String device) throws LinuxException {
        return mtu(configured, NetworkDevice.mtu(device));
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
