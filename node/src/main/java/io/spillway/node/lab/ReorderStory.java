package io.spillway.node.lab;

import java.io.IOException;
import java.util.Map;

/**
 * A confusing Internet: it doubles packets (X12) and lets some overtake others. Hosts see each
 * packet once, nothing is lost, and the PoP's death is noticed as ever.
 */
final class ReorderStory {
    private static final Impairment PLAIN = Impairment.delayed(5);

    /** Between sites both happen, at the PoP one in each direction. */
    private static final Impairments CONFUSED =
            Impairments.everywhere(PLAIN.duplicating(0.1).reordering(0.1, 4))
                    .from(LabSite.POP_ADDRESS, PLAIN.duplicating(0.2))
                    .to(LabSite.POP_ADDRESS, PLAIN.reordering(0.2, 4));

    private static final long WATCH_MS = 20_000;
    private static final double REORDERED_LEAST = 100;

    private final Stage stage;

    ReorderStory(Stage stage) {
        this.stage = stage;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("one packet in five twice or overtaken");
        stage.impair(CONFUSED);
        stage.open();
        stage.awaitCalm();
        watch(result);
        cut(result);
        stage.comeBack(result);
        result.exactly("arrivedTwice", stage.traffic().duplicates(), 0, "packets");
        result.exactly("tcpBroken", stage.traffic().tcp().survived() ? 0 : 1, 0, "sessions");
    }

    private void watch(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        Map<Direction, Long> mark = stage.mark();
        long reordered = stage.traffic().reordered();
        stage.stays("in the cloud", SiteStatus::isInCloud, WATCH_MS);
        result.exactly("lostPackets", stage.lostSince(mark), 0, "packets");
        long overtaken = stage.traffic().reordered() - reordered;
        result.atLeast("reordered", overtaken, REORDERED_LEAST, "packets");
        long recoveries = stage.countRecoveries(stage.sites());
        result.exactly("recoveries", recoveries, 0, "times");
    }

    private void cut(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        stage.stays("in recovery", SiteStatus::isInRecovery, stage.times().settle());
        double outageMs = stage.lossSince(mark).outageMs();
        result.atMost("outageMs", outageMs, Stage.OUTAGE_MAX_MS, "ms");
        Map<Direction, Long> recovery = stage.mark();
        Thread.sleep(stage.times().settle());
        result.exactly("recoveryLostPackets", stage.lostSince(recovery), 0, "packets");
    }
}
