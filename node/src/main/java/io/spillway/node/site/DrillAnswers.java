package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.control.readiness.Fault;
import io.spillway.control.readiness.PeerReadiness;
import io.spillway.control.readiness.SiteReadiness;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.node.ControlAgent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds a drill for who asks, and says what became of each peer. */
final class DrillAnswers {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final double NS_PER_MS = 1e6;
    private static final double PERCENT = 100;

    private final SiteControl control;

    DrillAnswers(SiteControl control) {
        this.control = control;
    }

    /** On the asking thread, which waits until it is over: some seconds. */
    JsonNode hold(JsonNode request, ControlAgent agent) {
        CompletableFuture<JsonNode> over = new CompletableFuture<>();
        agent.execute(() -> begin(request.path("peer").asString(""), over));
        return over.join();
    }

    private void begin(String peerName, CompletableFuture<JsonNode> over) {
        Peer one = peerName.isEmpty() ? null : find(peerName);
        if (one == null && !peerName.isEmpty()) {
            over.complete(error("no site " + peerName + " is known"));
            return;
        }
        long siteId = one == null ? 0 : one.siteId();
        long beganNs = control.nowNs();
        boolean hasBegun =
                control.proving()
                        .beginDrill(siteId, drill -> over.complete(answer(drill, siteId, beganNs)));
        if (!hasBegun) {
            over.complete(error("a drill is under way"));
        }
    }

    /** By name, or by number. */
    private Peer find(String name) {
        return control.directory().peers().stream()
                .filter(it -> it.site().name().equals(name) || it.site().idText().equals(name))
                .findFirst()
                .orElse(null);
    }

    private ObjectNode answer(Drill drill, long siteId, long beganNs) {
        SiteReadiness readiness = control.proving().assess();
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode peers = answer.putArray("peers");
        int proven = 0;
        int expected = 0;
        for (PeerReadiness peer : readiness.peers()) {
            if (!peer.isExpected() || siteId != 0 && peer.siteId() != siteId) {
                continue;
            }
            List<Drill.Run> runs =
                    drill.runs().stream()
                            .filter(run -> run.key().siteId() == peer.siteId())
                            .toList();
            boolean isProven = runs.stream().anyMatch(run -> run.answered() > 0);
            describe(peers.addObject(), peer, runs, isProven);
            expected++;
            proven += isProven ? 1 : 0;
        }
        answer.put("verdict", proven == expected && expected > 0 ? "PASSED" : "FAILED");
        answer.put("proven", proven);
        answer.put("expected", expected);
        answer.put("seconds", round((control.nowNs() - beganNs) / 1e9));
        ArrayNode paths = answer.putArray("paths");
        drill.runs().forEach(run -> describe(paths.addObject(), run));
        return answer;
    }

    private void describe(
            ObjectNode node, PeerReadiness peer, List<Drill.Run> runs, boolean isProven) {
        node.put("peer", peer.name());
        node.put("verdict", isProven ? "PROVEN" : "NOT_PROVEN");
        node.put("paths", runs.size());
        int sent = runs.stream().mapToInt(Drill.Run::sent).sum();
        int answered = runs.stream().mapToInt(Drill.Run::answered).sum();
        if (sent > 0) {
            node.put("lossPercent", round(PERCENT * (sent - answered) / sent));
        }
        if (isProven) {
            long bestNs = runs.stream().mapToLong(Drill.Run::minNs).min().orElseThrow();
            node.put("rttMs", round(bestNs / NS_PER_MS));
            node.put("worstPath", way(worst(runs)));
        } else if (!peer.faults().isEmpty()) {
            Fault fault = peer.faults().getFirst();
            node.put("reason", fault.code().name()).put("side", fault.side().name());
        }
    }

    /** The one that lost most; of several the slowest. */
    private static Drill.Run worst(List<Drill.Run> runs) {
        Drill.Run worst = runs.getFirst();
        for (Drill.Run run : runs) {
            int lost = run.sent() - run.answered();
            int lostByWorst = worst.sent() - worst.answered();
            boolean isSlower = lost == lostByWorst && run.maxNs() > worst.maxNs();
            worst = lost > lostByWorst || isSlower ? run : worst;
        }
        return worst;
    }

    private void describe(ObjectNode node, Drill.Run run) {
        node.put("peer", nameOf(run.key().siteId()));
        node.put("way", way(run));
        node.put("sent", run.sent());
        node.put("lost", run.sent() - run.answered());
        if (run.answered() > 0) {
            node.put("bytes", run.length());
            node.put("minMs", round(run.minNs() / NS_PER_MS));
            node.put("meanMs", round(run.meanNs() / NS_PER_MS));
            node.put("maxMs", round(run.maxNs() / NS_PER_MS));
        }
    }

    private String way(Drill.Run run) {
        Tunnel tunnel = run.tunnel().tunnel();
        return control.tunnels().describeWay(tunnel.link(), tunnel.remote());
    }

    private String nameOf(long siteId) {
        Peer peer = control.directory().peer(siteId);
        return peer == null ? Long.toUnsignedString(siteId) : peer.site().name();
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private static ObjectNode error(String text) {
        return JSON.createObjectNode().put("error", text);
    }
}
