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
import io.spillway.dataplane.sim.PrivateNetwork;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibEntry;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.tap.FrameDevice;
import io.spillway.tap.Layer;
import io.spillway.tap.NetworkDevice;
import io.spillway.tap.TapConfig;
import io.spillway.tap.TapDevice;
import io.spillway.tap.UdpConfig;
import io.spillway.tap.UdpSocket;
import io.spillway.tap.UdpSocketGroup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The real data-plane threads with a real TAP and real UDP sockets, in the namespace of the calling
 * thread. The far ends are plain sockets with the other ends of the sessions.
 *
 * <pre>
 *   kernel 10.1.0.7 -- tap0 -- data plane 10.1.0.1 == 127.0.0.1 ==+== site 2: 10.2.0.0/16
 *                                                                 +== site 3: 10.3.0.0/16
 * </pre>
 */
final class RealNode implements AutoCloseable {
    static final long GATEWAY_MAC = 0x0200_5E10_0001L;

    /** As in a configuration that does not say. */
    static final long SPIN_NS = 100_000;

    private static final long PATIENCE_NS = 5_000_000_000L;

    /** A far end: its socket, its session, our tunnel to it. */
    record Far(UdpSocket socket, Session session, Tunnel tunnel) {}

    final List<TapDevice> taps = new ArrayList<>();
    final List<UdpSocket> wans;
    final UdpSocket wan;
    final DataPlane plane;
    final DataPlaneThreads threads;
    final Far second;
    final Far third;

    /**
     * @param byPop whether site 2 is reached by a PoP, not by a tunnel of its own
     * @param wrapped what the data plane gets for the TAP
     */
    RealNode(EventLoopKind kind, boolean byPop, UnaryOperator<FrameDevice> wrapped)
            throws Exception {
        this(Threading.SHARED, kind, byPop, wrapped);
    }

    RealNode(
            Threading threading,
            EventLoopKind kind,
            boolean byPop,
            UnaryOperator<FrameDevice> wrapped)
            throws Exception {
        this(threading, kind, byPop, wrapped, 0);
    }

    /**
     * @param bitsPerSecond to which the WAN link is shaped; 0: not at all
     */
    RealNode(
            Threading threading,
            EventLoopKind kind,
            boolean byPop,
            UnaryOperator<FrameDevice> wrapped,
            long bitsPerSecond)
            throws Exception {
        wans = open(threading);
        wan = wans.getFirst();
        int offloads = TapConfig.OFFLOAD_ALL;
        int queues = threading.portQueues();
        for (int queue = 0; queue < queues; queue++) {
            boolean isOneOfMany = queues > 1;
            taps.add(
                    TapDevice.open(
                            new TapConfig("tap0", Layer.ETHERNET, true, offloads, isOneOfMany)));
        }
        PrivateNetwork.ip("addr add 10.1.0.7/24 dev tap0");
        NetworkDevice.setUp("tap0");
        PrivateNetwork.ip("route add 10.2.0.0/15 via 10.1.0.1");
        var own =
                new GatewayAddresses(GATEWAY_MAC, 0, List.of(GatewayAddress.parse("10.1.0.1/24")));
        var lan = new LanInterface(0, 0, "lan", own, null);
        plane =
                new DataPlane(
                        threading,
                        new DataPlane.Sizes(512),
                        1,
                        List.of(
                                new DataPlane.PortSpec(
                                        taps.stream().map(wrapped).toList(), false, List.of(lan))),
                        List.of(new DataPlane.LinkSpec("lo", wans, bitsPerSecond)),
                        SystemNanoClock.INSTANCE);
        threads = new DataPlaneThreads(plane, kind, SPIN_NS, SystemNanoClock.INSTANCE, () -> {});
        second = far(0, byPop ? Tunnel.POP : 2);
        third = far(1, 3);
        publish(); // before the first cycle, so that no datagram comes before it
        threads.start();
        awaitSessions();
    }

    /** Each at its own agent; until then its tunnel is down for the one that routes. */
    private void awaitSessions() {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (second.tunnel.mtu() == 0 || third.tunnel.mtu() == 0) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("no sessions");
            }
            Thread.onSpinWait();
        }
    }

    static UdpSocket open(boolean receiveCoalescing) throws Exception {
        var local = new InetSocketAddress("127.0.0.1", 0);
        return UdpSocket.open(new UdpConfig(null, local, receiveCoalescing, 8 << 20));
    }

    private static List<UdpSocket> open(Threading threading) throws Exception {
        if (threading.mode() == ThreadingMode.SHARED) {
            return List.of(open(true));
        }
        var local = new InetSocketAddress("127.0.0.1", 0);
        UdpConfig config = new UdpConfig(null, local, true, 8 << 20);
        return UdpSocketGroup.open(config, DataPlane.STEERING, threading.wanThreads());
    }

    /** Its connection ID's low bits are its index, and so its WAN thread's. */
    private Far far(int index, long siteId) throws Exception {
        UdpSocket socket = open(false);
        int thread = index % plane.threading().wanThreads();
        Tunnel tunnel = plane.newTunnel(index, 0, thread, siteId, socket.localEndpoint(), 1500);
        SessionPair pair = SessionPair.of(1 + index, 0x7000 + index, 0x8000 + index);
        plane.commands().installSession(tunnel, pair.client());
        return new Far(socket, pair.server(), tunnel);
    }

    private void publish() {
        plane.commands().publish(forwarding());
    }

    Forwarding forwarding() {
        return new Forwarding(
                1,
                1,
                0,
                Fib.of(
                        1,
                        List.of(
                                entry("10.1.0.0/24", NextHop.onLink(0)),
                                entry("10.2.0.0/16", NextHop.site(0)),
                                entry("10.3.0.0/16", NextHop.site(1)))),
                List.of(
                        new SiteExit(2, List.of(second.tunnel), 0, false),
                        new SiteExit(3, List.of(third.tunnel), 0, false)),
                TunnelTable.of(List.of(second.tunnel, third.tunnel)),
                new LocalAddresses(new int[] {Packets.ip4("10.1.0.1")}, new long[0]));
    }

    private static FibEntry entry(String prefix, NextHop hop) {
        return new FibEntry(Prefix.parse(prefix), hop);
    }

    @Override
    public void close() {
        threads.close();
        if (threads.threads().stream().anyMatch(Thread::isAlive)) {
            throw new AssertionError("a data-plane thread does not end");
        }
        second.socket.close();
        third.socket.close();
        wans.forEach(UdpSocket::close);
        taps.forEach(TapDevice::close);
        plane.close();
        if (threads.failure() != null) {
            throw new AssertionError("the agent died", threads.failure());
        }
    }
}
