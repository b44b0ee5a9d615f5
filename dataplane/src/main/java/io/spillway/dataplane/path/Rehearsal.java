package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.LanFirewall;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.TransportRule;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.forward.Exits;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.ForwardingView;
import io.spillway.dataplane.forward.IcmpReporter;
import io.spillway.dataplane.forward.PortRoutes;
import io.spillway.dataplane.forward.Router;
import io.spillway.dataplane.forward.SourceGuard;
import io.spillway.dataplane.forward.TunnelFit;
import io.spillway.dataplane.forward.TunnelRings;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.observe.DropTotals;
import java.util.List;
import org.agrona.concurrent.CachedNanoClock;

/**
 * A packet that is only asked about. It walks through the steps of {@link LanDecision} or {@link
 * WanDecision} under what is in force, among tables and counters of its own, in which its flow
 * stands as it does in the real ones: so it comes to what a real one would, and changes nothing.
 *
 * <p>Who asks makes it and plays it once; in between the lan agent sets the stage.
 */
public final class Rehearsal implements AutoCloseable {
    /** One slot, the packet's: about a packet that is asked about no ICMP error is made. */
    private static final int SLOTS = 1;

    private static final List<DropReason> OF_ERRORS =
            List.of(DropReason.POOL_EXHAUSTED, DropReason.ICMP_RATE_LIMITED);

    private final PacketPool pool = new PacketPool(SLOTS);
    private final Counters counters = new Counters();
    private final Drops drops = new Drops(counters, pool);
    private final PacketBatch batch = new PacketBatch(SLOTS);
    private final ForwardingView view = new ForwardingView();
    private final FlowTable flows = new FlowTable(SLOTS, 0);
    private final CachedNanoClock clock = new CachedNanoClock();
    private final FiveTuple tuple = new FiveTuple();
    private final Door door;
    private Flow flow = Flow.NEW;
    private PortRoutes ports;
    private LanFirewall firewall;

    /**
     * Where the packet comes in.
     *
     * @param lanInterface or {@link PacketBuffer#NONE}
     * @param mac of the card that sent it; 0: unknown
     * @param tunnel index, or {@link PacketBuffer#NONE}
     */
    public record Door(int lanInterface, long mac, boolean isHost, int tunnel) {
        public static final Door HOST = new Door(PacketBuffer.NONE, 0, true, PacketBuffer.NONE);

        public static Door lan(int lanInterface, long mac) {
            return new Door(lanInterface, mac, false, PacketBuffer.NONE);
        }

        public static Door tunnel(int tunnel) {
            return new Door(PacketBuffer.NONE, 0, false, tunnel);
        }
    }

    /** What the flow table knows of the packet's flow. */
    public enum Flow {
        /** Nothing. */
        NEW,
        /** It is there, and was begun by who sends this. */
        BEGUN,
        /** It is there, and was begun by who gets this. */
        ANSWERED
    }

    /**
     * What became of it.
     *
     * @param drop null: it walks on
     * @param exit {@code Exit} code of where it leaves; of what was dropped nothing
     * @param egressInterface of the LAN that it leaves for, or {@link PacketBuffer#NONE}
     * @param decision of the policy about its flow; null: it is not asked about this one
     * @param steered the rule that chooses its transport to another site; null: none does
     * @param isByPop it takes the way by the PoP although it leads here
     */
    public record Outcome(
            DropReason drop,
            int exit,
            int egressInterface,
            Flow flow,
            Decision decision,
            TransportRule steered,
            boolean isByPop) {}

    /**
     * @param bytes an IP packet of at most 64 KiB
     */
    public Rehearsal(byte[] bytes, Door door) {
        this.door = door;
        PacketBuffer packet = pool.acquire();
        packet.reset(bytes.length);
        packet.memory().putBytes(packet.offset(), bytes);
        packet.ingressInterface = door.lanInterface;
        packet.ingressMac = door.mac;
        packet.isFromHost = door.isHost;
        packet.ingressTunnel = door.tunnel;
        batch.add(packet);
        new PacketDecoder(drops).process(batch);
        if (!batch.isEmpty()) {
            tuple.set(packet.tuple);
        }
    }

    public Door door() {
        return door;
    }

    /** What is in force now, and what is known of the flow. The lan agent, who owns all of it. */
    public void stage(
            Forwarding now, PortRoutes routes, LanFirewall inForce, FlowTable real, long nowNs) {
        clock.update(nowNs);
        view.publish(now);
        ports = routes;
        firewall = inForce.copy(view, flows, drops, clock);
        int known = flows.copy(tuple, real);
        if (known != PacketBuffer.NONE) {
            flow = flows.isFromBeginner(known, tuple) ? Flow.BEGUN : Flow.ANSWERED;
        }
    }

    /** As if other rules were put in force now; null: none. On the stage. */
    public void assume(LanPolicy policy) {
        firewall.publish(policy);
    }

    /** As if that were in force. On the stage. */
    public void assume(Forwarding forwarding) {
        view.publish(forwarding);
    }

    /** On the stage. */
    public Outcome play() {
        if (door.tunnel != PacketBuffer.NONE) {
            new SourceGuard(view, drops).process(batch);
        }
        firewall.process(batch);
        Exits exits = new Exits(new PacketRing[0], new TunnelRings(), view, drops);
        IcmpReporter icmp = new IcmpReporter(view, ports, exits, drops, pool, clock);
        TunnelFit fit = new TunnelFit(view, exits, icmp, drops, pool);
        Router router = new Router(view, ports, flows, fit, icmp, drops, clock);
        router.publish(firewall.transports());
        router.process(batch);
        Decision decision = firewall.judged();
        TransportRule steered = firewall.steered();
        if (batch.isEmpty()) {
            int none = PacketBuffer.NONE;
            return new Outcome(dropped(), none, none, flow, decision, steered, false);
        }
        PacketBuffer packet = batch.get(0);
        return new Outcome(
                null,
                packet.exit,
                packet.egressInterface,
                flow,
                decision,
                steered,
                packet.goesToCloud);
    }

    private DropReason dropped() {
        return new DropTotals(List.of(counters))
                .dropped().keySet().stream()
                        .filter(reason -> !OF_ERRORS.contains(reason))
                        .findFirst()
                        .orElseThrow();
    }

    /** Frees its packet's memory. */
    @Override
    public void close() {
        pool.close();
    }
}
