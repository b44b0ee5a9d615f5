package io.spillway.dataplane.agent;

import io.spillway.dataplane.agent.DataPlaneAgent.DataPlaneParts;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.buffer.ReadyFlag;
import io.spillway.dataplane.firewall.LanFirewall;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.forward.Exits;
import io.spillway.dataplane.forward.ForwardingView;
import io.spillway.dataplane.forward.IcmpReporter;
import io.spillway.dataplane.forward.PortRoutes;
import io.spillway.dataplane.forward.ProbeResponder;
import io.spillway.dataplane.forward.Router;
import io.spillway.dataplane.forward.SessionTable;
import io.spillway.dataplane.forward.SourceGuard;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelDemux;
import io.spillway.dataplane.forward.TunnelFit;
import io.spillway.dataplane.forward.TunnelOpener;
import io.spillway.dataplane.forward.TunnelRings;
import io.spillway.dataplane.forward.TunnelSealer;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.path.LanEgress;
import io.spillway.dataplane.path.LanIngress;
import io.spillway.dataplane.path.WanEgress;
import io.spillway.dataplane.path.WanIngress;
import io.spillway.dataplane.port.FrameDecoder;
import io.spillway.dataplane.port.FrameEncoder;
import io.spillway.dataplane.port.Gateway;
import io.spillway.dataplane.port.LanInterface;
import io.spillway.dataplane.port.LanPort;
import io.spillway.dataplane.port.TapReader;
import io.spillway.dataplane.port.TapWriter;
import io.spillway.dataplane.segment.Coalescer;
import io.spillway.dataplane.wan.DatagramReceiver;
import io.spillway.dataplane.wan.DatagramSender;
import io.spillway.dataplane.wan.WanLink;
import io.spillway.tap.DatagramDevice;
import io.spillway.tap.FrameDevice;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.NanoClock;

/**
 * Wires one data plane: the steps of the four paths around one pool, one set of rings, one agent.
 * Used alike by appliance, PoP and tests.
 */
public final class DataPlane implements AutoCloseable {
    /** At most a quarter of the pool, rounded up: a flood of them must leave room for packets. */
    private static final int HANDSHAKE_RING_CAPACITY = 256;

    private static final int PORT_RING_CAPACITY = 512;
    private static final int TUNNEL_RING_CAPACITY = 512;
    private static final int FLOW_CAPACITY = 1 << 16;

    /** A LAN port to be: its device and the networks on it. */
    public record PortSpec(FrameDevice device, boolean isHost, List<LanInterface> interfaces) {}

    /** A WAN link to be. */
    public record LinkSpec(String name, DatagramDevice device) {}

    private final CachedNanoClock clock = new CachedNanoClock();
    private final Counters counters = new Counters();
    private final PacketPool pool;
    private final Drops drops;
    private final ForwardingView forwarding = new ForwardingView();
    private final SessionTable sessions = new SessionTable();
    private final TunnelRings tunnelRings = new TunnelRings();
    private final List<LanPort> ports = new ArrayList<>();
    private final List<WanLink> links = new ArrayList<>();
    private final DataPlaneAgent agent;

    /**
     * @param poolSlots packet slots of about 65 KiB each
     * @param seed random, unknown to others
     * @param realClock read once a cycle
     */
    public DataPlane(
            int poolSlots,
            int seed,
            List<PortSpec> portSpecs,
            List<LinkSpec> linkSpecs,
            NanoClock realClock) {
        clock.update(realClock.nanoTime());
        pool = new PacketPool(poolSlots);
        drops = new Drops(counters, pool);
        for (PortSpec spec : portSpecs) {
            PacketRing ring = new PacketRing(pool, PORT_RING_CAPACITY);
            ports.add(
                    new LanPort(
                            ports.size(), spec.device(), spec.isHost(), spec.interfaces(), ring));
        }
        for (LinkSpec spec : linkSpecs) {
            links.add(new WanLink(links.size(), spec.name(), spec.device()));
        }
        agent = new DataPlaneAgent(realClock, clock, assemble(seed));
    }

    public DataPlaneAgent agent() {
        return agent;
    }

    /** For tests: where all slots must be in the end. */
    PacketPool pool() {
        return pool;
    }

    /** Packet slots made at start. */
    public int slotCount() {
        return pool.slotCount();
    }

    /** Packet slots that nobody uses. Any thread; a moment old. */
    public int freeSlotCount() {
        return pool.freeCount();
    }

    public Counters counters() {
        return counters;
    }

    public List<LanPort> ports() {
        return List.copyOf(ports);
    }

    public List<WanLink> links() {
        return List.copyOf(links);
    }

    /** Any thread. The tunnel carries packets once it is published and has a session. */
    public Tunnel newTunnel(
            int index, int link, long siteId, InetSocketAddress remote, int linkMtu) {
        return new Tunnel(index, link, siteId, remote, linkMtu, pool, TUNNEL_RING_CAPACITY);
    }

    /** Frees the packet memory; the agent must have ended. Devices stay their owner's. */
    @Override
    public void close() {
        pool.close();
    }

    private DataPlaneParts assemble(int seed) {
        int handshakesMax = Math.min(HANDSHAKE_RING_CAPACITY, pool.slotCount() / 4);
        PacketRing handshakes = new PacketRing(pool, handshakesMax);
        PacketRing recycled = new PacketRing(pool, pool.slotCount());
        ControlEvents events = new ControlEvents(handshakes, recycled);
        PortRoutes routes = portRoutes();
        Exits exits = new Exits(portRings(), tunnelRings, forwarding, drops);
        IcmpReporter icmp = new IcmpReporter(forwarding, routes, exits, drops, pool, clock);
        TunnelFit fit = new TunnelFit(exits, icmp, drops, pool);
        FlowTable flows = new FlowTable(FLOW_CAPACITY, seed);
        LanFirewall firewall = new LanFirewall(flows, clock);
        Router router = new Router(forwarding, routes, flows, fit, icmp, drops, clock);
        Gateway gateway = new Gateway(ports, interfaces(), pool, drops, clock);
        ProbeResponder probes = new ProbeResponder(forwarding, exits, events, drops, pool);
        TunnelDemux demux = new TunnelDemux(sessions, handshakes, drops);
        TunnelOpener opener = new TunnelOpener(sessions, probes, events, drops, pool);
        DatagramSender sender = new DatagramSender(links, drops, clock);
        return new DataPlaneParts(
                events,
                pool,
                recycled,
                forwarding,
                sessions,
                probes,
                sender,
                gateway,
                lanIngress(gateway, firewall, router, exits),
                wanIngress(demux, opener, firewall, router, exits),
                new WanEgress(tunnelRings, new TunnelSealer(drops, pool), sender),
                lanEgress(gateway),
                doors());
    }

    private List<LanIngress> lanIngress(
            Gateway gateway, LanFirewall firewall, Router router, Exits exits) {
        return ports.stream()
                .map(
                        port ->
                                new LanIngress(
                                        new TapReader(port, pool, drops, clock),
                                        new FrameDecoder(port, gateway, drops),
                                        new PacketDecoder(drops),
                                        firewall,
                                        router,
                                        exits))
                .toList();
    }

    private List<WanIngress> wanIngress(
            TunnelDemux demux,
            TunnelOpener opener,
            LanFirewall firewall,
            Router router,
            Exits exits) {
        return links.stream()
                .map(
                        link ->
                                new WanIngress(
                                        new DatagramReceiver(link, pool, drops, clock),
                                        demux,
                                        opener,
                                        new PacketDecoder(drops),
                                        new Coalescer(),
                                        new SourceGuard(forwarding, drops),
                                        firewall,
                                        router,
                                        exits))
                .toList();
    }

    private List<LanEgress> lanEgress(Gateway gateway) {
        return ports.stream()
                .map(
                        port ->
                                new LanEgress(
                                        port.ring(),
                                        new FrameEncoder(port, gateway),
                                        new TapWriter(port, pool, drops, clock)))
                .toList();
    }

    private List<ReadyFlag> doors() {
        return Stream.concat(ports.stream().map(LanPort::ready), links.stream().map(WanLink::ready))
                .toList();
    }

    private List<LanInterface> interfaces() {
        return ports.stream()
                .flatMap(port -> port.interfaces().stream())
                .sorted((a, b) -> Integer.compare(a.index(), b.index()))
                .toList();
    }

    private PortRoutes portRoutes() {
        int[] portByInterface = interfaces().stream().mapToInt(LanInterface::port).toArray();
        int hostPort =
                ports.stream()
                        .filter(LanPort::isHost)
                        .mapToInt(LanPort::index)
                        .findFirst()
                        .orElse(PacketBuffer.NONE);
        return new PortRoutes(portByInterface, hostPort);
    }

    private PacketRing[] portRings() {
        return ports.stream().map(LanPort::ring).toArray(PacketRing[]::new);
    }
}
