package io.spillway.dataplane.agent;

import io.spillway.crypto.Session;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.LocalAddresses;
import io.spillway.dataplane.forward.SiteExit;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelTable;
import io.spillway.dataplane.header.GatewayAddress;
import io.spillway.dataplane.header.GatewayAddresses;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.port.LanInterface;
import io.spillway.dataplane.sim.DisturbedLink;
import io.spillway.dataplane.sim.MeasuredPort;
import io.spillway.dataplane.sim.PrivateHost;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibEntry;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.tap.Layer;
import io.spillway.tap.NetworkDevice;
import io.spillway.tap.TapConfig;
import io.spillway.tap.TapDevice;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Site n of two: a kernel host with the addresses 10.n.0.7 and fd00:n::7 behind a real TAP, a real
 * data-plane thread, and a WAN link that is given to it. The second site has threads of their own
 * for LAN and WAN.
 */
final class TransferSite implements AutoCloseable {
    /** What the LAN's device offers to the host's kernel. */
    enum Lan {
        PLAIN(false, 0),
        CHECKSUM(true, TapConfig.OFFLOAD_CHECKSUM),
        SEGMENTS(true, TapConfig.OFFLOAD_ALL);

        private final boolean vnetHeader;
        private final int offloads;

        Lan(boolean vnetHeader, int offloads) {
            this.vnetHeader = vnetHeader;
            this.offloads = offloads;
        }
    }

    private static final long GATEWAY_MAC = 0x0200_5E10_0001L;
    private static final int POOL_SLOTS = 512;

    final PrivateHost host = new PrivateHost();
    final DisturbedLink wan;
    final DataPlane plane;
    private final int number;
    private final List<MeasuredPort> taps = new ArrayList<>();
    private final DataPlaneThreads threads;
    private Tunnel tunnel;
    private int joined;

    TransferSite(int number, Lan lan, int lanMtu, DisturbedLink wan) throws Exception {
        this.number = number;
        this.wan = wan;
        Threading threading = number == 1 ? Threading.SHARED : Threading.dedicated(2, 1);
        TapConfig config = config(lan, threading.portQueues() > 1);
        for (int queue = 0; queue < threading.portQueues(); queue++) {
            taps.add(new MeasuredPort(host.call(() -> TapDevice.open(config))));
        }
        setUpHost(lanMtu);
        plane =
                new DataPlane(
                        threading,
                        new DataPlane.Sizes(POOL_SLOTS),
                        number,
                        List.of(new DataPlane.PortSpec(taps, false, List.of(network()))),
                        List.of(new DataPlane.LinkSpec("wan", wan)),
                        SystemNanoClock.INSTANCE);
        EventLoopKind kind = EventLoopKind.choose("auto").kind();
        threads =
                new DataPlaneThreads(
                        plane, kind, RealNode.SPIN_NS, SystemNanoClock.INSTANCE, () -> {});
        threads.start();
    }

    private static TapConfig config(Lan lan, boolean isMultiQueue) {
        return new TapConfig("tap0", Layer.ETHERNET, lan.vnetHeader, lan.offloads, isMultiQueue);
    }

    /** Bytes of the longest frame read. */
    int readMax() {
        return taps.stream().mapToInt(MeasuredPort::readMax).max().orElseThrow();
    }

    /** Bytes of the longest frame that the kernel took. */
    int writtenMax() {
        return taps.stream().mapToInt(MeasuredPort::writtenMax).max().orElseThrow();
    }

    /** Retransmits soon, so that loss does not cost the test minutes. */
    private void setUpHost(int lanMtu) throws Exception {
        int other = 3 - number;
        host.ip("link set tap0 mtu " + lanMtu);
        host.ip("addr add 10." + number + ".0.7/24 dev tap0");
        host.ip("addr add fd00:" + number + "::7/64 dev tap0 nodad");
        host.call(
                () -> {
                    NetworkDevice.setUp("tap0");
                    return null;
                });
        String soon = " rto_min 5ms";
        host.ip("route add 10." + other + ".0.0/24 via 10." + number + ".0.1" + soon);
        host.ip("route add fd00:" + other + "::/64 via fd00:" + number + "::1" + soon);
        host.sysctl("net/ipv4/tcp_no_metrics_save", "1");
        host.sysctl("net/ipv4/tcp_ecn", "1");
    }

    private LanInterface network() {
        var addresses =
                List.of(
                        GatewayAddress.parse("10." + number + ".0.1/24"),
                        GatewayAddress.parse("fd00:" + number + "::1/64"));
        return new LanInterface(0, 0, "lan", new GatewayAddresses(GATEWAY_MAC, 0, addresses), null);
    }

    /** A new tunnel to the other site takes the place of the one before. */
    Tunnel join(TransferSite peer, Session session, int linkMtu) {
        InetSocketAddress remote = peer.wan.localEndpoint();
        Tunnel next = plane.newTunnel(joined++, 0, 0, peer.number, remote, linkMtu);
        plane.commands().installSession(next, session);
        plane.commands().publish(forwarding(next, peer.number));
        if (tunnel != null) {
            plane.commands().closeTunnel(tunnel);
        }
        tunnel = next;
        return next;
    }

    private Forwarding forwarding(Tunnel next, int peer) {
        return new Forwarding(
                joined,
                number,
                0,
                Fib.of(
                        joined,
                        List.of(
                                entry("10." + number + ".0.0/24", NextHop.onLink(0)),
                                entry("fd00:" + number + "::/64", NextHop.onLink(0)),
                                entry("10." + peer + ".0.0/24", NextHop.site(0)),
                                entry("fd00:" + peer + "::/64", NextHop.site(0)))),
                List.of(new SiteExit(peer, List.of(next), 0, false)),
                TunnelTable.of(List.of(next)),
                new LocalAddresses(
                        new int[] {Packets.ip4("10." + number + ".0.1")},
                        new long[] {
                            Packets.high("fd00:" + number + "::1"),
                            Packets.low("fd00:" + number + "::1")
                        }));
    }

    private static FibEntry entry(String prefix, NextHop hop) {
        return new FibEntry(Prefix.parse(prefix), hop);
    }

    String address(boolean isIpv6) {
        return isIpv6 ? "fd00:" + number + "::7" : "10." + number + ".0.7";
    }

    @Override
    public String toString() {
        return "site " + number;
    }

    /** What killed the agent, or null. */
    Throwable failure() {
        return threads.failure();
    }

    /** Ends the agent and does by hand what it had begun, so that every slot is home. */
    int usedSlotsAtTheEnd() {
        threads.close();
        while (plane.doWork() > 0) {
            Thread.onSpinWait();
        }
        return plane.slotCount() - plane.freeSlotCount();
    }

    @Override
    public void close() {
        threads.close();
        if (threads.threads().stream().anyMatch(Thread::isAlive)) {
            throw new AssertionError("the data-plane thread does not end");
        }
        wan.close();
        taps.forEach(MeasuredPort::close);
        plane.close();
        host.close();
    }
}
