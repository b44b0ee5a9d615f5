package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;

/**
 * Appliances die while every PoP is dead, and start from what they saved (R048): they forward again
 * before anybody else could help them, and return to the cloud with the others.
 */
final class RestartStory {
    /** Of one appliance on this machine; those that start at once share its cores. */
    private static final double FORWARDING_MAX_MS = 5_000;

    private static final long FORWARDING_WAIT_MS = 60_000;

    /** Until what was learnt last is on the disk. */
    private static final long SAVED_MS = 2_000;

    /** Longer than its peers need to find out. */
    private static final long AWAY_MS = 3_000;

    private final Stage stage;
    private final List<NodeProcess> restarted;

    /**
     * @param count of the sites that restart, from the second one on, which calls one of its peers
     *     and is called by the other
     */
    RestartStory(Stage stage, int count) {
        this.stage = stage;
        List<NodeProcess> sites = stage.sites();
        restarted = count == 1 ? List.of(sites.get(1)) : sites.subList(0, count);
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        Thread.sleep(SAVED_MS);
        stage.phase("PoP process killed");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        Thread.sleep(Stage.EVENT_MS);
        restart(result);
        comeBack(result);
    }

    private void restart(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("killed: " + names());
        for (NodeProcess site : restarted) {
            site.kill();
        }
        Thread.sleep(AWAY_MS);
        stage.phase("started again: " + names());
        long startNs = System.nanoTime();
        for (NodeProcess site : restarted) {
            site.start();
        }
        long forwardingMs = stage.awaitFlow(FORWARDING_WAIT_MS);
        stage.phase("forwarding after " + forwardingMs + " ms");
        double limitMs = FORWARDING_MAX_MS * restarted.size();
        result.atMost("forwardingMs", forwardingMs, limitMs, "ms");
        stage.awaitReady();
        long readyMs = (System.nanoTime() - startNs) / 1_000_000;
        result.atMost("readyMs", readyMs, stage.times().readyTimeout(), "ms");
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
    }

    private void comeBack(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.comeBack(result);
        long sites = stage.sites().size();
        result.exactly("activated", stage.countEvents(LabEvent.ACTIVATED), sites, "events");
        result.exactly("stopped", stage.countEvents(LabEvent.STOPPED), sites, "events");
    }

    private String names() {
        return String.join(", ", restarted.stream().map(NodeProcess::name).toList());
    }
}
