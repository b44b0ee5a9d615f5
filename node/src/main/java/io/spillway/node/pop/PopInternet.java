package io.spillway.node.pop;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.node.PopConfig;
import io.spillway.node.WanSetup;
import io.spillway.tap.HostPortConfig.TunnelPort;
import io.spillway.tap.InternetConfig;
import io.spillway.tap.InternetForwarding;
import io.spillway.tap.Layer;
import io.spillway.tap.NetworkDevice;
import io.spillway.tap.TapConfig;
import io.spillway.tap.TapDevice;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Where sites reach the Internet at this PoP: a TUN to the kernel, which forwards. */
final class PopInternet {
    private static final String DEVICE = "spw-internet";

    private final PopConfig.Internet config;
    private final PopConfig.Listen listen;

    /** Where opened devices go to be closed. */
    interface Closing {
        <T extends AutoCloseable> T closing(T resource);
    }

    PopInternet(PopConfig.Internet config, PopConfig.Listen listen) {
        this.config = config;
        this.listen = listen;
    }

    /** Opens everything; what is open when it fails is closed by {@code life}. */
    DataPlane.PortSpec open(Closing life) throws IOException {
        TapConfig tun = new TapConfig(DEVICE, Layer.IP, true, TapConfig.OFFLOAD_CHECKSUM, false);
        TapDevice device = life.closing(TapDevice.open(tun));
        NetworkDevice.setUp(DEVICE);
        List<String> outside = List.of(config.device());
        List<TunnelPort> tunnels =
                List.of(
                        new TunnelPort(listen.device(), listen.tunnelPort()),
                        new TunnelPort(listen.device(), listen.alternatePort()));
        InetAddress resolver = config.resolver();
        String named = resolver == null ? null : resolver.getHostAddress();
        life.closing(
                InternetForwarding.open(new InternetConfig(DEVICE, outside, tunnels, true, named)));
        return new DataPlane.PortSpec(device, true, List.of());
    }

    /** That sites have on the Internet, as far as we know. */
    static InetAddress address(PopConfig.Internet config) throws IOException {
        InetAddress address =
                config.publicIp() == null
                        ? WanSetup.addressOf(config.device(), true)
                        : config.publicIp();
        if (address == null) {
            throw new IOException("internet: device " + config.device() + " has no IPv4 address");
        }
        return address;
    }
}
