package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * One hub, and spokes that have tunnels to nobody else (R008, F03): when the PoP dies, spokes and
 * hub go on with each other, and spokes are told that they cannot reach each other.
 */
final class HubStory {
    private static final String MOVED = "in recovery with the hub";
    private static final long HOLD_MS = 3_000;

    private final Stage stage;
    private final NodeProcess hub;
    private final List<String> spokes;

    HubStory(Stage stage) {
        this.stage = stage;
        hub = stage.sites().getFirst();
        spokes = stage.sitesBut(hub).stream().map(NodeProcess::name).toList();
    }

    /** Hub and spokes. */
    void tellOfHub(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        open(result);
        Map<Direction, Long> mark = cut();
        Losses losses = stage.lossSince(mark).of(this::isWithHub);
        losses.measureOutages(result, Stage.OUTAGE_MAX_MS);
        mark = stage.mark();
        stage.stays(MOVED, this::isMoved, HOLD_MS);
        result.exactly("lostWithHub", lostWithHub(mark), 0, "packets");
        comeBack(result);
    }

    /** Spoke to spoke. */
    void tellOfSpokes(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        open(result);
        cut();
        Map<Direction, Long> mark = stage.mark();
        stage.stays(MOVED, this::isMoved, HOLD_MS);
        long leaked = stage.lossSince(mark).of(d -> !isWithHub(d)).arrived();
        result.exactly("arrivedBetweenSpokes", leaked, 0, "packets");
        result.exactly("lostWithHub", lostWithHub(mark), 0, "packets");
        List<Direction> between =
                Direction.among(stage.network().sites()).stream()
                        .filter(direction -> !isWithHub(direction))
                        .toList();
        int told = 0;
        for (Direction direction : between) {
            told += Pings.isProhibited(direction) ? 1 : 0;
        }
        result.exactly("pingsToldSo", told, between.size(), "directions");
        comeBack(result);
    }

    private void open(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        Map<String, Readiness> readiness = stage.readiness();
        int hubExpects = readiness.remove(hub.name()).expected();
        result.exactly("expectedByHub", hubExpects, spokes.size(), "sites");
        int most = readiness.values().stream().mapToInt(Readiness::expected).max().orElse(0);
        result.exactly("expectedBySpokes", most, 1, "sites");
    }

    private Map<Direction, Long> cut() throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed; the hub is " + hub.name());
        Map<Direction, Long> mark = stage.mark();
        stage.pop().kill();
        stage.await(MOVED, this::isMoved, stage.times().recoveryTimeout());
        stage.stays(MOVED, this::isMoved, HOLD_MS);
        return mark;
    }

    private void comeBack(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("the PoP comes back");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().start();
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        stage.awaitFlow(stage.times().returnTimeout());
        stage.await("at rest", SiteStatus::isAtRest, Stage.EVENT_MS);
        result.exactly("returnLostWithHub", lostWithHub(mark), 0, "packets");
        Map<Direction, Long> backMark = stage.mark();
        stage.stays("in the cloud", SiteStatus::isInCloud, HOLD_MS);
        result.exactly("lostAfterReturn", stage.lostSince(backMark), 0, "packets");
    }

    private long lostWithHub(Map<Direction, Long> mark) throws InterruptedException {
        return stage.lossSince(mark).of(this::isWithHub).lost();
    }

    private boolean isMoved(NodeProcess site, SiteStatus status) {
        return status.isInRecoveryWith(site == hub ? spokes : List.of(hub.name()));
    }

    private boolean isWithHub(Direction direction) {
        return direction.touches(stage.place(hub));
    }
}
