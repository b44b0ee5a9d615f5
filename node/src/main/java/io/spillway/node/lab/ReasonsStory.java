package io.spillway.node.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Reason codes from causes outside every process: the right code, side and link within two windows
 * of proof, no other code but those that are true meanwhile, and READY again within two windows
 * after the cause is gone.
 */
final class ReasonsStory {
    /** The lab's configuration has 15 s, the default is 45 s. */
    static final long WINDOW_MS = 15_000;

    static final String CONFIGURATION = "{proofWindow: 15s, proofInterval: 5s}";

    private static final long ASK_MS = 100;
    private static final long PATIENCE_MS = 30_000;

    private final Stage stage;
    private final List<ReasonCase> cases;
    private final List<String> table = new ArrayList<>();

    /** What a site says of one of its peers. */
    private record Said(String code, String side) {}

    ReasonsStory(Stage stage, Function<Stage, List<ReasonCase>> cases) {
        this.stage = stage;
        this.cases = cases.apply(stage);
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("window of proof in this lab: " + WINDOW_MS / 1000 + " s");
        stage.open();
        for (ReasonCase each : cases) {
            tell(each, result);
        }
        table.forEach(stage::phase);
    }

    private void tell(ReasonCase each, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        String name = each.code() + " at " + each.observed().name();
        stage.phase("cause of " + name);
        each.make().run();
        long startNs = System.nanoTime();
        Map<String, Integer> wrong = new HashMap<>();
        boolean isSaid = false;
        double saidMs = 0;
        while (!isSaid && saidMs < each.limitMs() + PATIENCE_MS) {
            isSaid = isSaid(each, wrong);
            saidMs = (System.nanoTime() - startNs) / 1e6;
            Thread.sleep(ASK_MS);
        }
        if (!isSaid) {
            stage.phase("not said: " + each.observed().ask("readiness"));
        }
        stage.phase("gone: cause of " + name);
        each.clear().run();
        long clearNs = System.nanoTime();
        stage.awaitReady();
        double readyMs = (System.nanoTime() - clearNs) / 1e6;
        result.exactly(name, isSaid ? 1 : 0, 1, "said");
        result.atMost(name + " after", saidMs, each.limitMs(), "ms");
        result.exactly(name + " wrong", wrong.size(), 0, "codes");
        result.atMost(name + " ready", readyMs, 2.0 * WINDOW_MS, "ms");
        table.add(row(each, saidMs, readyMs, wrong));
    }

    /** Of every peer in question that, and of no other anything; what else is said is wrong. */
    private boolean isSaid(ReasonCase each, Map<String, Integer> wrong) {
        JsonNode answer;
        try {
            answer = each.observed().ask("readiness");
        } catch (IOException e) {
            return false; // it is starting
        }
        return each.peers().isEmpty() ? isOfLink(each, answer) : isOfPeers(each, answer, wrong);
    }

    private static boolean isOfLink(ReasonCase each, JsonNode answer) {
        return answer.path("links").path(0).path("reason").asString("").equals(each.code());
    }

    private boolean isOfPeers(ReasonCase each, JsonNode answer, Map<String, Integer> wrong) {
        Map<String, Said> said = said(answer);
        boolean isComplete = true;
        for (NodeProcess peer : each.peers()) {
            Said ofPeer = said.remove(peer.name());
            boolean isRight =
                    ofPeer != null
                            && ofPeer.code().equals(each.code())
                            && ofPeer.side().equals(each.side());
            isComplete &= isRight;
            if (ofPeer != null && !isRight && !each.before().contains(ofPeer.code())) {
                wrong.merge(ofPeer.toString(), 1, Integer::sum);
            }
        }
        said.forEach(
                (peer, code) -> {
                    if (!each.before().contains(code.code())) {
                        wrong.merge(peer + " " + code, 1, Integer::sum);
                    }
                });
        return isComplete
                && said.values().stream().allMatch(it -> each.before().contains(it.code()));
    }

    /** Of the only link's missing peers, and of those that do not count. */
    private static Map<String, Said> said(JsonNode answer) {
        Map<String, Said> said = new HashMap<>();
        for (JsonNode missing : answer.path("links").path(0).path("missing")) {
            said.put(missing.path("peer").asString(""), said(missing, "reason"));
        }
        for (JsonNode peer : answer.path("peers")) {
            if (!peer.path("expected").asBoolean(true)) {
                said.put(peer.path("name").asString(""), said(peer, "reason"));
            }
        }
        return said;
    }

    private static Said said(JsonNode node, String field) {
        return new Said(node.path(field).asString(""), node.path("side").asString(""));
    }

    private static String row(
            ReasonCase each, double saidMs, double readyMs, Map<String, Integer> wrong) {
        String link = each.peers().isEmpty() ? "of the link" : each.side();
        String others = wrong.isEmpty() ? "" : "  wrong: " + wrong;
        return String.format(
                Locale.ROOT,
                "%-32s %-7s wan1 at %-7s said after %5.1f s, READY again after %5.1f s%s",
                each.code(),
                link,
                each.observed().name(),
                saidMs / 1000,
                readyMs / 1000,
                others);
    }
}
