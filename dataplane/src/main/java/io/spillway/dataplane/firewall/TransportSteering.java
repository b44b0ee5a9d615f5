package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.flow.FlowTable;

/**
 * Finds the rule that chooses the transport of a flow to another site. Who begins a flow decides:
 * of what the other site has begun, ours only answers, and the {@code Router} lets that go back by
 * the way the question came.
 *
 * <p>Owned by the lan agent.
 */
final class TransportSteering {
    /** Nothing was decided yet by the rules in force. */
    static final int UNDECIDED = -1;

    private final FlowTable flows;
    private final PacketKey key = new PacketKey();

    TransportSteering(FlowTable flows) {
        this.flows = flows;
    }

    /**
     * Number of the rule for the packet's flow, or {@link TransportPolicy#UNMATCHED}.
     *
     * @param siteId to which its route leads
     * @param isTakenUp in the middle of what began before we looked, so that nobody knows who did
     * @param before the rule until now, or {@link #UNDECIDED}
     */
    int decide(LanPolicy policy, PacketBuffer packet, long siteId, boolean isTakenUp, int before) {
        boolean isAnswer = !flows.isFromBeginner(packet.flow, packet.tuple);
        if (isAnswer && !isTakenUp) {
            return TransportPolicy.UNMATCHED;
        }
        PacketKeys.fill(key, packet, true);
        key.side = packet.ingressInterface;
        key.mac = packet.ingressMac;
        key.targetSite = policy.sites().number(siteId);
        int rule = policy.wan().decide(key);
        if (isAnswer && rule == TransportPolicy.UNMATCHED) {
            return rule;
        }
        if (isAnswer) {
            flows.turn(packet.flow);
        }
        if (rule != before) {
            policy.wan().countFlow(rule);
        }
        return rule;
    }
}
