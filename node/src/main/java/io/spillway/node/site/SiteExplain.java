package io.spillway.node.site;

import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.TransportRule;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.path.Rehearsal;
import io.spillway.node.AskedPacket;
import io.spillway.node.ConfigException;
import io.spillway.node.ExplainAnswers;
import io.spillway.node.ExplainDesk;
import io.spillway.node.PacketAnswer;
import io.spillway.node.SiteConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code spillway explain} is told at a site. */
final class SiteExplain {
    private final SiteControl control;
    private final List<ExplainDoors.Lan> lans;
    private final boolean hasHostPort;
    private final DataPlaneCommands commands;
    private final SiteFirewall firewall;

    SiteExplain(
            SiteConfig config,
            SiteControl control,
            DataPlaneCommands commands,
            SiteFirewall firewall) {
        this(control, lans(config), config.hostPort().enabled(), commands, firewall);
    }

    /**
     * @param lans by index, in the order of the configuration
     */
    SiteExplain(
            SiteControl control,
            List<ExplainDoors.Lan> lans,
            boolean hasHostPort,
            DataPlaneCommands commands,
            SiteFirewall firewall) {
        this.control = control;
        this.lans = List.copyOf(lans);
        this.hasHostPort = hasHostPort;
        this.commands = commands;
        this.firewall = firewall;
    }

    private static List<ExplainDoors.Lan> lans(SiteConfig config) {
        List<ExplainDoors.Lan> lans = new ArrayList<>();
        for (SiteConfig.LanPort port : config.lan()) {
            port.networks()
                    .forEach(
                            network ->
                                    lans.add(
                                            new ExplainDoors.Lan(
                                                    port.port(), network.name(), network.vlan())));
        }
        return lans;
    }

    /** On the asking thread, which waits. */
    JsonNode ask(JsonNode request, Executor onControl) {
        String file = request.path("policy").asString("");
        LanPolicy assumed;
        try {
            assumed = file.isEmpty() ? null : firewall.read(Path.of(file));
        } catch (ConfigException e) {
            return ExplainAnswers.refusal(e.getMessage());
        }
        return ExplainDesk.await(onControl, over -> begin(request, assumed, onControl, over));
    }

    /**
     * On control's thread.
     *
     * @param assumed as if it were in force; null: what is
     * @param onControl where the answer is made when the data plane has given what it knows
     */
    void begin(
            JsonNode request,
            LanPolicy assumed,
            Executor onControl,
            CompletableFuture<JsonNode> over) {
        ExplainDesk.begin(request, asked -> new Answer(asked, assumed), commands, onControl, over);
    }

    /** To one request. */
    private final class Answer implements ExplainDesk.Expert {
        private final JsonNode request;
        private final LanPolicy assumed;
        private final ExplainDoors doors;

        Answer(JsonNode request, LanPolicy assumed) {
            this.request = request;
            this.assumed = assumed;
            doors = new ExplainDoors(control, lans, hasHostPort, request);
        }

        @Override
        public ObjectNode ofAddresses() {
            return ExplainAnswers.answer(request, doors.forwarding(), control.rib(), doors);
        }

        @Override
        public Rehearsal.Door door(AskedPacket packet) {
            return doors.door(packet);
        }

        @Override
        public ObjectNode ofPacket(AskedPacket packet, Rehearsal rehearsal) {
            Forwarding now = doors.forwarding();
            if (assumed != null) {
                rehearsal.assume(assumed);
            }
            if (doors.isAssuming()) {
                rehearsal.assume(now);
            }
            Rehearsal.Outcome outcome = rehearsal.play();
            PacketAnswer answer = new PacketAnswer(packet, rehearsal.door(), outcome, doors);
            answer.way(ExplainAnswers.answer(packet, now, control.rib(), doors), now);
            if (outcome.steered() != null) {
                answer.node().set("wanRule", rule(outcome.steered()));
            }
            answer.node().set("firewall", firewall(answer.flow(), outcome));
            return answer.node();
        }

        private ObjectNode firewall(String flow, Rehearsal.Outcome outcome) {
            ObjectNode node = JsonMapper.shared().createObjectNode().put("flow", flow);
            String tried = request.path("policy").asString("");
            Path inForce = firewall.file();
            if (!tried.isEmpty()) {
                node.put("policy", tried + ", which is not in force");
            } else {
                node.put("policy", inForce == null ? "none: all is allowed" : inForce.toString());
            }
            Decision decision = outcome.decision();
            if (decision == null) {
                return node.put("decision", unasked(outcome));
            }
            node.put("networkRule", decision.network() == null ? "-" : decision.network().name());
            node.put("rule", decision.rule() == null ? "-" : decision.rule().name());
            return node.put("decision", words(decision, outcome));
        }
    }

    private static ObjectNode rule(TransportRule rule) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("name", rule.name())
                .put("transport", TransportAnswers.word(rule.choice().first()))
                .put("secondary", TransportAnswers.word(rule.choice().secondary()));
    }

    private static String unasked(Rehearsal.Outcome outcome) {
        return outcome.drop() == DropReason.FIREWALL_HOST_FLOWS
                ? "not asked: the source has begun as many flows as it may"
                : "not asked: not from one network here to another";
    }

    private static String words(Decision decision, Rehearsal.Outcome outcome) {
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
}
