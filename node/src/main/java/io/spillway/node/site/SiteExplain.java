package io.spillway.node.site;

import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.path.Rehearsal;
import io.spillway.node.AskedPacket;
import io.spillway.node.ConfigException;
import io.spillway.node.ExplainAnswers;
import io.spillway.node.SiteConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code spillway explain} is told at a site. Of addresses control answers alone; a whole
 * packet is rehearsed by the data plane's own steps, with what its agent has at that moment.
 */
final class SiteExplain {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String BUSY = "the data plane is busy, try again";
    private static final long ANSWER_MAX_MS = 3_000;

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
        CompletableFuture<JsonNode> over = new CompletableFuture<>();
        onControl.execute(() -> begin(request, assumed, onControl, over));
        return over.orTimeout(ANSWER_MAX_MS, TimeUnit.MILLISECONDS).join();
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
        try {
            AskedPacket packet = AskedPacket.of(request);
            ExplainDoors doors = new ExplainDoors(control, lans, hasHostPort, request);
            if (packet == null) {
                over.complete(
                        ExplainAnswers.answer(request, doors.forwarding(), control.rib(), doors));
                return;
            }
            Rehearsal rehearsal = new Rehearsal(packet.bytes(), doors.door(packet));
            Runnable staged =
                    () ->
                            over.completeAsync(
                                    () -> end(request, packet, doors, rehearsal, assumed),
                                    onControl);
            if (!commands.stage(rehearsal, staged)) {
                rehearsal.close();
                over.complete(JSON.createObjectNode().put("error", BUSY));
            }
        } catch (IllegalArgumentException e) {
            over.complete(ExplainAnswers.refusal(e.getMessage()));
        } catch (RuntimeException e) {
            over.completeExceptionally(e);
        }
    }

    private ObjectNode end(
            JsonNode request,
            AskedPacket packet,
            ExplainDoors doors,
            Rehearsal rehearsal,
            LanPolicy assumed) {
        try (rehearsal) {
            Forwarding now = doors.forwarding();
            if (assumed != null) {
                rehearsal.assume(assumed);
            }
            if (doors.isAssuming()) {
                rehearsal.assume(now);
            }
            Rehearsal.Outcome outcome = rehearsal.play();
            PacketAnswer answer = new PacketAnswer(packet, rehearsal.door(), outcome, doors);
            answer.firewall(firewall.file(), request.path("policy").asString(""));
            answer.way(ExplainAnswers.answer(request, now, control.rib(), doors), now);
            return answer.node();
        }
    }
}
