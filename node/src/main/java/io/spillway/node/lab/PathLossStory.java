package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The way between the PoP and some sites is lost, silently, in both directions; the PoP lives.
 * Those sites recover, the others go with them as far as they talk to them, and no further (D38).
 */
final class PathLossStory {
    /** In recovery, before it is looked at: an outage in several pieces is to be seen whole. */
    private static final long SETTLE_MS = 2_000;

    /** Longer than a channel takes to notice that nothing passes. */
    private static final long HOLD_MS = 20_000;

    private static final long CHANNEL_MAX_MS = 30_000;
    private static final long AFTER_RETURN_MS = 2_000;

    private final Stage stage;
    private final PopTraffic lost;
    private final List<NodeProcess> cut;
    private final List<NodeProcess> others;

    private PathLossStory(Stage stage, PopTraffic lost, List<NodeProcess> cut) {
        this.stage = stage;
        this.lost = lost;
        this.cut = cut;
        others = stage.sites().stream().filter(site -> !cut.contains(site)).toList();
    }

    /** The second site's alone: it calls one of its peers and is called by the other. */
    static PathLossStory ofOne(Stage stage, PopTraffic lost) {
        return new PathLossStory(stage, lost, List.of(stage.sites().get(1)));
    }

    static PathLossStory ofAll(Stage stage, PopTraffic lost) {
        return new PathLossStory(stage, lost, stage.sites());
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        loseIt(result);
        goOn(result);
        comeBack(result);
        count(result, LabEvent.ACTIVATED, "activated");
        count(result, LabEvent.STOPPED, "stopped");
        if (!others.isEmpty()) {
            result.exactly("cloudLostElsewhere", stage.countRecoveries(others), 0, "times");
        }
    }

    private void loseIt(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("between the PoP and " + String.join(", ", names()) + ": " + lost.lacking());
        Map<Direction, Long> mark = stage.mark();
        stage.cutter().cut(cut.stream().map(stage::place).toList(), lost);
        stage.await("moved", this::isMoved, stage.times().recoveryTimeout());
        stage.stays("moved", this::isMoved, SETTLE_MS);
        Losses losses = stage.lossSince(mark);
        losses.of(this::isTouched).measureOutages(result, Stage.OUTAGE_MAX_MS);
        if (!others.isEmpty()) {
            long lostPackets = losses.of(direction -> !isTouched(direction)).lost();
            result.exactly("lostBetweenOthers", lostPackets, 0, "packets");
        }
    }

    private void goOn(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        Map<Direction, Long> mark = stage.mark();
        if (lost == PopTraffic.DATA) {
            stage.stays("with an open channel", SiteStatus::isChannelOpen, HOLD_MS);
            stage.phase("in recovery, the channels open, for " + HOLD_MS / 1000 + " s");
        } else {
            stage.await("without a channel", this::isChannelAsCut, CHANNEL_MAX_MS);
            stage.phase("in recovery, the channel given up");
        }
        stage.stays("moved", this::isMoved, SETTLE_MS);
        result.exactly("recoveryLostPackets", stage.lostSince(mark), 0, "packets");
    }

    private void comeBack(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("everything passes again");
        Map<Direction, Long> mark = stage.mark();
        stage.cutter().heal();
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        stage.await("at rest", SiteStatus::isAtRest, Stage.EVENT_MS);
        stage.stays("in the cloud", SiteStatus::isInCloud, AFTER_RETURN_MS);
        result.exactly("returnLostPackets", stage.lostSince(mark), 0, "packets");
    }

    /** Once at each site: those that stayed in the cloud sent to the others off it. */
    private void count(ScenarioResult.Builder result, String words, String name)
            throws IOException {
        result.exactly(name, stage.countEvents(cut, words), cut.size(), "events");
        if (!others.isEmpty()) {
            long elsewhere = stage.countEvents(others, words);
            result.exactly(name + "Elsewhere", elsewhere, others.size(), "events");
        }
    }

    /** A site that was cut off recovers; another one keeps its cloud, but for those. */
    private boolean isMoved(NodeProcess site, SiteStatus status) {
        return cut.contains(site) ? status.isInRecovery() : status.isInCloudBut(names());
    }

    private boolean isChannelAsCut(NodeProcess site, SiteStatus status) {
        return status.isChannelOpen() != cut.contains(site);
    }

    private boolean isTouched(Direction direction) {
        return cut.stream().anyMatch(site -> direction.touches(stage.place(site)));
    }

    private List<String> names() {
        return cut.stream().map(NodeProcess::name).toList();
    }
}
