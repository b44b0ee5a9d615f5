package io.spillway.dataplane.path;

import static java.util.Comparator.comparing;

import io.spillway.dataplane.buffer.Drops;
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
import io.spillway.dataplane.forward.RouteExplanation;
import io.spillway.dataplane.forward.Router;
import io.spillway.dataplane.forward.SourceGuard;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelFit;
import io.spillway.dataplane.forward.TunnelRings;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.observe.DropTotals;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.CachedNanoClock;

/**
 * A packet that is only asked about. It walks through the steps of {@link LanDecision} or {@link
 * WanDecision} under what is in force, among tables and counters of its own, in which its flow
 * stands as it does in the real ones: so it comes to what a real one would, and changes nothing.
 *
 * <p>Who asks makes it and plays it once; in between the lan agent sets the stage.
 */
public final class Rehearsal implements AutoCloseable {
    /** Of the packet and one before it. */
    private static final int SLOTS = 2;

    private static final List<DropReason> OF_ERRORS =
            List.of(DropReason.POOL_EXHAUSTED, DropReason.ICMP_RATE_LIMITED);

    private final PacketPool pool = new PacketPool(SLOTS);
    private final PacketPool usedUp = new PacketPool(1); // so that no ICMP error is made
    private final Counters counters = new Counters();
    private final Drops drops = new Drops(counters, pool);
    private final PacketBatch batch = new PacketBatch(1);
    private final PacketBatch before = new PacketBatch(1);
    private final ForwardingView view = new ForwardingView();
    private final Exits exits = new Exits(new PacketRing[0], new TunnelRings(), view, drops);
    private final CachedNanoClock clock = new CachedNanoClock();
    private final Door door;
    private Flow flow = Flow.NEW;
    private PortRoutes ports;
    private FlowTable flows;
    private IcmpReporter icmp;
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
        ANSWERED,
        /** The packet is of another, which is there: what an error quotes, or a first fragment. */
        RELATED
    }

    /**
     * What became of it.
     *
     * @param drop null: it walks on
     * @param exit {@code Exit} code of where it leaves; of what was dropped nothing
     * @param egressInterface of the LAN that it leaves for, or {@link PacketBuffer#NONE}
     * @param decision of the policy about its flow; null: it is not asked about this one
     * @param steered the rule that chooses its transport to another site; null: none does
     * @param tunnels of which its flow takes one; empty: it does not leave by a tunnel
     * @param isByPop it takes the way by the PoP although it leads here
     */
    public record Outcome(
            DropReason drop,
            int exit,
            int egressInterface,
            Flow flow,
            Decision decision,
            TransportRule steered,
            List<Tunnel> tunnels,
            boolean isByPop) {}

    /**
     * @param bytes an IP packet of at most 64 KiB
     */
    public Rehearsal(byte[] bytes, Door door) {
        this.door = door;
        usedUp.acquire();
        enter(batch, bytes);
    }

    /** As if that packet had come by the same door a moment before. Before the stage is set. */
    public void precede(byte[] bytes) {
        enter(before, bytes);
    }

    private void enter(PacketBatch into, byte[] bytes) {
        PacketBuffer packet = pool.acquire();
        packet.reset(bytes.length);
        packet.memory().putBytes(packet.offset(), bytes);
        packet.ingressInterface = door.lanInterface;
        packet.ingressMac = door.mac;
        packet.isFromHost = door.isHost;
        packet.ingressTunnel = door.tunnel;
        into.add(packet);
        new PacketDecoder(drops).process(into);
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
        flows = real.ofFew();
        icmp = new IcmpReporter(view, ports, exits, drops, usedUp, clock);
        firewall = inForce.copy(view, flows, icmp, drops, clock);
        if (!before.isEmpty()) {
            firewall.learn(inForce, before.get(0));
        }
        if (!batch.isEmpty()) {
            learn(inForce, batch.get(0));
        }
    }

    private void learn(LanFirewall inForce, PacketBuffer packet) {
        boolean isRelated = firewall.learn(inForce, packet);
        int known = flows.find(packet.tuple);
        if (isRelated) {
            flow = Flow.RELATED;
        } else if (known != PacketBuffer.NONE) {
            flow = flows.isFromBeginner(known, packet.tuple) ? Flow.BEGUN : Flow.ANSWERED;
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
        judge(before);
        Map<DropReason, Long> earlier = dropped();
        judge(batch);
        TunnelFit fit = new TunnelFit(view, exits, icmp, drops, usedUp);
        Router router = new Router(view, ports, flows, fit, icmp, drops, clock);
        router.publish(firewall.transports());
        router.process(batch);
        Decision decision = firewall.judged();
        TransportRule steered = firewall.steered();
        if (batch.isEmpty()) {
            int none = PacketBuffer.NONE;
            return new Outcome(
                    dropped(earlier), none, none, flow, decision, steered, List.of(), false);
        }
        PacketBuffer packet = batch.get(0);
        return new Outcome(
                null,
                packet.exit,
                packet.egressInterface,
                flow,
                decision,
                steered,
                RouteExplanation.tunnels(view.current(), packet, firewall.transports()),
                packet.goesToCloud);
    }

    private void judge(PacketBatch some) {
        if (door.tunnel != PacketBuffer.NONE) {
            new SourceGuard(view, drops).process(some);
        }
        firewall.process(some);
    }

    private Map<DropReason, Long> dropped() {
        return new DropTotals(List.of(counters)).dropped();
    }

    /** Why the packet died, of which the decoder may have spoken before. */
    private DropReason dropped(Map<DropReason, Long> earlier) {
        Map<DropReason, Long> all = dropped();
        return all.keySet().stream()
                .filter(reason -> !OF_ERRORS.contains(reason))
                .sorted(comparing(reason -> all.get(reason).equals(earlier.get(reason))))
                .findFirst()
                .orElseThrow();
    }

    /** Frees its packets' memory. */
    @Override
    public void close() {
        pool.close();
        usedUp.close();
    }
}
