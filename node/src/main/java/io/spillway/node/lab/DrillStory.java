package io.spillway.node.lab;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A drill tells before the PoP is lost which peers recovery would reach, without a packet of hosts
 * lost; and once it is lost, what was ready before has an answer.
 */
final class DrillStory {
    private static final String PROVEN = "PROVEN";
    private static final double DRILL_MAX_MS = 10_000;

    /** What stood for ten seconds is kept, and is on disk soon after. */
    private static final long KEPT_MS = 15_000;

    private final Stage stage;
    private final OutsideDeeds deeds;
    private final NodeProcess asked;
    private final NodeProcess cutOff;
    private final int others;

    DrillStory(Stage stage) {
        this.stage = stage;
        deeds = new OutsideDeeds(stage);
        asked = deeds.berlin();
        cutOff = deeds.london();
        others = stage.sites().size() - 1;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.start();
        stage.awaitReady();
        stage.startTraffic();
        stage.awaitCalm();
        Map<Direction, Long> mark = stage.mark();
        drill("whole", result);
        Thread.sleep(KEPT_MS);
        Instant whole = Instant.now();

        stage.phase("large packets between " + asked.name() + " and " + cutOff.name() + " vanish");
        String there = OutsideDeeds.from(deeds.address(asked), deeds.address(cutOff));
        deeds.drop(OutsideDeeds.large(there));
        Map<String, String> verdicts = drill(result, "cut: drillMs");
        boolean isFound = !verdicts.get(cutOff.name()).equals(PROVEN);
        result.exactly("cut: peer found", isFound ? 1 : 0, 1, "peers");
        result.exactly("cut: peers proven", countProven(verdicts), others - 1, "peers");
        deeds.pass();
        stage.awaitReady();
        result.exactly("lostPackets", stage.lostSince(mark), 0, "packets");

        stage.phase("PoP process killed");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        String before = readinessAt(whole);
        stage.phase("ready at " + whole + ", as told now: " + before);
        boolean isReadyBefore = before.equals("READY " + others + "/" + others);
        result.exactly("readyBefore", isReadyBefore ? 1 : 0, 1, "told");
    }

    private void drill(String when, ScenarioResult.Builder result) throws IOException {
        Map<String, String> verdicts = drill(result, when + ": drillMs");
        result.exactly(when + ": peers proven", countProven(verdicts), others, "peers");
    }

    /** The verdict of each peer. */
    private Map<String, String> drill(ScenarioResult.Builder result, String name)
            throws IOException {
        stage.phase(asked.name() + " holds a drill");
        JsonNode answer = asked.ask("drill");
        result.atMost(name, answer.path("seconds").asDouble() * 1000, DRILL_MAX_MS, "ms");
        Map<String, String> verdicts = new TreeMap<>();
        for (JsonNode peer : answer.path("peers")) {
            verdicts.put(peer.path("peer").asString(), peer.path("verdict").asString());
        }
        stage.phase("drill: " + answer.path("verdict").asString() + " " + verdicts);
        return verdicts;
    }

    private static long countProven(Map<String, String> verdicts) {
        return verdicts.values().stream().filter(PROVEN::equals).count();
    }

    private String readinessAt(Instant time) throws IOException {
        ObjectNode question = JsonMapper.shared().createObjectNode();
        question.put("command", "readiness-past").put("at", time.toString());
        return asked.ask(question).path("site").asString("");
    }
}
