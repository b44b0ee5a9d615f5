package io.spillway.node.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Every site renews its certificate with a new key while packets flow. What was sealed with the old
 * key still opens: an appliance starts again without a PoP, and all return to it.
 */
final class RenewalStory {
    private static final Duration LIFETIME = Duration.ofSeconds(60);

    /** Twice what a restart alone may take, whose time is measured by its own scenario. */
    private static final double FORWARDING_MAX_MS = 10_000;

    private static final long FORWARDING_WAIT_MS = 60_000;
    private static final long AWAY_MS = 3_000;

    /** Until the state is sealed with the new key. */
    private static final long SAVED_MS = 3_000;

    private final Stage stage;
    private final ShortLives lives;
    private final NodeProcess restarted;

    RenewalStory(Stage stage) {
        this.stage = stage;
        lives = new ShortLives(stage, LIFETIME);
        restarted = stage.sites().get(1);
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        lives.issue();
        stage.open();
        stage.awaitCalm();
        Map<Direction, Long> mark = stage.mark();
        lives.await("renewed", ShortLives::isRenewed, LIFETIME);
        Thread.sleep(SAVED_MS);
        stage.phase("renewed: " + ShortLives.status(restarted).path("certificate"));
        result.exactly("renewalLostPackets", stage.lostSince(mark), 0, "packets");
        restart(result);
        comeBack(result);
    }

    private void restart(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        restarted.kill();
        Thread.sleep(AWAY_MS);
        stage.phase("started again: " + restarted.name());
        restarted.start();
        long forwardingMs = stage.awaitFlow(FORWARDING_WAIT_MS);
        stage.phase("forwarding after " + forwardingMs + " ms");
        result.atMost("forwardingMs", forwardingMs, FORWARDING_MAX_MS, "ms");
        stage.awaitReady();
    }

    private void comeBack(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("the PoP comes back");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().start();
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        stage.await("at rest", SiteStatus::isAtRest, Stage.EVENT_MS);
        result.exactly("returnLostPackets", stage.lostSince(mark), 0, "packets");
    }
}
