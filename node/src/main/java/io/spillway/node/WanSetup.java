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
     * A link's sockets, one for each WAN thread, bound to the device and an address on it.
     *
     * @param address null: the device's first of that family
     */
    public static List<UdpSocket> open(
            String link,
            String device,
            InetAddress address,
            int port,
            boolean isIpv4,
            Threading threading)
            throws IOException {
        InetAddress local = address == null ? first(link, device, isIpv4) : address;
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

    /** Configured, or the device's; bytes. */
    public static int mtu(int configured, String device) throws LinuxException {
        return configured > 0 ? configured : NetworkDevice.mtu(device);
    }

    private static InetAddress first(String link, String device, boolean isIpv4)
            throws IOException {
        NetworkInterface found = NetworkInterface.getByName(device);
        if (found == null) {
            throw new IOException("link " + link + ": device " + device + " does not exist");
        }
        return found.inetAddresses()
                .filter(address -> address instanceof Inet4Address == isIpv4)
                .filter(address -> !address.isLinkLocalAddress())
                .findFirst()
                .orElseThrow(
                        () ->
                                new IOException(
                                        "link "
                                                + link
                                                + ": device "
                                                + device
                                                + " has no "
                                                + (isIpv4 ? "IPv4" : "IPv6")
                                                + " address"));
    }
}
