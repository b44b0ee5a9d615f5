package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.event.Event;
import io.spillway.control.event.EventJournal;
import io.spillway.control.readiness.Fault;
import io.spillway.control.readiness.PeerReadiness;
import io.spillway.control.readiness.Readiness;
import io.spillway.control.readiness.ReadinessHistory;
import io.spillway.control.readiness.ReasonCode;
import io.spillway.control.readiness.SiteReadiness;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code spillway readiness} is told: of now by control, of before from the disk. */
final class ReadinessAnswers {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SiteControl control;
    private final EventJournal journal;
    private final Executor files;

    /**
     * @param journal of readiness, owned by {@code files}
     */
    ReadinessAnswers(SiteControl control, EventJournal journal, Executor files) {
        this.control = control;
        this.journal = journal;
        this.files = files;
    }

    /** Of the site, its links and its peers, or of one link; on control's thread. */
    JsonNode now(JsonNode request) {
        SiteReadiness assessed = control.proving().assess();
        String name = request.path("interface").asString("");
        if (name.isEmpty()) {
            return ofSite(assessed);
        }
        for (Link link : control.setup().own().links()) {
            if (link.name().equals(name)) {
                return ofLink(assessed, link);
            }
        }
        String known =
                String.join(", ", control.setup().own().links().stream().map(Link::name).toList());
        return error("no WAN link " + name + ", expected one of " + known);
    }

    private ObjectNode ofSite(SiteReadiness assessed) {
        ObjectNode answer = JSON.createObjectNode();
        describe(answer, assessed.site());
        if (assessed.altWan() != null) {
            describe(answer.putObject("altWan"), assessed.altWan());
        }
        ArrayNode links = answer.putArray("links");
        for (Link link : control.setup().own().links()) {
            describe(links.addObject(), assessed, link);
        }
        ArrayNode peers = answer.putArray("peers");
        assessed.peers().forEach(peer -> describe(peers.addObject(), peer));
        return answer;
    }

    private ObjectNode ofLink(SiteReadiness assessed, Link link) {
        ObjectNode answer = JSON.createObjectNode();
        describe(answer, assessed, link);
        return answer;
    }

    private void describe(ObjectNode node, SiteReadiness assessed, Link link) {
        node.put("link", link.name());
        node.put("role", link.isAltWan() ? "alt-wan" : "internet");
        node.put("offCloud", link.enabled() ? "enabled" : "disabled");
        describe(node, assessed.links().get(link.index()));
        addMissing(node.putArray("missing"), assessed.missing().get(link.index()));
    }

    private void addMissing(ArrayNode missing, List<Fault> faults) {
        for (Fault fault : faults) {
            ObjectNode node = missing.addObject();
            node.put("peer", nameOf(fault.tunnel().siteId()));
            describe(node, fault);
        }
    }

    private String nameOf(long siteId) {
        var peer = control.directory().peer(siteId);
        return peer == null ? Long.toUnsignedString(siteId) : peer.site().name();
    }

    private static void describe(ObjectNode node, Readiness readiness) {
        node.put("status", readiness.status().name());
        if (readiness.isMeasured()) {
            node.put("connected", readiness.connected());
            node.put("expected", readiness.expected());
        }
        ReasonCode reason = readiness.reason();
        if (reason != null) {
            node.put("reason", reason.name());
            node.put("text", reason.text());
            node.put("remedy", reason.remedy());
        }
    }

    private void describe(ObjectNode node, PeerReadiness peer) {
        node.put("id", Long.toUnsignedString(peer.siteId()));
        node.put("name", peer.name());
        node.put("expected", peer.isExpected());
        node.put("connected", peer.isConnected());
        if (!peer.faults().isEmpty()) {
            Fault first = peer.faults().getFirst();
            describe(node, first);
            if (first.tunnel() != null) {
                node.put("link", control.setup().linkName(first.tunnel().localLink()));
            }
            if (first.code() == ReasonCode.NO_APPLIANCE) {
                node.put("recoverable", false);
            }
        }
    }

    private static void describe(ObjectNode node, Fault fault) {
        node.put("reason", fault.code().name());
        node.put("side", fault.side().name());
        node.put("remedy", fault.code().remedy());
    }

    /** What is kept, oldest first, or what was so at a time; on the asking thread. */
    JsonNode past(JsonNode request) {
        List<Event> kept = CompletableFuture.supplyAsync(journal::events, files).join();
        String at = request.path("at").asString("");
        ObjectNode answer = JSON.createObjectNode();
        if (at.isEmpty()) {
            ArrayNode history = answer.putArray("history");
            kept.forEach(entry -> describe(history.addObject(), entry));
            return answer;
        }
        try {
            long timeMs = Instant.parse(at).toEpochMilli();
            return kept.reversed().stream()
                    .filter(entry -> entry.timeMs() <= timeMs)
                    .findFirst()
                    .map(entry -> describe(answer, entry))
                    .orElseGet(() -> error("nothing is kept of " + at + " or before"));
        } catch (DateTimeException e) {
            return error(at + " is no time, expected one as " + Instant.EPOCH);
        }
    }

    private static ObjectNode describe(ObjectNode node, Event entry) {
        node.put("since", Instant.ofEpochMilli(entry.timeMs()).toString());
        node.put("why", entry.message());
        Map<String, String> fields = entry.fields();
        node.put("site", fields.getOrDefault(ReadinessHistory.SITE, ""));
        fields.forEach(
                (name, value) -> {
                    if (!name.equals(ReadinessHistory.SITE)) {
                        node.put(name, value);
                    }
                });
        return node;
    }

    private static ObjectNode error(String text) {
        return JSON.createObjectNode().put("error", text);
    }
}
