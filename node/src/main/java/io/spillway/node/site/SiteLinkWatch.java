package io.spillway.node.site;

import io.spillway.dataplane.agent.ControlEvents;
import io.spillway.node.ControlAgent;
import io.spillway.node.SiteConfig;
import io.spillway.node.WanSetup;
import io.spillway.tap.KernelRoute;
import io.spillway.tap.Link;
import io.spillway.tap.LinkAddress;
import io.spillway.tap.LinkMonitor;
import io.spillway.tap.LinuxException;
import io.spillway.tap.UnreachableMonitor;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns site control, and tells it beforehand what the kernel says of the WAN devices: a link that
 * goes down decides at once. Devices may be pulled and plugged in. Owned by control.
 */
final class SiteLinkWatch implements ControlAgent.Logic, LinkMonitor.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SiteLinkWatch.class);

    private final LinkMonitor monitor;
    private final Map<Integer, UnreachableMonitor> unreachable = new HashMap<>();
    private final SiteControl control;
    private final Consumer<InetAddress> onAddressGone;
    private final IntConsumer onDevice;
    private final List<String> devices;

    /** By the kernel's number, what each link's sockets are bound to; 0: to nothing yet. */
    private final Map<Integer, Integer> bound = new HashMap<>();

    private final boolean isIpv4;
    private final Map<Integer, Integer> linkByDevice = new HashMap<>();
    private final Map<Integer, Boolean> isUp = new HashMap<>();
    private final Map<Integer, Integer> mtus = new HashMap<>();
    private final Map<Integer, Set<InetAddress>> addresses = new HashMap<>();

    /** Of each link; 0: the device's. */
    private final List<Integer> configuredMtus = new ArrayList<>();

    /** Of each link; null: whichever it has. */
    private final List<InetAddress> configuredAddresses = new ArrayList<>();

    private SiteLinkWatch(
            LinkMonitor monitor,
            SiteConfig config,
            SiteControl control,
            Consumer<InetAddress> onAddressGone,
            IntConsumer onDevice)
            throws SocketException {
        this.monitor = monitor;
        this.onAddressGone = onAddressGone;
        this.onDevice = onDevice;
        this.control = control;
        devices = config.links().stream().map(SiteConfig.Link::device).toList();
        config.links().forEach(link -> configuredAddresses.add(link.address()));
        config.links().forEach(link -> configuredMtus.add(link.mtu()));
        isIpv4 = config.pops().getFirst().address() instanceof Inet4Address;
        for (int link = 0; link < devices.size(); link++) {
            NetworkInterface device = NetworkInterface.getByName(devices.get(link));
            bound.put(link, device == null ? 0 : device.getIndex());
        }
    }

    /**
     * Right after the sockets were opened.
     *
     * @param onDevice a link's device is another one, by the same name: sockets must follow
     */
    static SiteLinkWatch open(
            SiteConfig config,
            SiteControl control,
            Consumer<InetAddress> onAddressGone,
            IntConsumer onDevice)
            throws IOException {
        SiteLinkWatch watch =
                new SiteLinkWatch(LinkMonitor.open(), config, control, onAddressGone, onDevice);
        watch.bound.forEach(
                (link, device) -> {
                    if (device == 0) {
                        watch.tell(link, false);
                    } else {
                        watch.hearErrors(link);
                    }
                });
        return watch;
    }

    /** Without the right to hear ICMP errors it goes on without, since they decide nothing. */
    private void hearErrors(int link) {
        String device = devices.get(link);
        UnreachableMonitor before = unreachable.remove(link);
        if (before != null) {
            before.close();
        }
        try {
            unreachable.put(link, UnreachableMonitor.open(device, !isIpv4));
        } catch (LinuxException e) {
            LOG.warn("ICMP errors are not heard on {}: {}", device, e.getMessage());
        }
    }

    @Override
    public ControlEvents.Handler dataPlaneHandler() {
        return control.dataPlaneHandler();
    }

    @Override
    public void onTick(long nowNs) {
        try {
            monitor.poll(this);
        } catch (LinuxException e) {
            LOG.error("link monitor: {}", e.getMessage());
        }
        unreachable.forEach((link, icmp) -> icmp.poll(new Complaints(link)));
        control.onTick(nowNs);
    }

    @Override
    public long deadlineNs() {
        return control.deadlineNs();
    }

    @Override
    public void onStop() {
        control.onStop();
    }

    @Override
    public void onLink(Link link) {
        int index = devices.indexOf(link.name());
        if (index >= 0) {
            linkByDevice.put(link.index(), index);
            if (bound.put(index, link.index()) != link.index()) {
                LOG.info("link {}: device {} is there", index, link.name());
                onDevice.accept(index);
                hearErrors(index);
            }
            tell(index, link.isUsable());
            tellMtu(index, WanSetup.mtu(configuredMtus.get(index), link.mtu()));
        }
    }

    @Override
    public void onLinkRemoved(Link link) {
        Integer index = linkByDevice.remove(link.index());
        if (index != null) {
            tell(index, false);
        }
    }

    @Override
    public void onAddress(LinkAddress address) {
        note(address, true);
    }

    @Override
    public void onAddressRemoved(LinkAddress address) {
        note(address, false);
    }

    /** What was sent since the address changed may have found no way yet. */
    @Override
    public void onRoute(KernelRoute route) {
        note(route, true);
    }

    @Override
    public void onRouteRemoved(KernelRoute route) {
        note(route, false);
    }

    private void note(KernelRoute route, boolean isThere) {
        Integer index = linkByDevice.get(route.linkIndex());
        boolean isMain = route.table() == KernelRoute.TABLE_MAIN;
        if (index != null && route.isDefault() && isMain) {
            control.onDefaultRoute(index, isThere);
        }
    }

    @Override
    public void close() {
        unreachable.values().forEach(UnreachableMonitor::close);
        monitor.close();
    }

    /** The first that a device got counts, as long as it is there; a configured one only itself. */
    private void note(LinkAddress address, boolean isThere) {
        Integer index = linkByDevice.get(address.linkIndex());
        InetAddress ip = address.address();
        if (index == null || ip instanceof Inet4Address != isIpv4 || ip.isLinkLocalAddress()) {
            return;
        }
        InetAddress configured = configuredAddresses.get(index);
        Set<InetAddress> known = addresses.computeIfAbsent(index, _ -> new LinkedHashSet<>());
        InetAddress before = first(known);
        if (!isThere || !address.isUsable()) {
            known.remove(ip);
            onAddressGone.accept(ip);
        } else if (configured == null || configured.equals(ip)) {
            known.add(ip);
        }
        InetAddress now = first(known);
        if (!Objects.equals(before, now)) {
            control.onAddress(index, now);
        }
    }

    private static InetAddress first(Set<InetAddress> known) {
        return known.isEmpty() ? null : known.iterator().next();
    }

    private void tellMtu(int index, int mtu) {
        Integer before = mtus.put(index, mtu);
        if (before != null && before != mtu) {
            control.onLinkMtu(index, mtu);
        }
    }

    private void tell(int index, boolean usable) {
        Boolean before = isUp.put(index, usable);
        if (before == null ? !usable : before != usable) {
            control.onLink(index, usable);
        }
    }

    /** What ICMP says of datagrams of a link: both are suspicions, never decisions. */
    private final class Complaints implements UnreachableMonitor.Listener {
        private final int link;

        Complaints(int link) {
            this.link = link;
        }

        @Override
        public void onUnreachable(InetSocketAddress local, InetSocketAddress remote, int code) {
            control.onUnreachable(link, remote, code);
        }

        @Override
        public void onTooBig(InetSocketAddress local, InetSocketAddress remote, int mtu) {
            control.onTooBig(link, remote, mtu);
        }
    }
}
