package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.ForwardingView;
import io.spillway.dataplane.forward.IcmpReporter;
import io.spillway.dataplane.forward.TransportRules;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.routing.fib.NextHop;
import org.agrona.concurrent.NanoClock;

/**
 * Finds each packet's flow, notes the tunnel it arrived by, and holds the LAN's policy against what
 * goes from one of its networks to another (R052), or to another site (R111). Without a policy all
 * of the former stays here and is allowed. At a PoP, which has no LAN, it has {@link WanFirewall}
 * judge what goes between sites.
 *
 * <p>Owned by the lan agent.
 */
public final class LanFirewall {
    private final ForwardingView forwarding;
    private final FlowTable flows;
    private final Drops drops;
    private final NanoClock clock;
    private final FlowDecisions decisions;
    private final TransportSteering steering;
    private final WanFirewall betweenSites;
    private LanPolicy policy; // null: none
    private int judged = FlowDecisions.NOT_GOVERNED;

    /**
     * @param seed random, unknown to others
     */
    public LanFirewall(
            ForwardingView forwarding,
            FlowTable flows,
            int seed,
            IcmpReporter icmp,
            Drops drops,
            NanoClock clock) {
        this.forwarding = forwarding;
        this.flows = flows;
        this.drops = drops;
        this.clock = clock;
        steering = new TransportSteering(forwarding, flows);
        Networks ends = new Networks(steering);
        decisions = new FlowDecisions(flows, seed, clock, forwarding.current().fib(), ends);
        betweenSites = new WanFirewall(forwarding, flows, seed, icmp, clock);
    }

    private LanFirewall(
            LanFirewall inForce,
            ForwardingView forwarding,
            FlowTable flows,
            IcmpReporter icmp,
            Drops drops,
            NanoClock clock) {
        this.forwarding = forwarding;
        this.flows = flows;
        this.drops = drops;
        this.clock = clock;
        policy = inForce.policy == null ? null : inForce.policy.uncounted();
        steering = new TransportSteering(forwarding, flows);
        steering.publish(wan());
        DecisionCounts counts = policy == null ? null : policy.counts();
        decisions = inForce.decisions.copy(flows, clock, counts, new Networks(steering));
        betweenSites = inForce.betweenSites.copy(forwarding, flows, icmp, clock);
    }

    /**
     * Another that decides as this one does now, about flows of its own and without counting here.
     * Owned by who asks for it.
     */
    public LanFirewall copy(
            ForwardingView ownForwarding,
            FlowTable ownFlows,
            IcmpReporter ownIcmp,
            Drops ownDrops,
            NanoClock ownClock) {
        return new LanFirewall(this, ownForwarding, ownFlows, ownIcmp, ownDrops, ownClock);
    }

    /**
     * Takes over what the other, of which this is a {@link #copy}, knows of the packet: its flow,
     * who sends it, and of an ICMP error or a later fragment the flow that it belongs to.
     *
     * @return whether it belongs to another flow that is known
     */
    public boolean learn(LanFirewall other, PacketBuffer packet) {
        flows.copy(packet.tuple, other.flows, clock.nanoTime());
        boolean isOfLan = decisions.learn(other.decisions, packet);
        return isOfLan | betweenSites.learn(other.betweenSites, packet);
    }

    /**
     * What was decided about the last packet that is between networks here, or at a PoP between
     * sites; null: none was.
     */
    public Decision judged() {
        if (policy == null) {
            return betweenSites.judged();
        }
        return judged < FlowDecisions.NOT_GOVERNED ? policy.rules().decision(judged) : null;
    }

    /** The rule that the last packet has that goes to another site; null: none. */
    public TransportRule steered() {
        int rule = judged - FlowDecisions.NOT_GOVERNED;
        return rule > TransportPolicy.UNMATCHED ? policy.wan().rules().get(rule - 1) : null;
    }

    /** Of the policy from which packets have the numbers of their rules. */
    public TransportRules transports() {
        return wan().transports();
    }

    private TransportPolicy wan() {
        return policy == null ? TransportPolicy.EMPTY : policy.wan();
    }

    /** From the next batch on; null: everything is allowed. */
    public void publish(LanPolicy other) {
        policy = other;
        judged = FlowDecisions.NOT_GOVERNED;
        steering.publish(wan());
        decisions.publish(
                other == null ? null : other.rules(), other == null ? null : other.counts());
    }

    /** At a PoP; from the next batch on. */
    public void publishWanFirewall(WanFirewallPolicy other) {
        betweenSites.publish(other);
    }

    public void process(PacketBatch batch) {
        long nowNs = clock.nanoTime();
        Forwarding now = forwarding.current();
        decisions.follow(now.fib());
        betweenSites.follow(now.fib());
        boolean isMoved = find(batch, nowNs);
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer packet = batch.get(i);
            if (isMoved && packet.flow >= 0) {
                packet.flow = flows.touch(packet.tuple, nowNs);
            }
            DropReason reason = judge(packet, now, nowNs);
            if (reason == null) {
                batch.set(kept++, packet);
            } else {
                drops.drop(packet, reason);
            }
        }
        batch.truncate(kept);
    }

    /**
     * The flows of all packets.
     *
     * @return whether one took the place of another, which may be of this batch
     */
    private boolean find(PacketBatch batch, long nowNs) {
        int evictedBefore = flows.evictedCount();
        for (int i = 0; i < batch.size(); i++) {
            int ahead = i & FlowTable.LOOK_MAX - 1;
            if (ahead == 0) {
                flows.look(batch, i);
            }
            PacketBuffer packet = batch.get(i);
            packet.flow = isUnasked(packet) ? PacketBuffer.NONE : flows.touch(ahead, packet, nowNs);
        }
        int evicted = flows.evictedCount() - evictedBefore;
        if (evicted != 0) {
            drops.evictFlows(evicted);
        }
        return evicted != 0;
    }

    /** It comes back from a PoP, but nothing of its flow went there: it begins none either. */
    private boolean isUnasked(PacketBuffer packet) {
        if (!packet.comesBack) {
            return false;
        }
        int flow = flows.find(packet.tuple);
        return flow == PacketBuffer.NONE || !flows.hasGoneByPop(flow);
    }

    /** Null: it may go on. */
    private DropReason judge(PacketBuffer packet, Forwarding now, long nowNs) {
        if (packet.flow < 0) {
            return packet.flow == FlowTable.REFUSED
                    ? DropReason.FIREWALL_HOST_FLOWS
                    : DropReason.SOURCE_NOT_FROM_PEER;
        }
        if (packet.ingressTunnel != PacketBuffer.NONE && !packet.isAnswer) {
            flows.arrived(packet.flow, packet.ingressTunnel, nowNs);
        }
        return packet.comesBack ? null : judge(packet, now);
    }

    private DropReason judge(PacketBuffer packet, Forwarding now) {
        if (policy == null) {
            return betweenSites.judge(packet);
        }
        if (packet.ingressInterface == PacketBuffer.NONE || packet.isFromHost) {
            return null;
        }
        int decision = decisions.of(packet);
        if (decision >= FlowDecisions.NOT_GOVERNED) {
            judged = decision;
            packet.wanRule = decision - FlowDecisions.NOT_GOVERNED;
            return null;
        }
        if (decision < 0) {
            return FlowDecisions.refusal(decision);
        }
        DropReason reason = judge(packet, decision, now);
        if (reason != null && takesOver(packet, now)) {
            return judge(packet, flows.decision(packet.flow), now);
        }
        if (reason != null) {
            policy.counts().countBlocked(decision, packet);
        }
        return reason;
    }

    /** By what was decided about its flow, or about the flow that it belongs to. */
    private DropReason judge(PacketBuffer packet, int decision, Forwarding now) {
        judged = decision;
        Decision made = policy.rules().decision(decision);
        if (made.staysHere()) {
            return made.isAllowed() ? null : DropReason.FIREWALL_BLOCKED;
        }
        if (now.hasCloud()) {
            packet.goesToCloud = true;
            flows.wentByPop(packet.flow); // by which it is known when it comes back
            return null;
        }
        if (policy.isOpenWithoutCloud()) {
            flows.passed(packet.flow);
            return null;
        }
        return DropReason.FIREWALL_NO_CLOUD;
    }

    /**
     * What was blocked from its first packet on has begun nothing: the other end may begin it. So
     * may who is allowed to by a rule, although the flow was another's before.
     */
    private boolean takesOver(PacketBuffer packet, Forwarding now) {
        int own = decisions.asBeginner(packet);
        if (own == FlowDecisions.NOT_GOVERNED) {
            return false;
        }
        Decision made = policy.rules().decision(own);
        boolean goesByPop = !made.staysHere() && (now.hasCloud() || policy.isOpenWithoutCloud());
        boolean isOver = made.isAllowed() || goesByPop && !flows.hasPassed(packet.flow);
        if (isOver) {
            decisions.turn(packet, own);
        }
        return isOver;
    }

    /** From one network here to another. */
    private record Networks(TransportSteering steering) implements FlowDecisions.Ends {
        @Override
        public boolean isGoverned(NextHop hop) {
            return hop.kind() == NextHop.Kind.LAN;
        }

        /** Not the card of who began. */
        @Override
        public boolean areToldByAnswers() {
            return false;
        }

        @Override
        public void fill(PacketKey key, PacketBuffer packet, NextHop hop, boolean isForward) {
            PacketKeys.fill(key, packet, isForward);
            key.side = isForward ? packet.ingressInterface : hop.index();
            key.mac = isForward ? packet.ingressMac : 0;
        }

        @Override
        public int steer(PacketBuffer packet, NextHop hop, int before, boolean isTakenUp) {
            return steering.decide(packet, hop, before, isTakenUp);
        }
    }
}
