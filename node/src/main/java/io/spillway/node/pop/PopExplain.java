package io.spillway.node.pop;

import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.path.Rehearsal;
import io.spillway.node.AskedPacket;
import io.spillway.node.ExplainAnswers;
import io.spillway.node.ExplainDesk;
import io.spillway.node.PacketAnswer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code spillway explain} is told at a PoP. */
final class PopExplain {
    private static final List<String> OF_SITES = List.of("state", "vlan", "mac", "policy");

    private final PopControl control;
    private final DataPlaneCommands commands;
    private final Path policy; // null: none

    PopExplain(PopControl control, DataPlaneCommands commands, Path policy) {
        this.control = control;
        this.commands = commands;
        this.policy = policy;
    }

    /** On the asking thread, which waits. */
    JsonNode ask(JsonNode request, Executor onControl) {
        return ExplainDesk.await(onControl, over -> begin(request, onControl, over));
    }

    /**
     * On control's thread.
     *
     * @param onControl where the answer is made when the data plane has given what it knows
     */
    void begin(JsonNode request, Executor onControl, CompletableFuture<JsonNode> over) {
        for (String option : OF_SITES) {
            if (request.has(option)) {
                String expected = "--" + option + ": expected at a site only";
                over.complete(ExplainAnswers.refusal(expected));
                return;
            }
        }
        ExplainDesk.begin(request, Answer::new, commands, onControl, over);
    }

    /** To one request. */
    private final class Answer implements ExplainDesk.Expert {
        private final JsonNode request;
        private final PopDoors doors;
        private final Forwarding now = control.forwarding().last();

        Answer(JsonNode request) {
            this.request = request;
            doors = new PopDoors(control);
        }

        @Override
        public ObjectNode ofAddresses() {
            return ExplainAnswers.answer(request, now, control.rib(), doors);
        }

        @Override
        public Rehearsal.Door door(AskedPacket packet) {
            String in = request.path("in").asString("");
            if (in.equals(PopDoors.INTERNET)) {
                return Rehearsal.Door.HOST;
            }
            Tunnel tunnel = in.isEmpty() ? doors.ofSource(packet.source(), now) : doors.ingress(in);
            return Rehearsal.Door.tunnel(tunnel.index());
        }

        @Override
        public ObjectNode ofPacket(AskedPacket packet, Rehearsal rehearsal) {
            Rehearsal.Outcome outcome = rehearsal.play();
            PacketAnswer answer = new PacketAnswer(packet, rehearsal.door(), outcome, doors);
            answer.way(ExplainAnswers.answer(packet, now, control.rib(), doors), now);
            answer.node().set("firewall", firewall(answer.flow(), rehearsal.door(), outcome));
            return answer.node();
        }

        private ObjectNode firewall(String flow, Rehearsal.Door door, Rehearsal.Outcome outcome) {
            ObjectNode node = JsonMapper.shared().createObjectNode().put("flow", flow);
            node.put("policy", policy == null ? "none: all is allowed" : policy.toString());
            Decision decision = outcome.decision();
            if (decision == null) {
                boolean isOfSite = door.tunnel() != PacketBuffer.NONE;
                String why = isOfSite ? "not to a site" : "not from a site";
                return node.put("decision", "not asked: " + why);
            }
            node.put("rule", decision.rule() == null ? "-" : decision.rule().name());
            return node.put("decision", words(decision));
        }
    }

    private static String words(Decision decision) {
        if (decision.rule() == null) {
            return "blocked: no rule is met";
        }
        return decision.isAllowed() ? "allowed by the rule" : "blocked by the rule";
    }
}
