package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.flow.FragmentTable;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.ForwardingView;
import io.spillway.dataplane.forward.Router;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Extensions;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.NextHop;
import org.agrona.concurrent.NanoClock;

/**
 * Finds each packet's flow, notes the tunnel it arrived by, and holds the LAN's policy against what
 * goes from one of its networks to another (R052). Without a policy all of that stays here and is
 * allowed.
 *
 * <p>A flow is decided about once, by the packet that begins it, and again when another policy or
 * other routes are in force: its entry names the epoch in which it was. The answers of a flow need
 * no rule of their own.
 *
 * <p>Owned by the lan agent.
 */
public final class LanFirewall {
    /** Of flows that do not go from one network here to another. */
    private static final int NOT_GOVERNED = FlowTable.DECISION_MAX;

    private static final int IPV4 = 4;

    private final ForwardingView forwarding;
    private final FlowTable flows;
    private final Drops drops;
    private final NanoClock clock;
    private final FragmentTable fragments;
    private final PacketKey key = new PacketKey();
    private final FiveTuple quoted = new FiveTuple();
    private LanPolicy policy; // null: none
    private Fib fib; // of the epoch
    private int epoch = FlowTable.NO_EPOCH + 1;
    private int epochOfPolicy = epoch; // its first
    private int judged = NOT_GOVERNED;

    /**
     * @param seed random, unknown to others
     */
    public LanFirewall(
            ForwardingView forwarding, FlowTable flows, int seed, Drops drops, NanoClock clock) {
        this.forwarding = forwarding;
        this.flows = flows;
        this.drops = drops;
        this.clock = clock;
        fragments = new FragmentTable(seed);
        fib = forwarding.current().fib();
    }

    /**
     * Another that decides as this one does now, about flows of its own and without counting here;
     * first fragments are not known to it. Owned by who asks for it.
     */
    public LanFirewall copy(
            ForwardingView ownForwarding, FlowTable ownFlows, Drops ownDrops, NanoClock ownClock) {
        LanFirewall copy = new LanFirewall(ownForwarding, ownFlows, 0, ownDrops, ownClock);
        copy.policy =
                policy == null ? null : new LanPolicy(policy.rules(), policy.isOpenWithoutCloud());
        copy.fib = fib;
        copy.epoch = epoch;
        copy.epochOfPolicy = epochOfPolicy;
        return copy;
    }

    /** What was decided about the last packet that is between networks here; null: none was. */
    public Decision judged() {
        return judged == NOT_GOVERNED ? null : policy.rules().decision(judged);
    }

    /** From the next batch on; null: everything is allowed. */
    public void publish(LanPolicy other) {
        policy = other;
        judged = NOT_GOVERNED;
        nextEpoch();
        epochOfPolicy = epoch;
    }

    private void nextEpoch() {
        epoch = epoch == -1 ? FlowTable.NO_EPOCH + 1 : epoch + 1;
    }

    public void process(PacketBatch batch) {
        long nowNs = clock.nanoTime();
        Forwarding now = forwarding.current();
        if (now.fib() != fib) {
            fib = now.fib();
            nextEpoch();
        }
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer packet = batch.get(i);
            DropReason reason = isUnasked(packet) ? DropReason.SOURCE_NOT_FROM_PEER : null;
            if (reason == null) {
                packet.flow = flows.touch(packet.tuple, nowNs);
                if (packet.ingressTunnel != PacketBuffer.NONE && !packet.isAnswer) {
                    flows.arrived(packet.flow, packet.ingressTunnel, nowNs);
                }
                reason = judge(packet, now);
            }
            if (reason == null) {
                batch.set(kept++, packet);
            } else {
                drops.drop(packet, reason);
            }
        }
        batch.truncate(kept);
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
    private DropReason judge(PacketBuffer packet, Forwarding now) {
        if (policy == null || packet.ingressInterface == PacketBuffer.NONE || packet.isFromHost) {
            return null;
        }
        if (QuotedPacket.isError(packet)) {
            return judgeError(packet, now);
        }
        if (packet.isLaterFragment) {
            return judgeLater(packet, now);
        }
        if (packet.isFragment) {
            int identification = identification(packet);
            fragments.begin(packet.tuple, identification, packet.flow, clock.nanoTime());
        }
        int decision =
                flows.epoch(packet.flow) == epoch ? flows.decision(packet.flow) : decide(packet);
        if (decision == NOT_GOVERNED) {
            return null;
        }
        DropReason reason = judge(packet, decision, now);
        if (reason == null) {
            return null;
        }
        return takesOver(packet, now)
                ? judge(packet, flows.decision(packet.flow), now)
                : counted(packet, decision, reason);
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
            flows.wentByPop(packet.flow);
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
        int flow = packet.flow;
        if (flows.isFromBeginner(flow, packet.tuple) || isMidstream(packet)) {
            return false;
        }
        NextHop hop = hop(packet);
        if (hop == null || hop.kind() != NextHop.Kind.LAN) {
            return false;
        }
        int own = decide(packet, hop.index(), true);
        boolean isOver = isAllowed(own) || !flows.hasPassed(flow) && passes(own, now);
        if (isOver) {
            flows.turn(flow);
            record(flow, own);
            policy.countFlow(own);
        }
        return isOver;
    }

    private boolean passes(int decision, Forwarding now) {
        return policy.rules().decision(decision).staysHere()
                ? isAllowed(decision)
                : now.hasCloud() || policy.isOpenWithoutCloud();
    }

    /** An error goes the way of the packets that it is about, and only if there are any. */
    private DropReason judgeError(PacketBuffer error, Forwarding now) {
        NextHop hop = hop(error);
        if (hop == null || hop.kind() != NextHop.Kind.LAN) {
            return null;
        }
        int flow = QuotedPacket.read(error, quoted) ? flows.find(quoted) : PacketBuffer.NONE;
        return isGoverned(flow) ? judgeAs(flow, error, now) : DropReason.FIREWALL_UNRELATED_ERROR;
    }

    /** Later fragments have no ports: they are their first's. Those that we have none of die. */
    private DropReason judgeLater(PacketBuffer fragment, Forwarding now) {
        NextHop hop = hop(fragment);
        if (hop == null || hop.kind() != NextHop.Kind.LAN) {
            return null;
        }
        int flow = fragments.find(fragment.tuple, identification(fragment), clock.nanoTime());
        return isGoverned(flow) && flows.isBetween(flow, fragment.tuple)
                ? judgeAs(flow, fragment, now)
                : DropReason.FIREWALL_FRAGMENT_UNKNOWN;
    }

    /** As a packet of that flow. */
    private DropReason judgeAs(int flow, PacketBuffer packet, Forwarding now) {
        int decision = flows.decision(flow);
        DropReason reason = judge(packet, decision, now);
        return reason == null ? null : counted(packet, decision, reason);
    }

    /** By a rule of the policy in force, though perhaps with other routes. */
    private boolean isGoverned(int flow) {
        return flow != PacketBuffer.NONE
                && flows.epoch(flow) != FlowTable.NO_EPOCH
                && flows.epoch(flow) - epochOfPolicy >= 0
                && flows.decision(flow) != NOT_GOVERNED;
    }

    /** RFC 791 section 3.2 names the protocol too, RFC 8200 section 4.5 does not. */
    private static int identification(PacketBuffer fragment) {
        return fragment.ipVersion == IPV4
                ? fragment.protocol << Short.SIZE
                        | Ipv4Header.identification(fragment.memory(), fragment.offset())
                : Ipv6Extensions.identification(fragment.memory(), fragment.offset());
    }

    private DropReason counted(PacketBuffer packet, int decision, DropReason reason) {
        policy.countBlocked(decision, packet.packetCount());
        return reason;
    }

    /**
     * An answer does not tell the card of who began, which a rule may ask for: it changes nothing
     * that the policy has decided, and is no reason to end what the beginner may go on with.
     */
    private int decide(PacketBuffer packet) {
        int flow = packet.flow;
        NextHop hop = hop(packet);
        if (hop == null || hop.kind() != NextHop.Kind.LAN) {
            flows.decided(flow, epoch, NOT_GOVERNED);
            return NOT_GOVERNED;
        }
        boolean isFirst = flows.epoch(flow) == FlowTable.NO_EPOCH;
        boolean isAnswer = !flows.isFromBeginner(flow, packet.tuple);
        boolean wasGoverned = isGoverned(flow);
        if (isAnswer && wasGoverned) {
            return flows.decision(flow);
        }
        int decision = decide(packet, hop.index(), !isAnswer);
        if (isAnswer && !isAllowed(decision)) {
            return decision;
        }
        if (isFirst && isMidstream(packet) && !isAllowed(decision)) {
            int other = decide(packet, hop.index(), false);
            if (isAllowed(other)) {
                flows.turn(flow);
                decision = other;
            }
        }
        record(flow, decision);
        if (!wasGoverned) {
            policy.countFlow(decision);
        }
        return decision;
    }

    private void record(int flow, int decision) {
        flows.decided(flow, epoch, decision);
        if (isAllowed(decision)) {
            flows.passed(flow);
        }
    }

    private boolean isAllowed(int decision) {
        return policy.rules().decision(decision).isAllowed();
    }

    private NextHop hop(PacketBuffer packet) {
        int route = Router.lookup(fib, packet.tuple, packet.ipVersion);
        return route == Fib.NO_ROUTE ? null : fib.nextHop(route);
    }

    /** What began before we looked: after a restart of ours, whose answer may come first. */
    private static boolean isMidstream(PacketBuffer packet) {
        if (packet.protocol != TcpHeader.PROTOCOL) {
            return false;
        }
        int transport = packet.offset() + packet.transportOffset;
        return (TcpHeader.flags(packet.memory(), transport) & TcpHeader.SYN) == 0;
    }

    /**
     * @param egress network that the packet leaves for
     * @param isForward the packet comes from who began the flow; else it is an answer
     */
    private int decide(PacketBuffer packet, int egress, boolean isForward) {
        PacketKeys.fill(key, packet, isForward);
        key.side = isForward ? packet.ingressInterface : egress;
        key.mac = isForward ? packet.ingressMac : 0;
        return policy.rules().decide(key);
    }
}
