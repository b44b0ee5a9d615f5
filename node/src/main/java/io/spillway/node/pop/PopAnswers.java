package io.spillway.node.pop;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.crypto.Certificates;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.EventLoopKind;
import io.spillway.node.AuthorityAnswers;
import io.spillway.node.ConfigException;
import io.spillway.node.ControlAgent;
import io.spillway.node.DropAnswers;
import io.spillway.node.EventAnswers;
import io.spillway.node.NodeVersion;
import io.spillway.node.PopConfig;
import io.spillway.node.RouteAnswers;
import io.spillway.node.TunnelAnswers;
import io.spillway.node.channel.EndpointText;
import io.spillway.node.tunnel.ManagedTunnel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a PoP's command socket answers. The answers are made on the control thread. */
final class PopAnswers {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final PopControl control;
    private final PopIdentity identity;
    private final PopFirewall firewall;
    private final DataPlane dataPlane;
    private final RecordCiphers ciphers;
    private final EventLoopKind loop;

    /**
     * @param file the configuration, for when it is read again
     */
    PopAnswers(
            Path file,
            PopControl control,
            PopIdentity identity,
            PopFirewall firewall,
            DataPlane dataPlane,
            RecordCiphers ciphers,
            EventLoopKind loop) {
        this.file = file;
        this.control = control;
        this.identity = identity;
        this.firewall = firewall;
        this.dataPlane = dataPlane;
        this.ciphers = ciphers;
        this.loop = loop;
    }

    Map<String, Function<JsonNode, JsonNode>> handlers(ControlAgent agent) {
        Map<String, Function<JsonNode, JsonNode>> onControl = new HashMap<>();
        onControl.put("status", request -> status());
        onControl.put("tunnels", request -> tunnels());
        onControl.put("routes", request -> RouteAnswers.answer(request, control.rib()));
        onControl.put("drops", request -> drops());
        onControl.put("events", request -> events());
        onControl.put("drain", request -> drain(true));
        onControl.put("drain-end", request -> drain(false));
        onControl.put("forget", this::forget);
        Map<String, Function<JsonNode, JsonNode>> all =
                new HashMap<>(agent.onControlThread(onControl));
        PopExplain explain = new PopExplain(control, dataPlane.commands(), firewall.file());
        all.put("explain", request -> explain.ask(request, agent));
        all.put("policy-preview", request -> policy(agent, false));
        all.put("policy-apply", request -> policy(agent, true));
        all.put("firewall", request -> firewall.answer());
        all.put("firewall-apply", request -> firewall.apply());
        return all;
    }

    /** By its ID, or by its name where only one site has it. */
    private ObjectNode forget(JsonNode request) {
        String wanted = request.path("site").asString("");
        List<AttachedSite> meant =
                control.sites().stream().filter(it -> isNamed(it, wanted)).toList();
        ObjectNode answer = JSON.createObjectNode();
        if (meant.size() != 1) {
            String what = meant.isEmpty() ? "no site " : "more than one site ";
            return answer.put("error", what + wanted);
        }
        AttachedSite site = meant.getFirst();
        String refusal = control.forget(site.id());
        if (refusal != null) {
            return answer.put("error", "site " + wanted + ": " + refusal);
        }
        answer.put("forgotten", Long.toUnsignedString(site.id()));
        answer.put("name", site.name());
        ArrayNode unreached = answer.putArray("nodesNotReached");
        control.mesh().nodes().stream()
                .filter(node -> node.connection() == null)
                .forEach(node -> unreached.add(node.name()));
        return answer;
    }

    private static boolean isNamed(AttachedSite site, String wanted) {
        return Long.toUnsignedString(site.id()).equals(wanted) || site.name().equals(wanted);
    }

    /** Reads the file on the asking thread; the rest is control's. */
    private JsonNode policy(ControlAgent agent, boolean isApplied) {
        try {
            AccountPolicy read = PopConfig.read(file).policy().toAccountPolicy();
            return CompletableFuture.supplyAsync(() -> policy(read, isApplied), agent).join();
        } catch (ConfigException e) {
            return JSON.createObjectNode().put("error", e.getMessage());
        }
    }

    private ObjectNode policy(AccountPolicy read, boolean isApplied) {
        List<AccountPolicy.Change> changes = control.preview(read);
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode sites = answer.putArray("sites");
        for (AccountPolicy.Change change : changes) {
            sites.addObject()
                    .put("site", change.site())
                    .put("expectedBefore", change.before().size())
                    .put("expectedAfter", change.after().size())
                    .put("gains", String.join(", ", change.gained()))
                    .put("loses", String.join(", ", change.lost()));
        }
        answer.put("applied", isApplied);
        if (isApplied) {
            control.onPolicy(read);
        }
        return answer;
    }

    private ObjectNode status() {
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("pop")
                .put("name", control.setup().name())
                .put("account", control.setup().account());
        answer.put("authority", Certificates.authorityOf(identity.current().certificate()));
        AuthorityAnswers.describe(answer.putArray("authorities"), identity.verifier().trust());
        answer.put("stateComplete", control.isComplete());
        answer.put("generation", control.feed().generation());
        answer.put("draining", control.isDraining());
        answer.put("wanFirewall", firewall.isOn() ? "on" : "off");
        control.tables().describe(answer);
        ArrayNode sites = answer.putArray("sites");
        Map<Long, List<AttachedSite>> hearers = control.readiness().hearers(control.sites());
        for (AttachedSite site : control.sites()) {
            ObjectNode node = sites.addObject();
            node.put("id", Long.toUnsignedString(site.id()))
                    .put("name", site.name())
                    .put("attached", site.isAttached())
                    .put("node", Objects.toString(site.nodeName(), ""))
                    .put("channel", site.connection() != null)
                    .put("tunnels", site.tunnels().size())
                    .put("prefixes", site.prefixes() == null ? 0 : site.prefixes().size());
            if (site.connection() != null) {
                var certificate = site.connection().peer().certificate();
                node.put("authority", Certificates.authorityOf(certificate));
            }
            control.readiness().describe(node, site, hearers);
        }
        describeNodes(answer.putArray("nodes"));
        answer.put("ordersUndelivered", control.mesh().undelivered());
        answer.put("routesRefused", control.adverts().refused());
        answer.put("stunUnanswered", control.stun().unanswered());
        answer.put("cipher", ciphers.name());
        answer.put("cipherReason", ciphers.reason());
        answer.put("loop", loop.label());
        answer.put("threads", dataPlane.threading().describe());
        answer.put("software", NodeVersion.TEXT);
        return answer;
    }

    private ObjectNode drain(boolean isOn) {
        control.drain(isOn);
        int here = (int) control.sites().stream().filter(AttachedSite::isHere).count();
        return JSON.createObjectNode().put("draining", isOn).put("sitesHere", here);
    }

    private void describeNodes(ArrayNode list) {
        for (PeerNode node : control.mesh().nodes()) {
            long sites = control.sites().stream().filter(site -> site.away() == node).count();
            list.addObject()
                    .put("name", node.name())
                    .put("address", EndpointText.of(node.tunnel().tunnel().remote()))
                    .put("tunnel", node.isTunnelAlive())
                    .put("channel", node.connection() != null)
                    .put("sites", sites)
                    .put("refused", node.refused());
        }
    }

    private ObjectNode tunnels() {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode list = answer.putArray("tunnels");
        for (ManagedTunnel tunnel : control.keeper().tunnels()) {
            ObjectNode node = list.addObject();
            node.put("peer", tunnel.peer() == null ? "" : tunnel.peer().name());
            TunnelAnswers.describe(node, tunnel, control.nowNs());
        }
        return answer;
    }

    private ObjectNode drops() {
        ObjectNode answer = JSON.createObjectNode();
        DropAnswers.describe(answer, dataPlane, List.of());
        return answer;
    }

    private ObjectNode events() {
        ObjectNode answer = JSON.createObjectNode();
        EventAnswers.describe(answer, control.events().all());
        return answer;
    }
}
