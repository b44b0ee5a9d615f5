package io.spillway.node.site;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.TransportRule;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.path.Rehearsal;
import io.spillway.node.AskedPacket;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What becomes of one packet, decision by decision, as {@code spillway explain} shows it. */
final class PacketAnswer {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ObjectNode node = JSON.createObjectNode();
    private final Rehearsal.Outcome outcome;
    private final ExplainDoors doors;

    PacketAnswer(
            AskedPacket packet,
            Rehearsal.Door door,
            Rehearsal.Outcome outcome,
            ExplainDoors doors) {
        this.outcome = outcome;
        this.doors = doors;
        node.put("packet", packet.describe());
        node.put("in", doors.name(door));
        node.put("verdict", outcome.drop() == null ? "FORWARDED" : "DROPPED");
        if (outcome.drop() != null) {
            node.put("drop", outcome.drop().name());
        }
    }

    /**
     * @param inForce file of the policy; null: there is none
     * @param assumed file of another that is tried; empty: none
     */
    void firewall(Path inForce, String assumed) {
        ObjectNode firewall = node.putObject("firewall");
        String flow =
                switch (outcome.flow()) {
                    case NEW -> "new";
                    case BEGUN -> "known, begun by the source";
                    case ANSWERED -> "known, begun by the destination: this is an answer";
                };
        firewall.put("flow", flow);
        if (!assumed.isEmpty()) {
            firewall.put("policy", assumed + ", which is not in force");
        } else {
            firewall.put("policy", inForce == null ? "none: all is allowed" : inForce.toString());
        }
        Decision decision = outcome.decision();
        if (decision == null) {
            firewall.put("decision", "not asked: not from one network here to another");
            return;
        }
        firewall.put("networkRule", decision.network() == null ? "-" : decision.network().name());
        firewall.put("rule", decision.rule() == null ? "-" : decision.rule().name());
        firewall.put("decision", decision(decision));
    }

    private String decision(Decision decision) {
        if (decision.staysHere()) {
            if (decision.rule() == null) {
                return "blocked: none of the network rule's rules is met";
            }
            return decision.isAllowed() ? "allowed by the rule" : "blocked by the rule";
        }
        String why =
                decision.network() == null ? "no network rule is met" : "as the network rule says";
        if (outcome.drop() == DropReason.FIREWALL_NO_CLOUD) {
            return "by the PoP, " + why + "; there is none, and withoutCloud is blocked";
        }
        return outcome.isByPop() || outcome.drop() != null
                ? "by the PoP, " + why
                : "by the PoP, " + why + "; there is none, and withoutCloud is open: it stays here";
    }

    /**
     * @param route what its addresses decide
     */
    void way(ObjectNode route, Forwarding now) {
        if (outcome.drop() == null) {
            leaves(now);
        }
        ObjectNode firewall = (ObjectNode) node.remove("firewall");
        route.remove(List.of("verdict", "drop"));
        node.setAll(route);
        if (outcome.isByPop()) {
            node.put("transport", "CLOUD");
        }
        if (outcome.steered() != null) {
            steered(outcome.steered(), now);
        }
        node.set("firewall", firewall);
    }

    private void steered(TransportRule rule, Forwarding now) {
        if (outcome.drop() == null) {
            Tunnel tunnel = now.tunnels().get(Exit.index(outcome.exit()));
            node.put("transport", doors.transport(tunnel));
        }
        node.putObject("wanRule")
                .put("name", rule.name())
                .put("transport", TransportAnswers.word(rule.choice().first()))
                .put("secondary", TransportAnswers.word(rule.choice().secondary()));
    }

    private void leaves(Forwarding now) {
        int index = Exit.index(outcome.exit());
        if (!Exit.isTunnel(outcome.exit())) {
            boolean isHost = outcome.egressInterface() == PacketBuffer.NONE;
            node.put("leavesBy", isHost ? "host" : doors.lan(outcome.egressInterface()));
            return;
        }
        Tunnel tunnel = now.tunnels().get(index);
        if (tunnel != null) {
            node.put("leavesBy", doors.way(tunnel));
            node.put("pathMtu", tunnel.mtu());
        }
    }

    ObjectNode node() {
        return node;
    }
}
