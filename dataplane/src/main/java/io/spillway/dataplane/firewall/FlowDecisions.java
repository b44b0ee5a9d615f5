package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.flow.FragmentTable;
import io.spillway.dataplane.forward.Router;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Extensions;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.NextHop;
import org.agrona.concurrent.NanoClock;

/**
 * What the rules in force say of each packet's flow. A flow is decided about once, by the packet
 * that begins it, and again when other rules or other routes are in force: its entry names the
 * epoch in which it was. Answers, later fragments and ICMP errors are their flow's, and need no
 * rule of their own.
 *
 * <p>Owned by the lan agent.
 */
final class FlowDecisions {
    /**
     * Of packets that the rules do not speak of; beyond it, by so much, stands the number of the
     * rule that chooses their transport. Below is as much room as beyond.
     */
    static final int NOT_GOVERNED = FlowTable.DECISION_MAX / 2 + 1;

    /** Of an ICMP error about a flow that is not there. Negative as the next. */
    static final int UNRELATED_ERROR = -1;

    /** Of a later fragment whose first has not come. */
    static final int FRAGMENT_UNKNOWN = -2;

    private static final int IPV4 = 4;

    /** Where flows begin and end, as the rules see it. Asked of a packet without a decision. */
    interface Ends {
        /** Whether the rules speak of packets that go there. */
        boolean isGoverned(NextHop hop);

        /** Whether an answer tells everything that rules may ask about who began its flow. */
        boolean areToldByAnswers();

        /**
         * Says in {@code key} what the packet that began the flow says.
         *
         * @param hop by which this one leaves
         * @param isForward it comes from who began the flow; else it is an answer
         */
        void fill(PacketKey key, PacketBuffer packet, NextHop hop, boolean isForward);

        /**
         * Number of the rule by which a packet to another site goes of which these rules do not
         * speak; 0: none.
         *
         * @param before that of its flow by the rules in force until now; negative: there is none
         * @param isTakenUp in the middle of what began before we looked, so that nobody knows who
         *     did
         */
        int steer(PacketBuffer packet, NextHop hop, int before, boolean isTakenUp);
    }

    private final FlowTable flows;
    private final FragmentTable fragments;
    private final NanoClock clock;
    private final Ends ends;
    private final PacketKey key = new PacketKey();
    private final FiveTuple quoted = new FiveTuple();
    private CompiledPolicy rules; // null: none
    private DecisionCounts counts; // of the rules
    private Fib fib; // of the epoch
    private int epoch = FlowTable.NO_EPOCH + 1;
    private int epochOfPolicy = epoch; // its first

    /**
     * @param seed random, unknown to others
     */
    FlowDecisions(FlowTable flows, int seed, NanoClock clock, Fib fib, Ends ends) {
        this.flows = flows;
        this.clock = clock;
        this.fib = fib;
        this.ends = ends;
        fragments = new FragmentTable(seed);
    }

    private FlowDecisions(
            FlowDecisions inForce,
            FlowTable flows,
            NanoClock clock,
            DecisionCounts counts,
            Ends ends) {
        this.flows = flows;
        this.clock = clock;
        this.counts = counts;
        this.ends = ends;
        fragments = new FragmentTable(0);
        rules = inForce.rules;
        fib = inForce.fib;
        epoch = inForce.epoch;
        epochOfPolicy = inForce.epochOfPolicy;
    }

    /** The same of other flows. */
    FlowDecisions copy(
            FlowTable ownFlows, NanoClock ownClock, DecisionCounts ownCounts, Ends ownEnds) {
        return new FlowDecisions(this, ownFlows, ownClock, ownCounts, ownEnds);
    }

    /**
     * Takes over what the other, of which this is a {@link #copy}, knows of the flow that an ICMP
     * error quotes, or that a later fragment's first began.
     *
     * @return whether there is one
     */
    boolean learn(FlowDecisions other, PacketBuffer packet) {
        if (QuotedPacket.isError(packet)) {
            return QuotedPacket.read(packet, quoted)
                    && flows.copy(quoted, other.flows, clock.nanoTime()) != PacketBuffer.NONE;
        }
        if (!packet.isLaterFragment) {
            return false;
        }
        int identification = identification(packet);
        int first = other.fragments.find(packet.tuple, identification, clock.nanoTime());
        if (first == PacketBuffer.NONE) {
            return false;
        }
        int here = flows.copy(first, other.flows);
        fragments.begin(packet.tuple, identification, here, clock.nanoTime());
        return true;
    }

    /**
     * From the next packet on.
     *
     * @param others null: nothing is asked until there are rules again
     * @param othersCounts the same as before: the rules are the same, some of them at rest
     */
    void publish(CompiledPolicy others, DecisionCounts othersCounts) {
        nextEpoch();
        if (othersCounts != counts) {
            epochOfPolicy = epoch;
        }
        rules = others;
        counts = othersCounts;
    }

    /** These routes are in force. */
    void follow(Fib current) {
        if (current != fib) {
            fib = current;
            nextEpoch();
        }
    }

    private void nextEpoch() {
        epoch = epoch == -1 ? FlowTable.NO_EPOCH + 1 : epoch + 1;
    }

    /** The number of the decision; negative: there is none, and {@link #refusal} says why. */
    int of(PacketBuffer packet) {
        if (QuotedPacket.isError(packet)) {
            return ofError(packet);
        }
        if (packet.isLaterFragment) {
            return ofLater(packet);
        }
        if (packet.isFragment) {
            int identification = identification(packet);
            fragments.begin(packet.tuple, identification, packet.flow, clock.nanoTime());
        }
        return flows.epoch(packet.flow) == epoch ? flows.decision(packet.flow) : decide(packet);
    }

    static DropReason refusal(int decision) {
        return decision == UNRELATED_ERROR
                ? DropReason.FIREWALL_UNRELATED_ERROR
                : DropReason.FIREWALL_FRAGMENT_UNKNOWN;
    }

    /** An error goes the way of the packets that it is about, and only if there are any. */
    private int ofError(PacketBuffer error) {
        NextHop hop = hop(error);
        int flow = QuotedPacket.read(error, quoted) ? flows.find(quoted) : PacketBuffer.NONE;
        if (!isGoverned(hop)) {
            return steered(flow, hop);
        }
        return isGoverned(flow) ? flows.decision(flow) : UNRELATED_ERROR;
    }

    /** Later fragments have no ports: they are their first's. Those that we have none of die. */
    private int ofLater(PacketBuffer fragment) {
        NextHop hop = hop(fragment);
        int first = fragments.find(fragment.tuple, identification(fragment), clock.nanoTime());
        boolean isThere = first != PacketBuffer.NONE && flows.isBetween(first, fragment.tuple);
        int flow = isThere ? first : PacketBuffer.NONE;
        if (!isGoverned(hop)) {
            return steered(flow, hop);
        }
        return isGoverned(flow) ? flows.decision(flow) : FRAGMENT_UNKNOWN;
    }

    /** Of what goes the way of that flow, but for what has its way by other than a site's route. */
    private int steered(int flow, NextHop hop) {
        boolean isToSite = hop != null && hop.kind() == NextHop.Kind.SITE;
        return isToSite && isDecided(flow)
                ? Math.max(NOT_GOVERNED, flows.decision(flow))
                : NOT_GOVERNED;
    }

    /** By a rule of the policy in force, though perhaps with other routes. */
    private boolean isGoverned(int flow) {
        return isDecided(flow) && flows.decision(flow) < NOT_GOVERNED;
    }

    private boolean isDecided(int flow) {
        return flow != PacketBuffer.NONE
                && flows.epoch(flow) != FlowTable.NO_EPOCH
                && flows.epoch(flow) - epochOfPolicy >= 0;
    }

    private boolean isGoverned(NextHop hop) {
        return hop != null && ends.isGoverned(hop);
    }

    /** RFC 791 section 3.2 names the protocol too, RFC 8200 section 4.5 does not. */
    private static int identification(PacketBuffer fragment) {
        return fragment.ipVersion == IPV4
                ? fragment.protocol << Short.SIZE
                        | Ipv4Header.identification(fragment.memory(), fragment.offset())
                : Ipv6Extensions.identification(fragment.memory(), fragment.offset());
    }

    /**
     * Where an answer does not tell all of who began, it changes nothing that the policy has
     * decided, and is no reason to end what the beginner may go on with.
     */
    private int decide(PacketBuffer packet) {
        int flow = packet.flow;
        NextHop hop = hop(packet);
        if (!isGoverned(hop)) {
            return steer(packet, hop);
        }
        boolean isFirst =
                flows.epoch(flow) == FlowTable.NO_EPOCH || flows.decision(flow) >= NOT_GOVERNED;
        boolean isForward = flows.isFromBeginner(flow, packet.tuple);
        boolean wasGoverned = isGoverned(flow);
        boolean isTold = isForward || ends.areToldByAnswers();
        if (!isTold && wasGoverned) {
            return flows.decision(flow);
        }
        int decision = classify(packet, hop, isForward);
        if (!isTold && !isAllowed(decision)) {
            return decision;
        }
        if (isFirst && isMidstream(packet) && !isAllowed(decision)) {
            int other = classify(packet, hop, false);
            if (isAllowed(other)) {
                flows.turn(flow);
                decision = other;
            }
        }
        record(flow, decision);
        if (!wasGoverned) {
            counts.countFlow(decision, packet);
        }
        return decision;
    }

    private int steer(PacketBuffer packet, NextHop hop) {
        int flow = packet.flow;
        boolean isTakenUp = flows.epoch(flow) == FlowTable.NO_EPOCH && isMidstream(packet);
        int before = isDecided(flow) ? flows.decision(flow) - NOT_GOVERNED : -1;
        int decision = NOT_GOVERNED + ends.steer(packet, hop, before, isTakenUp);
        flows.decided(flow, epoch, decision);
        return decision;
    }

    private void record(int flow, int decision) {
        flows.decided(flow, epoch, decision);
        if (isAllowed(decision)) {
            flows.passed(flow);
        }
    }

    /**
     * What would be decided if this packet, which comes from the other end than who began its flow,
     * began it. So nobody ends what another may do by speaking first, and what began before we
     * looked goes on with the next packet of who began it. For TCP there is {@link #isMidstream}.
     *
     * @return {@link #NOT_GOVERNED}: it begins nothing
     */
    int asBeginner(PacketBuffer packet) {
        NextHop hop = hop(packet);
        boolean mayBegin =
                !packet.isLaterFragment && !QuotedPacket.isError(packet) && !isMidstream(packet);
        return mayBegin && isGoverned(hop) && !flows.isFromBeginner(packet.flow, packet.tuple)
                ? classify(packet, hop, true)
                : NOT_GOVERNED;
    }

    /** It begins its flow, about which so is decided. */
    void turn(PacketBuffer packet, int decision) {
        flows.turn(packet.flow);
        record(packet.flow, decision);
        counts.countFlow(decision, packet);
    }

    private boolean isAllowed(int decision) {
        return rules.decision(decision).isAllowed();
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

    private int classify(PacketBuffer packet, NextHop hop, boolean isForward) {
        ends.fill(key, packet, hop, isForward);
        return rules.decide(key);
    }
}
