package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * One site alone loses its way to the PoP that all prefer, and moves to another PoP. Once it is
 * attached there it talks to the others over the cloud, by both PoPs; a site that comes then, and
 * its routes, are known at both.
 */
final class SplitPopStory {
    private static final double RETURNED_MAX_MS = 15_000;
    private static final double ADDED_MAX_MS = 20_000;
    private static final long AFTER_MS = 10_000;

    private final Stage stage;
    private final NodeProcess moved;

    SplitPopStory(Stage stage) {
        this.stage = stage;
        moved = stage.sites().getFirst();
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        List<NodeProcess> others = stage.sitesBut(moved);
        split(result);
        add(result);
        result.exactly("activated", stage.countEvents(LabEvent.ACTIVATED), 2, "events");
        result.exactly("stopped", stage.countEvents(LabEvent.STOPPED), 2, "events");
        result.exactly("cloudLostElsewhere", stage.countRecoveries(others), 0, "times");
    }

    private void split(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("between the PoP and " + moved.name() + " nothing passes");
        Map<Direction, Long> mark = stage.mark();
        long cutNs = System.nanoTime();
        stage.cutter().cut(stage.place(moved), stage.network().pops().getFirst());
        long maxMs = stage.times().recoveryTimeout();
        stage.await("off the cloud", this::isOffCloud, maxMs);
        Map<Direction, Long> recovered = stage.mark();
        stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        long returnedMs = (System.nanoTime() - cutNs) / 1_000_000;
        result.atMost("returnedMs", returnedMs, RETURNED_MAX_MS, "ms");
        stage.await("at rest, apart", this::isApart, Stage.EVENT_MS);
        result.exactly("returnLostPackets", stage.lostSince(recovered), 0, "packets");
        stage.phase(moved.name() + " is at the other PoP");
    }

    private void add(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        Map<Direction, Long> mark = stage.mark();
        stage.startLast();
        long startNs = System.nanoTime();
        stage.await("in the cloud", this::isApart, stage.times().readyTimeout());
        stage.awaitFlow(direction -> true, stage.times().readyTimeout());
        long addedMs = (System.nanoTime() - startNs) / 1_000_000;
        result.atMost("newRoutesFlowMs", addedMs, ADDED_MAX_MS, "ms");
        stage.stays("in the cloud, apart", this::isApart, AFTER_MS);
        NodeProcess last = stage.last();
        long lost =
                stage.lossSince(mark).of(direction -> !direction.touches(stage.place(last))).lost();
        result.exactly("lostBetweenOthers", lost, 0, "packets");
    }

    private boolean isOffCloud(NodeProcess site, SiteStatus status) {
        return site == moved ? status.isInRecovery() : status.isInCloudBut(List.of(moved.name()));
    }

    private boolean isApart(NodeProcess site, SiteStatus status) {
        NodeProcess at = site == moved ? stage.otherPop() : stage.pop();
        return status.isAtRestAt(at.name());
    }
}
