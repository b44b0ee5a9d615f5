package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.ForwardingView;
import io.spillway.dataplane.forward.IcmpReporter;
import io.spillway.dataplane.forward.SourceGuard;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.NextHop;
import org.agrona.concurrent.NanoClock;

/**
 * At a PoP: holds the account's policy against what comes from a site and goes to one, the same one
 * or another (R114). Senders are told what is blocked. Without a policy everything is allowed.
 *
 * <p>Owned by the lan agent.
 */
final class WanFirewall {
    private final FlowTable flows;
    private final IcmpReporter icmp;
    private final FlowDecisions decisions;
    private WanFirewallPolicy policy; // null: none
    private int judged = FlowDecisions.NOT_GOVERNED;

    /**
     * @param seed random, unknown to others
     */
    WanFirewall(
            ForwardingView forwarding,
            FlowTable flows,
            int seed,
            IcmpReporter icmp,
            NanoClock clock) {
        this.flows = flows;
        this.icmp = icmp;
        Fib fib = forwarding.current().fib();
        decisions = new FlowDecisions(flows, seed, clock, fib, new Sites(forwarding));
    }

    private WanFirewall(
            WanFirewall inForce,
            ForwardingView forwarding,
            FlowTable flows,
            IcmpReporter icmp,
            NanoClock clock) {
        this.flows = flows;
        this.icmp = icmp;
        policy = inForce.policy == null ? null : inForce.policy.uncounted();
        DecisionCounts counts = policy == null ? null : policy.counts();
        decisions = inForce.decisions.copy(flows, clock, counts, new Sites(forwarding));
    }

    /** The same of other flows. */
    WanFirewall copy(
            ForwardingView ownForwarding,
            FlowTable ownFlows,
            IcmpReporter ownIcmp,
            NanoClock ownClock) {
        return new WanFirewall(this, ownForwarding, ownFlows, ownIcmp, ownClock);
    }

    /** As {@link FlowDecisions#learn}. */
    boolean learn(WanFirewall other, PacketBuffer packet) {
        return decisions.learn(other.decisions, packet);
    }

    /** What was decided about the last packet that is between sites; null: none was. */
    Decision judged() {
        return judged == FlowDecisions.NOT_GOVERNED ? null : policy.rules().decision(judged);
    }

    void publish(WanFirewallPolicy other) {
        judged = FlowDecisions.NOT_GOVERNED;
        policy = other;
        decisions.publish(other.rules(), other.counts());
    }

    /** These routes are in force. */
    void follow(Fib fib) {
        decisions.follow(fib);
    }

    /** Null: it may go on. Its flow is known. */
    DropReason judge(PacketBuffer packet) {
        if (policy == null || packet.ingressTunnel == PacketBuffer.NONE) {
            return null;
        }
        int decision = decisions.of(packet);
        if (decision == FlowDecisions.NOT_GOVERNED) {
            return null;
        }
        if (decision < 0) {
            return FlowDecisions.refusal(decision);
        }
        judged = decision;
        if (isAllowed(decision) || takesOver(packet)) {
            flows.wentByPop(packet.flow); // its ends have met: neither begins it anew
            return null;
        }
        return block(packet, decision);
    }

    private boolean isAllowed(int decision) {
        return policy.rules().decision(decision).isAllowed();
    }

    /** Of a flow that was never allowed, a packet of the other end that would be. */
    private boolean takesOver(PacketBuffer packet) {
        if (flows.hasGoneByPop(packet.flow)) {
            return false;
        }
        int own = decisions.asBeginner(packet);
        boolean isOver = own != FlowDecisions.NOT_GOVERNED && isAllowed(own);
        if (isOver) {
            decisions.turn(packet, own);
            judged = own;
        }
        return isOver;
    }

    private DropReason block(PacketBuffer packet, int decision) {
        policy.counts().countBlocked(decision, packet);
        icmp.report(packet, DropReason.FIREWALL_BLOCKED, 0);
        return DropReason.FIREWALL_BLOCKED;
    }

    /** From one site to another. */
    private record Sites(ForwardingView forwarding) implements FlowDecisions.Ends {
        private static final long NONE = 0;

        @Override
        public boolean isGoverned(NextHop hop) {
            return hop.kind() == NextHop.Kind.SITE;
        }

        @Override
        public boolean areToldByAnswers() {
            return true;
        }

        @Override
        public void fill(PacketKey key, PacketBuffer packet, NextHop hop, boolean isForward) {
            PacketKeys.fill(key, packet, isForward);
            long from = origin(packet);
            long to = site(hop);
            key.sourceSite = isForward ? from : to;
            key.targetSite = isForward ? to : from;
        }

        @Override
        public int steer(PacketBuffer packet, NextHop hop, int before, boolean isTakenUp) {
            return TransportPolicy.UNMATCHED;
        }

        /** The one at the tunnel's far end; of what another PoP node sent, by its source. */
        private long origin(PacketBuffer packet) {
            Forwarding now = forwarding.current();
            Tunnel tunnel = now.tunnels().get(packet.ingressTunnel);
            if (!tunnel.isToPop()) {
                return tunnel.siteId();
            }
            int route = SourceGuard.sourceRoute(now.fib(), packet.tuple, packet.ipVersion);
            return route == Fib.NO_ROUTE ? NONE : site(now.fib().nextHop(route));
        }

        private long site(NextHop hop) {
            return hop.kind() == NextHop.Kind.SITE
                    ? forwarding.current().sites().get(hop.index()).siteId()
                    : NONE;
        }
    }
}
