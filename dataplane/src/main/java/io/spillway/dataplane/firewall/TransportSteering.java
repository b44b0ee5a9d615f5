package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.forward.ForwardingView;
import io.spillway.routing.fib.NextHop;

/**
 * Finds the rule that chooses the transport of a flow to another site. Who begins a flow decides:
 * of what the other site has begun, ours only answers, and the {@code Router} lets that go back by
 * the way the question came.
 *
 * <p>Owned by the lan agent.
 */
final class TransportSteering {
    private final ForwardingView forwarding;
    private final FlowTable flows;
    private final PacketKey key = new PacketKey();
    private TransportPolicy policy = TransportPolicy.EMPTY;

    TransportSteering(ForwardingView forwarding, FlowTable flows) {
        this.forwarding = forwarding;
        this.flows = flows;
    }

    /** From the next packet on. */
    void publish(TransportPolicy other) {
        policy = other;
    }

    /** As {@link FlowDecisions.Ends#steer}; {@code hop} may be null. */
    int decide(PacketBuffer packet, NextHop hop, int before, boolean isTakenUp) {
        boolean isToSite = hop != null && hop.kind() == NextHop.Kind.SITE;
        boolean isAnswer = !flows.isFromBeginner(packet.flow, packet.tuple);
        if (policy.isEmpty() || !isToSite || isAnswer && !isTakenUp) {
            return TransportPolicy.UNMATCHED;
        }
        PacketKeys.fill(key, packet, true);
        key.side = packet.ingressInterface;
        key.mac = packet.ingressMac;
        key.targetSite = forwarding.current().sites().get(hop.index()).siteId();
        int rule = policy.decide(key);
        if (isAnswer && rule == TransportPolicy.UNMATCHED) {
            return rule;
        }
        if (isAnswer) {
            flows.turn(packet.flow);
        }
        if (rule != before) {
            policy.countFlow(rule);
        }
        return rule;
    }
}
