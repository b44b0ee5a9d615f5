package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A site comes to others that run with traffic: they do not feel it, and recover with it. */
final class AddedSiteStory {
    /** Since it answers its commands. */
    private static final double READY_MAX_MS = 5_000;

    private static final long FLOW_MS = 10_000;
    private static final long SETTLE_MS = 2_000;
    private static final long AFTER_RETURN_MS = 2_000;
    private static final String ESTABLISHED = ": established";

    private final Stage stage;
    private final NodeProcess added;
    private final List<NodeProcess> earlier;

    /** The last site is the one. */
    AddedSiteStory(Stage stage) {
        this.stage = stage;
        added = stage.last();
        earlier = stage.sites();
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        add(result);
        stage.awaitCalm();
        recover(result);
        comeBack(result);
    }

    private void add(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("a further site starts: " + added.name());
        Map<Direction, Long> mark = stage.mark();
        long established = countEarlierTunnels();
        long startMs = stage.startLast();
        result.atMost("startMs", startMs, stage.times().readyTimeout(), "ms");
        long startNs = System.nanoTime();
        stage.awaitReady();
        long readyMs = (System.nanoTime() - startNs) / 1_000_000;
        stage.phase("ready after %d and %d ms: ".formatted(startMs, readyMs) + stage.readiness());
        result.atMost("readyMs", readyMs, READY_MAX_MS, "ms");
        stage.awaitFlow(FLOW_MS);
        stage.stays("in the cloud", SiteStatus::isInCloud, SETTLE_MS);
        long lost = stage.lossSince(mark).of(this::isEarlier).lost();
        result.exactly("lostBetweenEarlier", lost, 0, "packets");
        long again = countEarlierTunnels() - established;
        result.exactly("establishedAgain", again, 0, "tunnels");
        long activated = stage.countEvents(LabEvent.ACTIVATED);
        result.exactly("activatedMeanwhile", activated, 0, "events");
    }

    /** How often a tunnel between two of the earlier ones, or to the PoP, was established. */
    private long countEarlierTunnels() throws IOException {
        long count = 0;
        for (NodeProcess site : earlier) {
            count += site.countLines(ESTABLISHED);
            count -= site.countLines("tunnel to " + added.name());
        }
        return count;
    }

    private void recover(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().kill();
        long maxMs = stage.times().recoveryTimeout();
        stage.await("in recovery", SiteStatus::isInRecovery, maxMs);
        stage.stays("in recovery", SiteStatus::isInRecovery, SETTLE_MS);
        stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
    }

    private void comeBack(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("the PoP comes back");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().start();
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        stage.await("at rest", SiteStatus::isAtRest, Stage.EVENT_MS);
        stage.stays("in the cloud", SiteStatus::isInCloud, AFTER_RETURN_MS);
        result.exactly("returnLostPackets", stage.lostSince(mark), 0, "packets");
        long sites = stage.sites().size();
        result.exactly("activated", stage.countEvents(LabEvent.ACTIVATED), sites, "events");
        result.exactly("stopped", stage.countEvents(LabEvent.STOPPED), sites, "events");
    }

    private boolean isEarlier(Direction direction) {
        return !direction.touches(stage.place(added));
    }
}
