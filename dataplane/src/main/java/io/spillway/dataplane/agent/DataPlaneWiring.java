package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.forward.Exits;
import io.spillway.dataplane.forward.TunnelRings;
import io.spillway.dataplane.port.LanPort;
import io.spillway.dataplane.wan.WanLink;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.NanoClock;

/**
 * Wires a data plane's agents: one for everything, or a lan agent, WAN agents and perhaps port
 * agents with rings between them.
 *
 * <pre>
 *   SHARED      data-plane
 *   DEDICATED   port-0 .. port-M ==ring==&gt; lan ==ring==&gt; wan-0 .. wan-N
 *               port-0 .. port-M &lt;==ring== lan &lt;==ring== wan-0 .. wan-N
 * </pre>
 *
 * <p>Used at start, by one thread.
 */
final class DataPlaneWiring {
    /** At most a quarter of the pool, rounded up: a flood of them must leave room for packets. */
    private static final int HANDSHAKE_RING_CAPACITY = 256;

    private static final int PORT_RING_CAPACITY = 512;

    private final List<LanPort> ports = new ArrayList<>();
    private final List<LanPort> devices = new ArrayList<>();
    private final List<AgentParts> parts = new ArrayList<>();
    private final List<NewsRing> news = new ArrayList<>();
    private final List<DataPlaneCommands.WanDesk> wans = new ArrayList<>();
    private final List<LoopAgent> agents = new ArrayList<>();
    private final ShapingWiring shaping;
    private final DataPlane.Sizes sizes;
    private LanSide lan;

    DataPlaneWiring(
            Threading threading,
            DataPlane.Sizes sizes,
            List<DataPlane.PortSpec> portSpecs,
            List<DataPlane.LinkSpec> linkSpecs,
            NanoClock clock,
            int seed) {
        int threads = threading.wanThreads();
        shaping = new ShapingWiring(linkSpecs, threading, sizes.poolSlots(), seed);
        this.sizes = sizes;
        for (DataPlane.LinkSpec link : linkSpecs) {
            if (link.devices().size() != threads) {
                throw new IllegalArgumentException(
                        link.name() + ": " + link.devices().size() + " sockets for " + threads);
            }
        }
        if (threading.mode() == ThreadingMode.SHARED) {
            parts.add(AgentParts.of(0, "data-plane", clock, new PacketPool(shaping.slots())));
            openPorts(portSpecs, threading);
            wireShared(linkSpecs, seed);
        } else {
            makeDedicatedParts(threading, shaping.slots(), clock);
            openPorts(portSpecs, threading);
            wireDedicated(threading, portSpecs, linkSpecs, seed);
        }
    }

    /** All, the one that routes last. */
    List<AgentParts> parts() {
        return parts;
    }

    List<LoopAgent> agents() {
        return agents;
    }

    /** Turned by the agent that routes. */
    LanSide lan() {
        return lan;
    }

    /** By WAN thread. */
    List<DataPlaneCommands.WanDesk> wans() {
        return wans;
    }

    List<NewsRing> news() {
        return news;
    }

    ShapingWiring shaping() {
        return shaping;
    }

    /** Every queue that an agent reads. */
    List<LanPort> devices() {
        return List.copyOf(devices);
    }

    /** The host port included; {@link #devices} has some of them several times. */
    int portCount() {
        return ports.size();
    }

    private void openPorts(List<DataPlane.PortSpec> specs, Threading threading) {
        for (DataPlane.PortSpec spec : specs) {
            int queues = spec.isHost() ? 1 : threading.portQueues();
            if (spec.queues().size() != queues) {
                throw new IllegalArgumentException(
                        "port " + ports.size() + ": " + spec.queues().size() + " for " + queues);
            }
            LanPort port = port(ports.size(), spec, 0);
            ports.add(port);
            if (spec.isHost() || threading.portThreads() == 0) {
                devices.add(port);
            }
        }
    }

    /** With one of its device's queues. */
    private LanPort port(int index, DataPlane.PortSpec spec, int queue) {
        return new LanPort(
                index,
                spec.queues().get(queue),
                spec.isHost(),
                spec.interfaces(),
                ring(PORT_RING_CAPACITY));
    }

    private void wireShared(List<DataPlane.LinkSpec> links, int seed) {
        AgentParts own = parts.getFirst();
        TunnelRings tunnels = new TunnelRings(shaping.of(own), own.capture());
        Exits exits = new Exits(portRings(), tunnels, own.forwarding(), own.drops());
        NewsRing ring = newsRing(own.pool());
        lan = new LanSide(own, ports, exits, ring, Map.of(), sizes, seed);
        WanSide wan =
                new WanSide(
                        own,
                        new WanSide.Place(0, 1),
                        wanLinks(links, 0),
                        tunnels,
                        exits,
                        ring,
                        lan.decision());
        wans.add(new DataPlaneCommands.WanDesk(wan, own.mailbox()));
        agents.add(new DataPlaneAgent(own, lan, wan, ring));
    }

    /** WAN agents first, by thread, then port agents. */
    private void makeDedicatedParts(Threading threading, int poolSlots, NanoClock clock) {
        Iterator<PacketPool> pools =
                PacketPool.ofAgents(PoolShares.of(threading, poolSlots)).iterator();
        for (int thread = 0; thread < threading.wanThreads(); thread++) {
            parts.add(AgentParts.of(parts.size(), "wan-" + thread, clock, pools.next()));
        }
        for (int thread = 0; thread < threading.portThreads(); thread++) {
            parts.add(AgentParts.of(parts.size(), "port-" + thread, clock, pools.next()));
        }
        parts.add(AgentParts.of(parts.size(), "lan", clock, pools.next()));
    }

    private void wireDedicated(
            Threading threading,
            List<DataPlane.PortSpec> specs,
            List<DataPlane.LinkSpec> links,
            int seed) {
        int threads = threading.wanThreads();
        AgentParts lanParts = parts.getLast();
        List<PacketRing> arriving = new ArrayList<>();
        HandOver[] departures = new HandOver[threads];
        for (int thread = 0; thread < threads; thread++) {
            AgentParts own = parts.get(thread);
            PacketRing arrivals = ring(HandOver.CAPACITY);
            PacketRing departing = ring(HandOver.CAPACITY);
            arriving.add(arrivals);
            departures[thread] =
                    new HandOver(departing, own.mailbox().doorbell(), lanParts.drops());
            HandOver toLan = new HandOver(arrivals, lanParts.mailbox().doorbell(), own.drops());
            addWanAgent(own, new WanSide.Place(thread, threads), links, toLan, departing);
        }
        ToWanAgents toWans = new ToWanAgents(departures);
        Exits exits = new Exits(portRings(), toWans, lanParts.forwarding(), lanParts.drops());
        PortWiring portSide =
                new PortWiring(
                        parts.subList(threads, threads + threading.portThreads()),
                        lanParts,
                        thread -> portsOf(thread, specs));
        NewsRing ring = newsRing(lanParts.pool());
        lan = new LanSide(lanParts, ports, exits, ring, portSide.ways(), sizes, seed);
        agents.addAll(portSide.agents());
        agents.add(new LanAgent(lanParts, lan, ring, portSide.arrivals(lan), arriving));
    }

    /** The LAN ports, each with the queue of that port thread. */
    private List<LanPort> portsOf(int thread, List<DataPlane.PortSpec> specs) {
        List<LanPort> own = new ArrayList<>();
        for (int index = 0; index < specs.size(); index++) {
            if (!specs.get(index).isHost()) {
                own.add(port(index, specs.get(index), thread));
            }
        }
        devices.addAll(own);
        return own;
    }

    private void addWanAgent(
            AgentParts own,
            WanSide.Place place,
            List<DataPlane.LinkSpec> links,
            HandOver toLan,
            PacketRing departing) {
        TunnelRings rings = new TunnelRings(shaping.of(own), own.capture());
        OwnTunnels tunnels = new OwnTunnels(place.thread(), rings, toLan);
        Exits exits = new Exits(new PacketRing[0], tunnels, own.forwarding(), own.drops());
        NewsRing ring = newsRing(own.pool());
        List<WanLink> ownLinks = wanLinks(links, place.thread());
        WanSide wan = new WanSide(own, place, ownLinks, rings, exits, ring, toLan);
        wans.add(new DataPlaneCommands.WanDesk(wan, own.mailbox()));
        agents.add(new WanAgent(own, wan, ring, departing, exits));
    }

    private NewsRing newsRing(PacketPool pool) {
        int handshakesMax = Math.min(HANDSHAKE_RING_CAPACITY, pool.slotCount() / 4);
        NewsRing ring = new NewsRing(new PacketRing(pool, handshakesMax), pool.newWayHome());
        news.add(ring);
        return ring;
    }

    private static List<WanLink> wanLinks(List<DataPlane.LinkSpec> specs, int thread) {
        List<WanLink> links = new ArrayList<>();
        for (DataPlane.LinkSpec spec : specs) {
            links.add(new WanLink(links.size(), spec.name(), spec.devices().get(thread)));
        }
        return links;
    }

    /** Whichever pool it is made with, its buffers may be of any. */
    private PacketRing ring(int capacity) {
        return new PacketRing(parts.getFirst().pool(), capacity);
    }

    private PacketRing[] portRings() {
        return ports.stream().map(LanPort::ring).toArray(PacketRing[]::new);
    }
}
