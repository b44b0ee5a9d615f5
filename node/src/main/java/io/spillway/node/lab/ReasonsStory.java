package io.spillway.node.lab;

import io.spillway.control.readiness.ReasonCode;
import io.spillway.control.readiness.ReasonCode.Side;
import io.spillway.node.lab.ReasonCase.Said;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Reason codes from causes outside every process: the right code, side and link within two windows
 * of proof, no other code but those that are true meanwhile, never READY after that, and READY
 * again within two windows after the cause is gone.
 */
final class ReasonsStory {
    /** The lab's configuration has 15 s, the default is 45 s. */
    static final long WINDOW_MS = 15_000;

    static final String CONFIGURATION = "{proofWindow: 15s, proofInterval: 5s}";

    private static final long ASK_MS = 200;
    private static final long PATIENCE_MS = 20_000;

    private static final String NOT_YET = ReasonCode.BEING_OPENED.name();

    /** What is told is told still, and alone. */
    private static final long HOLD_MS = 3_000;

    private final Stage stage;
    private final List<ReasonCase> cases;

    ReasonsStory(Stage stage, Function<OutsideDeeds, List<ReasonCase>> cases) {
        this.stage = stage;
        this.cases = cases.apply(new OutsideDeeds(stage));
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("window of proof in this lab: " + WINDOW_MS / 1000 + " s");
        stage.start();
        stage.awaitReady();
        for (ReasonCase each : cases) {
            tell(each, result);
        }
    }

    private void tell(ReasonCase each, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("cause: " + each.cause());
        each.make().run();
        Watch watch = new Watch(each);
        double toldMs = watch.awaitTold();
        watch.hold();
        stage.phase((watch.isTold ? "told: " : "NOT TOLD: ") + watch.last);
        each.clear().run();
        double readyMs = awaitReady();
        String name = each.name();
        result.exactly(name, watch.isTold ? 1 : 0, 1, "told");
        result.atMost(name + ": told after", toldMs, each.limitMs(), "ms");
        result.exactly(name + ": wrong codes " + watch.wrong, watch.wrong.size(), 0, "codes");
        result.atMost(name + ": READY after", readyMs, 2.0 * WINDOW_MS, "ms");
        result.reason(row(each, watch, toldMs, readyMs));
    }

    private static ReasonRow row(ReasonCase each, Watch watch, double toldMs, double readyMs) {
        boolean isRight = watch.isTold && watch.wrong.isEmpty();
        return new ReasonRow(
                each.expected().code(),
                each.cause(),
                each.observed().name(),
                each.expected().side(),
                each.link(),
                toldMs / 1000,
                readyMs / 1000,
                String.join(" ", watch.until),
                isRight ? "" : "<- " + (watch.isTold ? "also " + watch.wrong : watch.last));
    }

    /** Milliseconds until every site is ready over every link. */
    private double awaitReady() throws IOException, InterruptedException, LabException {
        long startNs = System.nanoTime();
        while (true) {
            boolean isReady = true;
            for (NodeProcess site : stage.sites()) {
                isReady &= isReady(site);
            }
            double ms = (System.nanoTime() - startNs) / 1e6;
            if (isReady) {
                return ms;
            }
            if (ms > 2.0 * WINDOW_MS + PATIENCE_MS) {
                throw new LabException("not ready again: " + stage.readiness());
            }
            Thread.sleep(ASK_MS);
        }
    }

    private boolean isReady(NodeProcess site) {
        try {
            JsonNode answer = site.ask("readiness");
            boolean isReady = isReady(answer);
            for (JsonNode link : answer.path("links")) {
                isReady &= isReady(link);
            }
            return isReady && answer.path("expected").asInt(0) == stage.sites().size() - 1;
        } catch (IOException e) {
            return false; // it is starting
        }
    }

    private static boolean isReady(JsonNode node) {
        return node.path("status").asString("").equals("READY");
    }

    /** What one site says after one deed. */
    private static final class Watch {
        private final ReasonCase watched;
        private final long startNs = System.nanoTime();
        private final Map<String, Integer> wrong = new TreeMap<>();
        private final Set<String> until = new TreeSet<>();
        private Map<String, Said> last = Map.of();
        private boolean isTold;

        Watch(ReasonCase watched) {
            this.watched = watched;
        }

        double awaitTold() throws InterruptedException {
            while (!isTold && ms() < watched.limitMs() + PATIENCE_MS) {
                isTold = look();
                if (!isTold) Thread.sleep(ASK_MS);
            }
            return ms();
        }

        private double ms() {
            return (System.nanoTime() - startNs) / 1e6;
        }

        void hold() throws InterruptedException {
            long heldNs = System.nanoTime() + HOLD_MS * 1_000_000;
            while (isTold && System.nanoTime() - heldNs < 0) {
                if (!look()) wrong.merge("no longer: " + last, 1, Integer::sum);
                Thread.sleep(ASK_MS);
            }
        }

        /** Whether of every peer in question that is said, and of no other anything. */
        private boolean look() {
            JsonNode answer;
            try {
                answer = watched.observed().ask("readiness");
            } catch (IOException e) {
                return false; // it is starting
            }
            Map<String, Said> said = said(answer);
            last = Map.copyOf(said);
            boolean isComplete = true;
            for (String subject : subjects()) {
                isComplete &= watched.expected().equals(said.get(subject));
                said.remove(subject, watched.expected());
            }
            said.forEach(this::judge);
            return isComplete && last.size() == subjects().size();
        }

        private void judge(String subject, Said code) {
            boolean isSideOpen =
                    code.equals(new Said(watched.expected().code(), Side.EITHER.name()));
            boolean isNothing = code.code().equals(NOT_YET);
            if (isNothing || isSideOpen || watched.before().contains(code.code())) {
                until.add(code.code());
            } else {
                wrong.merge(subject + " " + code, 1, Integer::sum);
            }
        }

        private List<String> subjects() {
            return watched.peers().isEmpty()
                    ? List.of(watched.link())
                    : watched.peers().stream()
                            .map(peer -> watched.link() + " to " + peer.name())
                            .toList();
        }

        /** Of links that are not measured, of missing peers, and of those that do not count. */
        private Map<String, Said> said(JsonNode answer) {
            Map<String, Said> said = new HashMap<>();
            for (JsonNode link : answer.path("links")) {
                String name = link.path("link").asString("");
                if (!link.has("expected")) {
                    said.put(name, new Said(link.path("reason").asString(""), ""));
                }
                for (JsonNode missing : link.path("missing")) {
                    said.put(name + " to " + missing.path("peer").asString(""), of(missing));
                }
            }
            for (JsonNode peer : answer.path("peers")) {
                if (!peer.path("expected").asBoolean(true)) {
                    String name = watched.link() + " to " + peer.path("name").asString("");
                    said.put(name, of(peer));
                }
            }
            return said;
        }

        private static Said of(JsonNode node) {
            return new Said(node.path("reason").asString(""), node.path("side").asString(""));
        }
    }
}
