package io.spillway.node.lab;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One site has recovery switched off. When the PoP dies the others go on without it, and whoever
 * sends to it or from it is told that this is prohibited.
 */
final class DisabledSiteStory {
    private static final String MOVED = "in recovery, but for the one where it is off";
    private static final String PROHIBITED = "ROUTE_PROHIBITED";

    /** In recovery, when it is looked at. */
    private static final long HOLD_MS = 3_000;

    /** A host sends about as many to each of the others meanwhile. */
    private static final double PROHIBITED_MIN = 1_000;

    /** For the first packets by way of a PoP that just started. */
    private static final double TALKS_MAX_MS = 2_000;

    private static final long FLOW_MS = 30_000;
    private static final long AFTER_RETURN_MS = 2_000;

    private final Stage stage;
    private final NodeProcess disabled;
    private final List<NodeProcess> others;

    /** The last site is the one. */
    DisabledSiteStory(Stage stage) {
        this.stage = stage;
        disabled = stage.last();
        others = stage.sitesBut(disabled);
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        measureReadiness(result);
        stage.awaitCalm();
        cut(result);
        goOn(result);
        comeBack(result);
        count(result, LabEvent.ACTIVATED, "activated");
        count(result, LabEvent.STOPPED, "stopped");
    }

    private void measureReadiness(ScenarioResult.Builder result) {
        Map<String, Readiness> readiness = stage.readiness();
        boolean saysSo = readiness.remove(disabled.name()).isDisabled();
        result.exactly("saysDisabled", saysSo ? 1 : 0, 1, "sites");
        int most = readiness.values().stream().mapToInt(Readiness::expected).max().orElse(0);
        result.exactly("expectedByOthers", most, others.size() - 1.0, "sites");
    }

    private void cut(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed; recovery is off at " + disabled.name());
        Map<Direction, Long> mark = stage.mark();
        stage.pop().kill();
        stage.await(MOVED, this::isMoved, stage.times().recoveryTimeout());
        stage.stays(MOVED, this::isMoved, HOLD_MS);
        Losses losses = stage.lossSince(mark);
        losses.of(this::isAmongOthers).measureOutages(result, Stage.OUTAGE_MAX_MS);
    }

    private void goOn(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        Map<Direction, Long> mark = stage.mark();
        Map<NodeProcess, Long> before = prohibited();
        stage.stays(MOVED, this::isMoved, HOLD_MS);
        Losses losses = stage.lossSince(mark);
        Map<NodeProcess, Long> after = prohibited();
        result.exactly("lostBetweenOthers", losses.of(this::isAmongOthers).lost(), 0, "packets");
        long leaked = losses.of(this::isTouched).arrived();
        result.exactly("arrivedAtOrFromDisabled", leaked, 0, "packets");
        for (NodeProcess site : stage.sites()) {
            result.atLeast(
                    "prohibited at " + site.name(),
                    after.get(site) - before.get(site),
                    PROHIBITED_MIN,
                    "packets");
        }
        measureErrors(result);
    }

    /** What a ping is told, in each direction. */
    private void measureErrors(ScenarioResult.Builder result) throws IOException {
        List<Direction> directions =
                Direction.among(stage.network().sites()).stream().filter(this::isTouched).toList();
        int told = 0;
        for (Direction direction : directions) {
            told += Pings.isProhibited(direction) ? 1 : 0;
        }
        result.exactly("pingsToldSo", told, directions.size(), "directions");
    }

    private Map<NodeProcess, Long> prohibited() throws IOException {
        Map<NodeProcess, Long> counts = new HashMap<>();
        for (NodeProcess site : stage.sites()) {
            counts.put(site, prohibited(site.ask("drops")));
        }
        return counts;
    }

    private static long prohibited(JsonNode answer) {
        for (JsonNode drop : answer.path("drops")) {
            if (drop.path("reason").asString("").equals(PROHIBITED)) {
                return drop.path("count").asLong(0);
            }
        }
        return 0;
    }

    private void comeBack(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("the PoP comes back");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().start();
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        long talksMs = stage.awaitFlow(FLOW_MS);
        result.atMost("talksAgainMs", talksMs, TALKS_MAX_MS, "ms");
        stage.await("at rest", SiteStatus::isAtRest, Stage.EVENT_MS);
        Map<Direction, Long> backMark = stage.mark();
        stage.stays("in the cloud", SiteStatus::isInCloud, AFTER_RETURN_MS);
        long lost = stage.lossSince(mark).of(this::isAmongOthers).lost();
        result.exactly("returnLostPackets", lost, 0, "packets");
        result.exactly("lostAfterReturn", stage.lostSince(backMark), 0, "packets");
    }

    private void count(ScenarioResult.Builder result, String words, String name)
            throws IOException {
        result.exactly(name, stage.countEvents(others, words), others.size(), "events");
        long there = stage.countEvents(List.of(disabled), words);
        result.exactly(name + "AtDisabled", there, 0, "events");
    }

    private boolean isMoved(NodeProcess site, SiteStatus status) {
        return site == disabled ? status.isCutOff() : status.isInRecoveryBut(disabled.name());
    }

    private boolean isTouched(Direction direction) {
        return direction.touches(stage.place(disabled));
    }

    private boolean isAmongOthers(Direction direction) {
        return !isTouched(direction);
    }
}
