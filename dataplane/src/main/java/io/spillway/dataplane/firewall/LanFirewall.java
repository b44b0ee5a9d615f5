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
 * goes from one of its networks to another (R052), or to another site (R111). Without a policy all
 * of the former stays here and is allowed.
 *
 * <p>A flow is decided about once, by the packet that begins it, and again when another policy or
 * other routes are in force: its entry names the epoch in which it was. The answers of a flow need
 * no rule of their own.
 *
 * <p>Owned by the lan agent.
 */
public final class LanFirewall {
    /**
     * Of flows that do not go from one network here to another; beyond it, by so much, stands the
     * number of the rule that chooses the transport to another site.
     */
    private static final int NOT_GOVERNED = 1 << 29;

    private static final int IPV4 = 4;

    private final ForwardingView forwarding;
    private final FlowTable flows;
    private final Drops drops;
    private final NanoClock clock;
    private final FragmentTable fragments;
    private final TransportSteering steering;
    private final PacketKey key = new PacketKey();
    private final FiveTuple quoted = new FiveTuple();
    private LanPolicy policy; // null: none
    private Fib fib; // of the epoch
    private int epoch = FlowTable.NO_EPOCH + 1;
    private int epochOfPolicy = epoch; // its first

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
        steering = new TransportSteering(flows);
        fib = forwarding.current().fib();
    }

    /** From the next batch on; null: everything is allowed. */
    public void publish(LanPolicy other) {
        boolean isSame = policy != null && other != null && policy.rules() == other.rules();
        policy = other;
        nextEpoch();
        if (!isSame) {
            epochOfPolicy = epoch;
        }
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
            packet.flow = flows.touch(packet.tuple, nowNs);
            if (packet.ingressTunnel != PacketBuffer.NONE && !packet.isAnswer) {
                flows.arrived(packet.flow, packet.ingressTunnel, nowNs);
            }
            DropReason reason = judge(packet, now);
            if (reason == null) {
                batch.set(kept++, packet);
            } else {
                drops.drop(packet, reason);
            }
        }
        batch.truncate(kept);
    }

    /** Null: it may go on. */
    private DropReason judge(PacketBuffer packet, Forwarding now) {
        if (packet.comesBack) {
            boolean isKnown = flows.hasGoneByPop(packet.flow);
            return isKnown ? null : DropReason.SOURCE_NOT_FROM_PEER;
        }
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
                flows.epoch(packet.flow) == epoch
                        ? flows.decision(packet.flow)
                        : decide(packet, now);
        if (decision >= NOT_GOVERNED) {
            packet.wanRule = decision - NOT_GOVERNED;
            return null;
        }
        return judge(packet, packet.flow, decision, now);
    }

    /**
     * @param flow the entry by which the packet is known when it comes back
     */
    private DropReason judge(PacketBuffer packet, int flow, int decision, Forwarding now) {
        Decision made = policy.rules().decision(decision);
        if (made.staysHere()) {
            return made.isAllowed() ? null : block(packet, decision, DropReason.FIREWALL_BLOCKED);
        }
        if (now.hasCloud()) {
            packet.goesToCloud = true;
            flows.wentByPop(flow);
            return null;
        }
        return policy.isOpenWithoutCloud()
                ? null
                : block(packet, decision, DropReason.FIREWALL_NO_CLOUD);
    }

    /** An error goes the way of the packets that it is about, and only if there are any. */
    private DropReason judgeError(PacketBuffer error, Forwarding now) {
        NextHop hop = hop(error);
        int flow = QuotedPacket.read(error, quoted) ? flows.find(quoted) : PacketBuffer.NONE;
        if (hop == null || hop.kind() != NextHop.Kind.LAN) {
            error.wanRule = wanRule(flow);
            return null;
        }
        return isGoverned(flow)
                ? judge(error, error.flow, flows.decision(flow), now)
                : DropReason.FIREWALL_UNRELATED_ERROR;
    }

    /** Later fragments have no ports: they are their first's. Those that we have none of die. */
    private DropReason judgeLater(PacketBuffer fragment, Forwarding now) {
        NextHop hop = hop(fragment);
        int first = fragments.find(fragment.tuple, identification(fragment), clock.nanoTime());
        boolean isThere = first != PacketBuffer.NONE && flows.isBetween(first, fragment.tuple);
        int flow = isThere ? first : PacketBuffer.NONE;
        if (hop == null || hop.kind() != NextHop.Kind.LAN) {
            fragment.wanRule = wanRule(flow);
            return null;
        }
        return isGoverned(flow)
                ? judge(fragment, fragment.flow, flows.decision(flow), now)
                : DropReason.FIREWALL_FRAGMENT_UNKNOWN;
    }

    /** By a rule of the policy in force, though perhaps with other routes. */
    private boolean isGoverned(int flow) {
        return isDecided(flow) && flows.decision(flow) < NOT_GOVERNED;
    }

    /** The rule in force that chooses the flow's transport, or 0. */
    private int wanRule(int flow) {
        return isDecided(flow) ? Math.max(0, flows.decision(flow) - NOT_GOVERNED) : 0;
    }

    private boolean isDecided(int flow) {
        return flow != PacketBuffer.NONE
                && flows.epoch(flow) != FlowTable.NO_EPOCH
                && flows.epoch(flow) - epochOfPolicy >= 0;
    }

    /** RFC 791 section 3.2 names the protocol too, RFC 8200 section 4.5 does not. */
    private static int identification(PacketBuffer fragment) {
        return fragment.ipVersion == IPV4
                ? fragment.protocol << Short.SIZE
                        | Ipv4Header.identification(fragment.memory(), fragment.offset())
                : Ipv6Extensions.identification(fragment.memory(), fragment.offset());
    }

    private DropReason block(PacketBuffer packet, int decision, DropReason reason) {
        policy.countBlocked(decision, packet.packetCount());
        return reason;
    }

    /**
     * An answer does not tell the card of who began, which a rule may ask for: it changes nothing
     * that the policy has decided, and is no reason to end what the beginner may go on with.
     */
    private int decide(PacketBuffer packet, Forwarding now) {
        int flow = packet.flow;
        NextHop hop = hop(packet);
        if (hop == null || hop.kind() != NextHop.Kind.LAN) {
            int decision = NOT_GOVERNED + steer(packet, hop, now);
            flows.decided(flow, epoch, decision);
            return decision;
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
        flows.decided(flow, epoch, decision);
        if (!wasGoverned) {
            policy.countFlow(decision);
        }
        return decision;
    }

    /** The rule that chooses its transport to another site, or 0. */
    private int steer(PacketBuffer packet, NextHop hop, Forwarding now) {
        boolean isToSite = hop != null && hop.kind() == NextHop.Kind.SITE;
        if (!isToSite || policy.wan().isEmpty()) {
            return TransportPolicy.UNMATCHED;
        }
        int flow = packet.flow;
        int before =
                isDecided(flow) ? flows.decision(flow) - NOT_GOVERNED : TransportSteering.UNDECIDED;
        boolean isTakenUp = flows.epoch(flow) == FlowTable.NO_EPOCH && isMidstream(packet);
        long siteId = now.sites().get(hop.index()).siteId();
        return steering.decide(policy, packet, siteId, isTakenUp, before);
    }

    private boolean isAllowed(int decision) {
        return policy.rules().decision(decision).isAllowed();
    }

    private NextHop hop(PacketBuffer packet) {
        int route = Router.lookup(fib, packet.tuple, packet.ipVersion);
        return route == Fib.NO_ROUTE ? null : Router.nextHop(fib, route, packet);
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
