package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.forward.Exits;
import io.spillway.dataplane.forward.TunnelRings;
import io.spillway.dataplane.port.LanPort;
import io.spillway.dataplane.wan.WanLink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * Wires a data plane's agents: one for everything, or a lan agent and WAN agents with rings between
 * them.
 *
 * <pre>
 *   SHARED      data-plane
 *   DEDICATED   lan ==ring==&gt; wan-0 .. wan-N,  lan &lt;==ring== wan-0 .. wan-N
 * </pre>
 *
 * <p>Used at start, by one thread.
 */
final class DataPlaneWiring {
    /** What lets a WAN agent take a full batch while as much is at the lan agent's. */
    static final int WAN_POOL_SLOTS_MIN = 32;

    /** At most a quarter of the pool, rounded up: a flood of them must leave room for packets. */
    private static final int HANDSHAKE_RING_CAPACITY = 256;

    private static final int PORT_RING_CAPACITY = 512;

    /** Packets, or trains of them, between two agents. */
    private static final int HAND_OVER_CAPACITY = 1024;

    private final List<LanPort> ports = new ArrayList<>();
    private final List<AgentParts> parts = new ArrayList<>();
    private final List<NewsRing> news = new ArrayList<>();
    private final List<DataPlaneCommands.WanDesk> wans = new ArrayList<>();
    private final List<LoopAgent> agents = new ArrayList<>();

    DataPlaneWiring(
            Threading threading,
            int poolSlots,
            List<DataPlane.PortSpec> portSpecs,
            List<DataPlane.LinkSpec> linkSpecs,
            NanoClock clock,
            int seed) {
        int threads = threading.wanThreads();
        for (DataPlane.LinkSpec link : linkSpecs) {
            if (link.devices().size() != threads) {
                throw new IllegalArgumentException(
                        link.name() + ": " + link.devices().size() + " sockets for " + threads);
            }
        }
        if (threading.mode() == ThreadingMode.SHARED) {
            parts.add(AgentParts.of("data-plane", clock, new PacketPool(poolSlots)));
            openPorts(portSpecs);
            wireShared(linkSpecs, seed);
        } else {
            makeDedicatedParts(threads, poolSlots, clock);
            openPorts(portSpecs);
            wireDedicated(threads, linkSpecs, seed);
        }
    }

    /** All, the one that routes last. */
    List<AgentParts> parts() {
        return parts;
    }

    List<LoopAgent> agents() {
        return agents;
    }

    /** By WAN thread. */
    List<DataPlaneCommands.WanDesk> wans() {
        return wans;
    }

    List<NewsRing> news() {
        return news;
    }

    List<LanPort> ports() {
        return List.copyOf(ports);
    }

    private void openPorts(List<DataPlane.PortSpec> specs) {
        for (DataPlane.PortSpec spec : specs) {
            ports.add(
                    new LanPort(
                            ports.size(),
                            spec.device(),
                            spec.isHost(),
                            spec.interfaces(),
                            ring(PORT_RING_CAPACITY)));
        }
    }

    private void wireShared(List<DataPlane.LinkSpec> links, int seed) {
        AgentParts own = parts.getFirst();
        TunnelRings tunnels = new TunnelRings();
        Exits exits = new Exits(portRings(), tunnels, own.forwarding(), own.drops());
        LanSide lan = new LanSide(own, ports, exits, seed);
        NewsRing ring = newsRing(own.pool());
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

    /** WAN agents first, by thread; the lan agent has half of all slots. */
    private void makeDedicatedParts(int threads, int poolSlots, NanoClock clock) {
        int[] slots = new int[threads + 1];
        Arrays.fill(slots, 0, threads, poolSlots / 2 / threads);
        slots[threads] = poolSlots - threads * slots[0];
        List<PacketPool> pools = PacketPool.ofAgents(slots);
        for (int thread = 0; thread < threads; thread++) {
            parts.add(AgentParts.of("wan-" + thread, clock, pools.get(thread)));
        }
        parts.add(AgentParts.of("lan", clock, pools.get(threads)));
    }

    private void wireDedicated(int threads, List<DataPlane.LinkSpec> links, int seed) {
        AgentParts lanParts = parts.getLast();
        List<PacketRing> arriving = new ArrayList<>();
        HandOver[] departures = new HandOver[threads];
        for (int thread = 0; thread < threads; thread++) {
            AgentParts own = parts.get(thread);
            PacketRing arrivals = ring(HAND_OVER_CAPACITY);
            PacketRing departing = ring(HAND_OVER_CAPACITY);
            arriving.add(arrivals);
            departures[thread] =
                    new HandOver(departing, own.mailbox().doorbell(), lanParts.drops());
            HandOver toLan = new HandOver(arrivals, lanParts.mailbox().doorbell(), own.drops());
            addWanAgent(own, new WanSide.Place(thread, threads), links, toLan, departing);
        }
        ToWanAgents toWans = new ToWanAgents(departures);
        Exits exits = new Exits(portRings(), toWans, lanParts.forwarding(), lanParts.drops());
        LanSide lan = new LanSide(lanParts, ports, exits, seed);
        agents.add(new LanAgent(lanParts, lan, arriving));
    }

    private void addWanAgent(
            AgentParts own,
            WanSide.Place place,
            List<DataPlane.LinkSpec> links,
            HandOver toLan,
            PacketRing departing) {
        TunnelRings rings = new TunnelRings();
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
