package io.spillway.node.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The certificates of all sites end while every PoP is dead. Traffic goes on, an appliance that
 * starts again finds its peers within the grace, status shows it; and the PoP that comes back
 * renews before it lets anybody in.
 */
final class ExpiryStory {
    /** Long enough to start the lab in, before two thirds of it, on a slow machine too. */
    private static final Duration LIFETIME = Duration.ofSeconds(110);

    /** Twice what a restart alone may take, whose time is measured by its own scenario. */
    private static final double FORWARDING_MAX_MS = 10_000;

    private static final long FORWARDING_WAIT_MS = 60_000;
    private static final long AWAY_MS = 3_000;
    private static final long FLOWING_MS = 3_000;

    private final Stage stage;
    private final ShortLives lives;
    private final NodeProcess restarted;

    ExpiryStory(Stage stage) {
        this.stage = stage;
        lives = new ShortLives(stage, LIFETIME);
        restarted = stage.sites().get(1);
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        lives.issue();
        stage.open();
        stage.awaitCalm();
        stage.phase("PoP process killed");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        expire(result);
        restart(result);
        comeBack(result);
    }

    private void expire(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        int sites = stage.sites().size();
        result.exactly("renewedTooEarly", lives.count(ShortLives::isRenewed), 0, "sites");
        stage.phase("waiting for the certificates to end");
        Map<Direction, Long> mark = stage.mark();
        lives.await("EXPIRED", it -> ShortLives.isIn(it, "EXPIRED"), LIFETIME);
        Thread.sleep(FLOWING_MS);
        stage.phase("every certificate has ended");
        result.exactly("lostAtTheEnd", stage.lostSince(mark), 0, "packets");
        long showing = lives.count(it -> it.path("peersInGrace").size() == sites - 1);
        result.exactly("sitesThatShowTheirPeers", showing, sites, "sites");
    }

    private void restart(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("killed: " + restarted.name());
        restarted.kill();
        Thread.sleep(AWAY_MS);
        stage.phase("started again: " + restarted.name());
        restarted.start();
        long forwardingMs = stage.awaitFlow(FORWARDING_WAIT_MS);
        stage.phase("forwarding after " + forwardingMs + " ms");
        result.atMost("forwardingMs", forwardingMs, FORWARDING_MAX_MS, "ms");
        stage.awaitReady();
        stage.phase("its peers: " + ShortLives.status(restarted).path("peersInGrace"));
    }

    private void comeBack(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("the PoP comes back");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().start();
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        stage.await("at rest", SiteStatus::isAtRest, Stage.EVENT_MS);
        result.exactly("returnLostPackets", stage.lostSince(mark), 0, "packets");
        List<NodeProcess> sites = stage.sites();
        result.exactly("renewed", lives.count(ShortLives::isRenewed), sites.size(), "sites");
    }
}
