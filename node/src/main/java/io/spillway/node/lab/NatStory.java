package io.spillway.node.lab;

import java.io.IOException;
import java.util.Map;

/**
 * Sites behind NAT find each other with nothing configured, and their tunnels serve when the PoP is
 * killed (R020-R028).
 */
final class NatStory {
    /** Until every pair is connected, once all sites are attached to the PoP. */
    private static final double PAIRED_MAX_MS = 3_000;

    private static final long HOLD_MS = 2_000;

    private final Stage stage;

    NatStory(Stage stage) {
        this.stage = stage;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.start();
        stage.await("in the cloud", this::isInCloudWithAll, stage.times().readyTimeout());
        long startNs = System.nanoTime();
        stage.awaitReady();
        long pairedMs = (System.nanoTime() - startNs) / 1_000_000;
        stage.phase("every pair connected after " + pairedMs + " ms");
        result.atMost("pairedMs", pairedMs, PAIRED_MAX_MS, "ms");
        stage.startTraffic();
        stage.awaitCalm();
        cut(result);
        stage.comeBack(result);
    }

    private boolean isInCloudWithAll(SiteStatus status) {
        return status.isInCloud() && status.peers().size() == stage.sites().size() - 1;
    }

    private void cut(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        Thread.sleep(HOLD_MS);
        double outageMs = stage.lossSince(mark).outageMs();
        result.atMost("outageMs", outageMs, Stage.OUTAGE_MAX_MS, "ms");
    }
}
