package io.spillway.node.lab;

import java.io.IOException;
import java.util.Map;

/**
 * A node of a PoP is killed. Every site recovers at once, as if there were no other node, then
 * attaches to that and comes back; and stays there when the first one lives again.
 */
final class PopNodeStory {
    /** A second alone, up to half a second of chance, the handshake, the channel and its state. */
    private static final double RETURNED_MAX_MS = 10_000;

    private static final long AFTER_MS = 10_000;

    private final Stage stage;

    PopNodeStory(Stage stage) {
        this.stage = stage;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        lose(result);
        stay(result);
        int sites = stage.sites().size();
        result.exactly("activated", stage.countEvents(LabEvent.ACTIVATED), sites, "events");
        result.exactly("stopped", stage.countEvents(LabEvent.STOPPED), sites, "events");
        result.exactly("cloudLost", stage.countRecoveries(stage.sites()), sites, "times");
    }

    private void lose(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("node " + stage.pop().name() + " is killed");
        Map<Direction, Long> mark = stage.mark();
        long killedNs = System.nanoTime();
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        Map<Direction, Long> recovered = stage.mark();
        stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        long returnedMs = (System.nanoTime() - killedNs) / 1_000_000;
        result.atMost("returnedMs", returnedMs, RETURNED_MAX_MS, "ms");
        stage.await("at rest at the other node", this::isAtOther, Stage.EVENT_MS);
        result.exactly("returnLostPackets", stage.lostSince(recovered), 0, "packets");
    }

    private void stay(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("node " + stage.pop().name() + " starts again");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().start();
        stage.stays("at the other node", this::isAtOther, AFTER_MS);
        result.exactly("afterwardsLostPackets", stage.lostSince(mark), 0, "packets");
    }

    private boolean isAtOther(SiteStatus status) {
        return status.isAtRestAt(stage.otherPop().name());
    }
}
