package io.spillway.tap;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses a LAN bridge with an address of its own: the kernel would answer on it beside the data
 * plane, which then is bypassed. Link-local ones go with {@code disable_ipv6=1}.
 */
final class BridgeCheck implements LinkMonitor.Listener {
    /** One listing is far below; the bound is for a kernel whose links change without end. */
    private static final int POLLS_MAX = 1000;

    private final int bridgeIndex;
    private final List<InetAddress> addresses = new ArrayList<>();

    private BridgeCheck(int bridgeIndex) {
        this.bridgeIndex = bridgeIndex;
    }

    static void requireNoAddress(String bridge) throws IOException {
        BridgeCheck check = new BridgeCheck(index(bridge));
        try (LinkMonitor monitor = LinkMonitor.open()) {
            for (int i = 0; i < POLLS_MAX && !monitor.isSynchronised(); i++) {
                monitor.poll(check);
            }
            if (!monitor.isSynchronised()) {
                throw new IOException("LAN bridge " + bridge + ": its addresses cannot be listed");
            }
        }
        if (!check.addresses.isEmpty()) {
            throw new IOException(
                    "LAN bridge %s has the address %s: remove it, the data plane is the gateway there"
                            .formatted(bridge, check.addresses.getFirst().getHostAddress()));
        }
    }

    private static int index(String bridge) throws IOException {
        try {
            return NetworkDevice.index(bridge);
        } catch (LinuxException e) {
            throw new IOException("LAN bridge " + bridge + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void onAddress(LinkAddress address) {
        if (address.linkIndex() == bridgeIndex && !address.address().isLinkLocalAddress()) {
            addresses.add(address.address());
        }
    }

    @Override
    public void onAddressRemoved(LinkAddress address) {
        if (address.linkIndex() == bridgeIndex) {
            addresses.remove(address.address());
        }
    }

    @Override
    public void onLink(Link link) {}

    @Override
    public void onLinkRemoved(Link link) {}

    @Override
    public void onRoute(KernelRoute route) {}

    @Override
    public void onRouteRemoved(KernelRoute route) {}
}
