package io.spillway.dataplane.agent;

import io.spillway.crypto.record.RecordHeader;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.observe.CapturePlan;
import io.spillway.dataplane.observe.DropTotals;
import io.spillway.dataplane.observe.LinkQueue;
import io.spillway.dataplane.observe.TrafficCounter;
import io.spillway.dataplane.port.LanInterface;
import io.spillway.dataplane.port.LanPort;
import io.spillway.dataplane.wan.WanLink;
import io.spillway.tap.DatagramDevice;
import io.spillway.tap.FrameDevice;
import io.spillway.tap.UdpSocketGroup;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.NanoClock;

/**
 * One data plane: its agents, around one packet memory, and how control speaks with them. Used
 * alike by appliance, PoP and tests; {@link DataPlaneThreads} turn it, or {@link #doWork}.
 */
public final class DataPlane implements AutoCloseable {
    /**
     * How a link's sockets are to be steered where there are several: records by the low bits of
     * their connection ID (RFC 9146 §4), handshakes to the first.
     */
    public static final UdpSocketGroup.Steering STEERING =
            new UdpSocketGroup.Steering(RecordHeader.TLS12_CID, RecordHeader.CONNECTION_ID_OFFSET);

    private static final int TUNNEL_RING_CAPACITY = 512;

    /**
     * A LAN port to be: its device and the networks on it.
     *
     * @param queues of its device, one for each port thread if there are any, else one; of the host
     *     port one
     */
    public record PortSpec(
            List<? extends FrameDevice> queues, boolean isHost, List<LanInterface> interfaces) {
        public PortSpec {
            queues = List.copyOf(queues);
            interfaces = List.copyOf(interfaces);
        }

        /** With one queue. */
        public PortSpec(FrameDevice device, boolean isHost, List<LanInterface> interfaces) {
            this(List.of(device), isHost, interfaces);
        }
    }

    /**
     * A WAN link to be.
     *
     * @param devices one for each WAN thread, in the order of threads
     * @param bitsPerSecond to which what is sent is shaped, each thread its part; 0: not at all
     */
    public record LinkSpec(
            String name, List<? extends DatagramDevice> devices, long bitsPerSecond) {
        public LinkSpec {
            devices = List.copyOf(devices);
        }

        /** That is not shaped. */
        public LinkSpec(String name, List<? extends DatagramDevice> devices) {
            this(name, devices, 0);
        }

        /** For one WAN thread. */
        public LinkSpec(String name, DatagramDevice device) {
            this(name, List.of(device));
        }
    }

    private final Threading threading;
    private final DataPlaneWiring wiring;
    private final DataPlaneCommands commands;
    private final ControlEvents events;
    private final DropTotals counters;

    /** As below, in {@link ThreadingMode#SHARED}. */
    public DataPlane(
            int poolSlots, int seed, List<PortSpec> ports, List<LinkSpec> links, NanoClock clock) {
        this(Threading.SHARED, new Sizes(poolSlots), seed, ports, links, clock);
    }

    /**
     * What is allocated once.
     *
     * @param poolSlots packet slots of about 65 KiB each, at least {@link #poolSlotsMin}; links
     *     that are shaped add to them
     * @param flows conversations that are remembered, of 108 bytes each
     * @param flowsPerHost of them that a host of the LAN may begin within half a minute; 0: any
     *     number
     */
    public record Sizes(int poolSlots, int flows, int flowsPerHost) {
        private static final int FLOWS = 1 << 16;
        private static final int HOST_SHARE = 4;

        /** With as many flows as a node has whose configuration does not speak of them. */
        public Sizes(int poolSlots) {
            this(poolSlots, FLOWS);
        }

        /** A host may begin a quarter of them. */
        public Sizes(int poolSlots, int flows) {
            this(poolSlots, flows, flows / HOST_SHARE);
        }
    }

    /**
     * @param seed random, unknown to others
     * @param clock read once a cycle
     */
    public DataPlane(
            Threading threading,
            Sizes sizes,
            int seed,
            List<PortSpec> ports,
            List<LinkSpec> links,
            NanoClock clock) {
        this.threading = threading;
        wiring = new DataPlaneWiring(threading, sizes, ports, links, clock, seed);
        commands = new DataPlaneCommands(threading, wiring.wans(), wiring.lan(), parts());
        events = new ControlEvents(wiring.news());
        counters = new DropTotals(parts().stream().map(AgentParts::counters).toList());
    }

    /** What the agents can work with. */
    public static int poolSlotsMin(Threading threading) {
        return threading.mode() == ThreadingMode.SHARED ? 1 : PoolShares.slotsMin(threading);
    }

    public Threading threading() {
        return threading;
    }

    public DataPlaneCommands commands() {
        return commands;
    }

    public ControlEvents events() {
        return events;
    }

    /** One duty cycle of every agent, by the thread that calls: tests, without other threads. */
    public int doWork() {
        int work = 0;
        for (LoopAgent agent : wiring.agents()) {
            work += agent.doWork();
        }
        return work;
    }

    List<LoopAgent> agents() {
        return wiring.agents();
    }

    /** What each agent has of its own: by WAN thread, by port thread, the one that routes last. */
    List<AgentParts> parts() {
        return wiring.parts();
    }

    /** Packet slots made at start. */
    public int slotCount() {
        return parts().stream().mapToInt(own -> own.pool().slotCount()).sum();
    }

    /** Packet slots that nobody uses. Any thread; a moment old. */
    public int freeSlotCount() {
        return parts().stream().mapToInt(own -> own.pool().freeCount()).sum();
    }

    public DropTotals counters() {
        return counters;
    }

    /** What went to the Internet by our own kernel. Any thread. */
    public TrafficCounter directInternet() {
        return wiring.lan().directInternet();
    }

    /** Of every port thread, so each device's queues singly. */
    public List<LanPort> ports() {
        return wiring.devices();
    }

    /**
     * A capture to be; one at a time. Any thread.
     *
     * @param points {@code CapturePoint} bits
     * @param snapLength bytes that are kept of a packet, at least 1
     */
    public CaptureRings newCapture(int points, int snapLength) {
        return new CaptureRings(
                parts(), new CapturePlan(points, snapLength, wiring.portCount(), relayLink() + 1));
    }

    /** Index of the link whose datagrams other sites relay; behind those with sockets. */
    public int relayLink() {
        return wiring.wans().getFirst().side().links().size();
    }

    /** Of every WAN thread, so each link as often as there are threads. */
    public List<WanLink> links() {
        return wiring.wans().stream().flatMap(wan -> wan.side().links().stream()).toList();
    }

    /** What waits for each link that is shaped, by its name, of each WAN thread. */
    public Map<String, List<LinkQueue>> linkQueues() {
        return wiring.shaping().queues();
    }

    /**
     * Any thread. The tunnel carries packets once it is published and has a session.
     *
     * @param wanThread to which its sessions' connection IDs lead
     */
    public Tunnel newTunnel(
            int index,
            int link,
            int wanThread,
            long siteId,
            InetSocketAddress remote,
            int linkMtu) {
        return new Tunnel(
                index, link, wanThread, siteId, remote, linkMtu, pool(), TUNNEL_RING_CAPACITY);
    }

    /** Frees the packet memory; the agents must have ended. Devices stay their owner's. */
    @Override
    public void close() {
        pool().close();
    }

    private PacketPool pool() {
        return parts().getFirst().pool();
    }
}
